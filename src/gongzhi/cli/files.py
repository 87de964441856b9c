"""`gongzhi files fsck`: are the kept bytes those the rows name; what is missing, damaged, unknown."""

import argparse
from collections import Counter

from gongzhi.cli.database import django

_WORDS = {
    "missing": ("缺失：有记录，没有内容", "missing: a row without bytes"),
    "damaged": ("损坏：内容与摘要不符", "damaged: the bytes have another hash"),
    "unknown": (
        "无主：有内容，没有记录（一天后自动清理）",
        "unknown: bytes without a row (swept after a day)",
    ),
}


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    fsck = verbs.add_parser("fsck", help="逐个核对文件内容 · read every kept file and compare")
    fsck.add_argument("--list", type=int, default=50, metavar="N", help="每类列出几个 · how many to list")


def run(options: argparse.Namespace) -> int:
    """1 when bytes are missing or damaged (restore them from a backup), else 0. Changes nothing."""
    with django("app"):
        from gongzhi.files.models import File
        from gongzhi.files.upkeep import fsck

        faults = fsck()
        names = dict(File.objects.filter(sha256__in=[f.sha256 for f in faults]).values_list("sha256", "id"))
        total = File.objects.count()
    count = Counter(fault.kind for fault in faults)
    for kind, (zh, en) in _WORDS.items():
        if not count[kind]:
            continue
        print(f"{zh} {count[kind]} · {en} {count[kind]}")
        listed = [fault for fault in faults if fault.kind == kind][: max(options.list, 0)]
        for fault in listed:
            print(f"  {fault.sha256}" + (f"  file {names[fault.sha256]}" if fault.sha256 in names else ""))
        if len(listed) < count[kind]:
            print(f"  … {count[kind] - len(listed)}")
    wrong = count["missing"] + count["damaged"]
    if wrong:
        print(
            "请从备份恢复上述内容到 files 目录（按摘要命名），再核对一次。\n"
            "Restore these from a backup into the files folder (they are named by their hash), then check again."
        )
    print(f"{'✗' if wrong else '✓'} {total} 个文件，{wrong} 处问题 · {total} files, {wrong} faults")
    return 1 if wrong else 0
