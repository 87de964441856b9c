"""Tables that leave the house as CSV or XLSX: streamed, and nothing in them can become a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO

import xlsxwriter

from gongzhi.kernel.clock import in_china

Cell = str | int | float | datetime | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LETTERS_MAX = 32_000
_BOM = "\ufeff"
XLSX_ROWS_MAX = 1_000_000


def harmless(value: Cell) -> str:
    """Text as a spreadsheet may show it: a leading apostrophe keeps it text, control characters are gone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return in_china(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, int | float):
        return str(value)
    text = "".join(letter for letter in value if letter >= " " or letter in "\n\t")[:_LETTERS_MAX]
    return f"'{text}" if text.lstrip(" \n").startswith(_DANGEROUS) or text.startswith("\t") else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark (Excel reads Chinese right), line by line as the rows come."""
    yield _BOM.encode() + _line(head)
    for row in rows:
        yield _line([harmless(value) for value in row])


def _line(values: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue().encode()


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """A workbook in a temporary file, written row by row; the caller closes it. Every text is stored as text."""
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, start=1):
        if number > XLSX_ROWS_MAX:
            break
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, harmless(value))
    book.close()
    target.seek(0)
    return target
