"""Tables as people keep them: CSV in UTF-8 or GBK, XLSX. Rows with the number a person sees, rejects back as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import load_workbook

from gongzhi.installation.trouble import Trouble

_CELL_LETTERS_MAX = 1_000_000
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS; XLS


@dataclass(frozen=True, slots=True)
class SheetRow:
    """number: line in the file (the heading is 1); cells by heading, trimmed, "" when empty."""

    number: int
    cells: Mapping[str, str]


def read(path: Path) -> Iterator[SheetRow]:
    """Raises Trouble for a file that cannot be read as a table."""
    if not path.is_file():
        raise Trouble("file.missing", f"找不到文件 {path}。", f"No such file: {path}.")
    if path.suffix.lower() == ".xlsx":
        yield from _xlsx(path)
    else:
        yield from _csv(path)


def decoded(path: Path) -> str:
    """UTF-8 (with or without mark) or GB 18030. Raises Trouble."""
    content = path.read_bytes()
    if content.startswith(_BOOKS):
        raise Trouble(
            "file.book",
            f"{path} 是电子表格，不是文本。请另存为 XLSX（并保留 .xlsx 后缀）或 CSV。",
            f"{path} is a spreadsheet, not text. Save it as XLSX (with that ending) or CSV.",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Trouble(
        "file.encoding",
        f"{path} 既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8 后重试。",
        f"{path} is neither UTF-8 nor GBK. Save it as UTF-8 and try again.",
    )


def _csv(path: Path) -> Iterator[SheetRow]:
    text = decoded(path)
    head = text.partition("\n")[0]
    csv.field_size_limit(_CELL_LETTERS_MAX)
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if head.count("\t") > head.count(",") else ","
    )
    try:
        yield from _rows(path, ((lines.line_num, cells) for cells in lines))
    except csv.Error as error:
        raise Trouble(
            "file.csv",
            f"{path} 第 {lines.line_num} 行无法按 CSV 读取（多半缺了一个引号）。",
            f"Line {lines.line_num} of {path} cannot be read as CSV ({error}): most often a quote is missing.",
        ) from error


def _xlsx(path: Path) -> Iterator[SheetRow]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds, KeyError among them
        raise Trouble(
            "file.xlsx", f"{path} 不是可读的 XLSX 文件。", f"{path} is not a readable XLSX file."
        ) from error
    sheet = book.worksheets[0].iter_rows(values_only=True)
    yield from _rows(path, ((n, [_cell(value) for value in cells]) for n, cells in enumerate(sheet, start=1)))


def _rows(path: Path, lines: Iterable[tuple[int, list[str]]]) -> Iterator[SheetRow]:
    headings: list[str] | None = None
    for number, cells in lines:
        if headings is None:
            headings = [cell.strip().lower() for cell in cells]
            if not any(headings):
                raise Trouble(
                    "file.headings",
                    f"{path} 第一行应为列名。",
                    f"The first row of {path} must name the columns.",
                )
        elif any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(headings) - len(cells))]
            yield SheetRow(number, {h: c.strip() for h, c in zip(headings, padded, strict=False) if h})


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def write_rejects(path: Path, rejects: Iterable[tuple[int, str, str]]) -> int:
    """(row, column, reason) as CSV that Excel opens in Chinese; returns how many. No file when there are none."""
    rows = list(rejects)
    if rows:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("row", "column", "reason"))
            writer.writerows((row, column, _harmless(reason)) for row, column, reason in rows)
    return len(rows)


def _harmless(text: str) -> str:
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text
