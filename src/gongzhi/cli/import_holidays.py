"""`gongzhi import holidays [FILE.yaml]`: holiday years; without a file those that ship with the platform."""

import argparse
from pathlib import Path

from gongzhi.cli.database import django
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?", help="YAML；不填则载入随平台提供的年份 · default: the shipped years"
    )


def run(options: argparse.Namespace) -> int:
    if options.file is not None and not options.file.is_file():
        raise Trouble("file.missing", f"找不到文件 {options.file}。", f"No such file: {options.file}.")
    with django("app"):
        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel.refusals import Refusal
        from gongzhi.timetable import actions, reading

        try:
            years = reading.read_years((options.file or reading.SHIPPED).read_text(encoding="utf-8"))
            for table in years:
                row = actions.load_year(table=table, by=SYSTEM, at=clock.now())
                print(f"{row.year} 年，第 {row.edition} 版 · {row.year}, edition {row.edition}")
        except Refusal as refusal:
            text = refusal.text % refusal.params if refusal.params else refusal.text
            raise Trouble(refusal.code, text, f"{options.file} was refused: {refusal.code}.") from refusal
    return 0
