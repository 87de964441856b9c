"""`gongzhi import mandates FILE`: put a responsibility list in force; bad rows go to a reject file, the rest in."""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gongzhi.cli.database import django
from gongzhi.cli.saying import said, trouble
from gongzhi.cli.sheet import decoded
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import Invalid

if TYPE_CHECKING:
    from gongzhi.mandates.importing import Reject


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV 或 YAML · CSV or YAML")
    parser.add_argument(
        "--add", action="store_true", help="只增改，不终止文件中没有的 · do not end what is not named"
    )
    parser.add_argument(
        "--rejects", type=Path, help="拒收行写到这里 · where rejected rows go (default FILE.rejects.csv)"
    )


def run(options: argparse.Namespace) -> int:
    """0 when every row went in, 1 when some were rejected (the others are in force)."""
    if not options.file.is_file():
        raise Trouble("file.missing", f"找不到文件 {options.file}。", f"No such file: {options.file}.")
    text = decoded(options.file)
    with django():
        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel import clock
        from gongzhi.mandates import actions, importing, queries

        try:
            raw = importing.parse(text, name=options.file.name)
        except Invalid as refusal:
            raise trouble(refusal) from None
        rows, rejects = importing.read(raw, queries.known())
        # A list with rejected rows is not the whole list: ending what it lacks would end what was only misspelt.
        whole = not options.add and not rejects
        done = actions.load(rows=rows, by=SYSTEM, at=clock.now(), replace=whole)
        print(
            f"新增 {done.added}，终止 {done.ended}，未变 {done.unchanged}，拒收 {len(rejects)}。\n"
            f"{done.added} added, {done.ended} ended, {done.unchanged} unchanged, {len(rejects)} rejected."
        )
        return _reject(rejects, options.rejects or options.file.with_suffix(".rejects.csv"))


def _reject(rejects: Sequence["Reject"], path: Path) -> int:
    if not rejects:
        return 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "原因", "reason"])
        writer.writerows([reject.row, reject.problem.field, *said(reject.problem)] for reject in rejects)
    print(f"拒收的行及原因：{path}\nRejected rows with reasons: {path}", file=sys.stderr)
    return 1
