"""What an import could not take in: a file of row, column and reason, in the reader's language."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongzhi.cli import sheet
from gongzhi.kernel.refusals import Refusal

_CODES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Reject:
    """row: as a person counts in the file; column: "" for the row as a whole; text: message id and its params."""

    row: int
    column: str
    text: str
    params: Mapping[str, object]


def configure(parser: argparse.ArgumentParser) -> None:
    """The options every import has."""
    parser.add_argument(
        "--rejects", type=Path, help="拒收清单 · where rejected rows go (default: FILE.rejects.csv)"
    )
    parser.add_argument(
        "--language", choices=tuple(_CODES), default="zh", help="拒收原因的语言 · language of the reasons"
    )


def of(row: int, refusal: Refusal) -> Reject:
    return Reject(row, refusal.field, refusal.text, refusal.params)


def target(options: argparse.Namespace) -> Path:
    """Where the rejects of this import go."""
    file: Path = options.file
    return options.rejects or file.with_name(f"{file.stem}.rejects.csv")


@contextmanager
def spoken(options: argparse.Namespace) -> Iterator[None]:
    """Inside the block reasons are said in the reader's language."""
    from django.utils import translation

    with translation.override(_CODES[options.language]):
        yield


def write(rejects: Iterable[Reject], options: argparse.Namespace) -> int:
    """Writes the file and says where; returns how many. A file of an earlier run goes when nothing is rejected now."""
    from django.utils.translation import gettext

    where = target(options)
    where.unlink(missing_ok=True)
    with spoken(options):
        rows = [
            (one.row, one.column, gettext(one.text) % one.params if one.params else gettext(one.text))
            for one in sorted(rejects, key=lambda one: one.row)
        ]
    count = sheet.write_rejects(where, rows)
    if count:
        print(f"拒收 {count} 行，原因见 {where}\n{count} rows rejected, reasons in {where}", file=sys.stderr)
    return count
