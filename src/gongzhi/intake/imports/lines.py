"""A file → numbered rows of column → text, whatever its format. One row wrong does not hold up the others."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gongzhi.intake.imports import decoding
from gongzhi.intake.imports.problems import Reject
from gongzhi.kernel.refusals import Invalid

FORMATS = ("csv", "xlsx", "jsonl")
FIRST_ROW = 2  # the header is row 1
_CELL_CHARACTERS_MAX = 16 << 20
_DELIMITERS = ",\t;|"
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


@dataclass(frozen=True, slots=True)
class Line:
    """row: as a spreadsheet counts. values: every column, trimmed."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file and how to read it; "" = find out. Build with `source_of`."""

    path: Path
    format: str
    encoding: str
    delimiter: str
    sheet: str = ""


def source_of(
    path: Path, *, format: str = "", encoding: str = "", delimiter: str = "", sheet: str = ""
) -> Source:
    """What is not declared is found out. Raises Invalid for a format or encoding we cannot read."""
    plain = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    kind = format or _SUFFIXES.get(plain.suffix.lower(), "")
    if kind not in FORMATS:
        raise Invalid(
            "intake.unknown_format",
            "文件 %(file)s 的格式无法识别，可用：CSV、CSV.GZ、XLSX、JSONL。",
            file=path.name,
        )
    if kind == "xlsx":
        return Source(path, kind, "", "", sheet)
    found = encoding or decoding.encoding_of(path)
    return Source(path, kind, found, delimiter or (_delimiter(path, found) if kind == "csv" else ""))


def lines(source: Source) -> Iterator[Line | Reject]:
    """Every row in order. Raises Invalid when there is no header, or the file breaks off."""
    yield from {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}[source.format](source)


def columns(source: Source) -> list[str]:
    """The header; for JSONL the keys of the first object."""
    if source.format == "jsonl":
        first = next((line for line in _jsonl(source) if isinstance(line, Line)), None)
        return list(first.values) if first else []
    rows = _xlsx_rows(source) if source.format == "xlsx" else _csv_rows(source)
    return _header(next(iter(rows), []), source)


def _delimiter(path: Path, encoding: str) -> str:
    with decoding.text(path, encoding) as stream:
        header = stream.readline()
    return max(_DELIMITERS, key=header.count)


def _csv_rows(source: Source) -> Iterator[list[str]]:
    csv.field_size_limit(_CELL_CHARACTERS_MAX)
    with decoding.text(source.path, source.encoding) as stream:
        try:
            yield from csv.reader(stream, delimiter=source.delimiter)
        except csv.Error as error:
            raise Invalid(
                "intake.broken_csv", "CSV 文件在某一行之后无法继续读取：%(reason)s。", reason=str(error)
            ) from error


def _csv(source: Source) -> Iterator[Line | Reject]:
    yield from _table(_csv_rows(source), source)


def _table(rows: Iterator[list[str]], source: Source) -> Iterator[Line | Reject]:
    header = _header(next(rows, []), source)
    width = len(header)
    for row, cells in enumerate(rows, start=FIRST_ROW):
        if not any(cells):
            continue
        if len(cells) != width:
            refusal = Invalid(
                "intake.wrong_width",
                "该行有 %(found)s 列，表头有 %(wanted)s 列。",
                found=len(cells),
                wanted=width,
            )
            yield Reject(row, "", refusal, dict(zip(header, cells, strict=False)))
            continue
        yield Line(row, dict(zip(header, map(str.strip, cells), strict=True)))


def _header(cells: Sequence[str], source: Source) -> list[str]:
    header = [cell.strip().lstrip("\ufeff") for cell in cells]
    if not any(header):
        raise Invalid("intake.no_header", "文件 %(file)s 没有表头，首行应是列名。", file=source.path.name)
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        raise Invalid(
            "intake.column_twice", "表头中列名重复：%(columns)s。", columns="、".join(sorted(twice))
        )
    return header


def _xlsx_rows(source: Source) -> Iterator[list[str]]:
    try:
        book = load_workbook(source.path, read_only=True, data_only=True)
        sheet = book[source.sheet] if source.sheet else book.worksheets[0]
    except (OSError, KeyError, IndexError, ValueError, BadZipFile, InvalidFileException) as error:
        raise Invalid("intake.broken_xlsx", "无法打开 XLSX 文件或其中的工作表。") from error
    width = 0
    for cells in sheet.iter_rows(values_only=True):
        found = [_cell(cell) for cell in cells]
        width = width or len(found)
        while len(found) > width and not found[-1]:
            found.pop()
        yield found + [""] * (width - len(found))
    book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _xlsx(source: Source) -> Iterator[Line | Reject]:
    yield from _table(_xlsx_rows(source), source)


def _jsonl(source: Source) -> Iterator[Line | Reject]:
    with decoding.text(source.path, source.encoding) as stream:
        for row, text in enumerate(stream, start=1):
            if not text.strip():
                continue
            try:
                found = json.loads(text)
            except ValueError:
                found = None
            if not isinstance(found, dict):
                yield Reject(row, "", Invalid("intake.not_json", "该行不是 JSON 对象。"))
                continue
            yield Line(row, dict(_flat(found)))


def _flat(found: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Nested objects as "a.b"; lists as JSON text."""
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, (list, bool)):
            yield above + key, json.dumps(value, ensure_ascii=False)
        else:
            yield above + key, "" if value is None else str(value).strip()
