"""`gongzhi import mandates FILE`: put a responsibility list in force; bad rows go to a reject file, the rest in."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongzhi.cli import rejecting, sheet
from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.cli.saying import trouble
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import Invalid


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV、XLSX 或 YAML · CSV, XLSX or YAML")
    parser.add_argument(
        "--add", action="store_true", help="只增改，不终止文件中没有的 · do not end what is not named"
    )
    rejecting.configure(parser)


def run(options: argparse.Namespace) -> int:
    """0 when every row went in, 1 when some were rejected (the others are in force).

    One transaction: interrupted, nothing was put in force and the next run does it all.
    """
    if not options.file.is_file():
        raise Trouble("file.missing", f"找不到文件 {options.file}。", f"No such file: {options.file}.")
    with django():
        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel import clock
        from gongzhi.mandates import actions, importing, queries

        try:
            numbered = raw(options.file)
        except Invalid as refusal:
            raise trouble(refusal) from None
        with Progress("责任清单 · mandates") as progress:
            rows, bad = importing.read(progress.over(numbered), queries.known())
        # A list with rejected rows is not the whole list: ending what it lacks would end what was only misspelt.
        whole = not options.add and not bad
        done = actions.load(rows=rows, by=SYSTEM, at=clock.now(), replace=whole)
        print(
            f"新增 {done.added}，终止 {done.ended}，未变 {done.unchanged}，拒收 {len(bad)}。\n"
            f"{done.added} added, {done.ended} ended, {done.unchanged} unchanged, {len(bad)} rejected."
        )
        return 1 if rejecting.write([rejecting.of(one.row, one.problem) for one in bad], options) else 0


def raw(file: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Numbered rows of a CSV, XLSX or YAML list. Raises Invalid, Trouble."""
    from gongzhi.mandates import importing

    if file.suffix.lower() in (".yaml", ".yml"):
        return importing.parse(sheet.decoded(file), name=file.name)
    return importing.tabular((row.number, row.cells) for row in sheet.read(file))
