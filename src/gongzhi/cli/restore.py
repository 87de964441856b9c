"""`gongzhi restore FILE`: an archive into an empty home, compared table by table."""

import argparse
from pathlib import Path

from gongzhi.installation import restore
from gongzhi.installation.home import home


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件 · the archive")
    parser.add_argument(
        "--keys", type=Path, metavar="FOLDER", help="单独保管的密钥目录 · keys kept apart from the archive"
    )


def run(options: argparse.Namespace) -> int:
    """0 when everything in the archive is in the home and equal to what was backed up."""
    about = restore.read(home(), options.file.absolute(), keys=options.keys, say=print)
    print(
        f"已恢复 {about['at']} 的备份，可执行 gongzhi up 启动。\nRestored the backup of {about['at']}; start with gongzhi up."
    )
    return 0
