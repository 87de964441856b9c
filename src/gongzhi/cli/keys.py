"""`gongzhi keys list`, `gongzhi keys rotate PURPOSE`."""

import argparse
import os
import signal

from gongzhi.installation import keys
from gongzhi.installation.home import home
from gongzhi.installation.instance import running_at


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="列出密钥编号（不显示密钥）· ids and dates, never the secrets")
    rotate = verbs.add_parser("rotate", help="换新密钥，旧的仍可读 · make a new key, old ones stay readable")
    rotate.add_argument("purpose", choices=keys.PURPOSES)


def run(options: argparse.Namespace) -> int:
    if options.verb == "list":
        for purpose in keys.PURPOSES:
            for number, key in enumerate(keys.keyring().all(purpose)):
                state = "使用中 current" if number == 0 else "旧 old"
                print(f"{purpose:<9} {key.id}  {key.made_at:%Y-%m-%d %H:%M}Z  {state}")
        return 0
    new = keys.rotate(options.purpose)
    print(
        f"{options.purpose} 已换新密钥 {new.id}，旧密钥仍用于读取。\nNew {options.purpose} key {new.id}; older ones stay readable."
    )
    instance = running_at(home())
    if instance and isinstance(instance.get("pid"), int):
        os.kill(int(instance["pid"]), signal.SIGHUP)
        print(
            "正在运行的平台将逐个重启进程以使用新密钥。\nThe running platform restarts its processes to use it."
        )
    return 0
