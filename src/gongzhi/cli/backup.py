"""`gongzhi backup FILE`: one archive of this installation, taken while it runs or stands."""

import argparse
from pathlib import Path

import gongzhi
from gongzhi.cli.database import answering
from gongzhi.installation import backup
from gongzhi.installation.home import home
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件 · the archive to write, for example gongzhi.tar")
    keys = parser.add_mutually_exclusive_group(required=True)
    keys.add_argument(
        "--with-keys",
        action="store_true",
        help="包含密钥：请像密钥一样保管 · keys too: guard the file as you guard keys",
    )
    keys.add_argument(
        "--without-keys",
        action="store_true",
        help="不含密钥：另行保管 keys 目录 · no keys: keep the keys folder elsewhere",
    )


def run(options: argparse.Namespace) -> int:
    """0 when the archive is whole and on disk."""
    target: Path = options.file.absolute()
    if target.exists():
        raise Trouble(
            "backup.exists",
            f"{target} 已存在，不会覆盖。请换一个文件名。",
            f"{target} exists and is not overwritten. Choose another name.",
        )
    place = home()
    with answering(place):
        backup.write(
            place, target, with_keys=options.with_keys, at=clock.now(), version=gongzhi.__version__, say=print
        )
    print(f"已写入 {target}（{target.stat().st_size / 1e6:.1f} MB）· written")
    if options.with_keys:
        print(
            "备份内含密钥：拿到它就能读取居民联系方式，请妥善保管。\nKeys are in it: whoever has it can read residents' contacts."
        )
    else:
        print(
            f"备份不含密钥：请另行保存 {place.keys}，否则恢复后无法读取联系方式。\nKeys are NOT in it: keep {place.keys} safe elsewhere."
        )
    return 0
