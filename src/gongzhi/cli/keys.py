"""`gongzhi keys list|rotate PURPOSE|reseal`: new keys, and the data moved to them."""

import argparse
import json
import os
import signal
import time
from pathlib import Path

from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.installation import keys
from gongzhi.installation.home import Home, home
from gongzhi.installation.instance import running_at
from gongzhi.installation.trouble import Trouble

SEALING = ("contact", "index", "webhook")  # keys under which values are stored
_RESTART_SECONDS_MAX = 60.0


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="列出密钥编号（不显示密钥）· ids and dates, never the secrets")
    rotate = verbs.add_parser(
        "rotate", help="换新密钥，并用它重新加密 · make a new key and re-seal what is stored under it"
    )
    rotate.add_argument("purpose", choices=keys.PURPOSES)
    verbs.add_parser(
        "reseal",
        help="把旧密钥加密的数据移到当前密钥 · move what older keys sealed (goes on where it stopped)",
    )


def run(options: argparse.Namespace) -> int:
    """0 done; 130 interrupted while re-sealing: `keys reseal` goes on."""
    if options.verb == "list":
        return _list()
    if options.verb == "reseal":
        return _reseal()
    place = home()
    new = keys.rotate(options.purpose, place)
    print(
        f"{options.purpose} 已换新密钥 {new.id}，旧密钥仍用于读取。\nNew {options.purpose} key {new.id}; older ones stay readable."
    )
    _reload(place)
    return _reseal() if options.purpose in SEALING else 0


def _list() -> int:
    for purpose in keys.PURPOSES:
        for number, key in enumerate(keys.keyring().all(purpose)):
            state = "使用中 current" if number == 0 else "旧 old"
            print(f"{purpose:<9} {key.id}  {key.made_at:%Y-%m-%d %H:%M}Z  {state}")
    return 0


def _reseal() -> int:
    with django("app"):
        from gongzhi.cli import resealing

        with Progress("重新加密 · re-sealing") as progress:
            count = resealing.reseal(progress)
        left = resealing.remaining()
    print(f"已重新加密 {count} 个值，剩余 {left}。\n{count} values re-sealed, {left} left under older keys.")
    return 0


def _reload(place: Home) -> None:
    """The running processes must know the new key before anything is sealed with it: wait until all were restarted."""
    instance = running_at(place)
    if not instance or not isinstance(instance.get("pid"), int):
        return
    before = _children(place)
    os.kill(int(instance["pid"]), signal.SIGHUP)
    print("正在运行的平台将重启进程以使用新密钥。\nThe running platform restarts its processes to use it.")
    end = time.monotonic() + _RESTART_SECONDS_MAX
    while len(after := _children(place)) < len(before) or after & before:
        if time.monotonic() > end:
            raise Trouble(
                "keys.restart",
                "平台进程没有按时重启，尚未重新加密。请查看日志，然后执行 gongzhi keys reseal。",
                "The platform's processes did not restart in time; nothing was re-sealed. See the logs, then run gongzhi keys reseal.",
            )
        time.sleep(0.1)


def _children(place: Home) -> set[tuple[int, float]]:
    try:
        rows = json.loads(Path(place.run / "children.json").read_text())
    except (OSError, ValueError):
        return set()
    return {(row["pid"], row["started"]) for row in rows}
