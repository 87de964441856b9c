"""Files in the superior's template: a sheet per kind of message, or a CSV per kind. The same messages make the same
file, so that a crash between writing and remembering writes it once more instead of twice.
"""

import csv
import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from gongzhi.kernel import letters
from gongzhi.superiors.adapters.folder.places import OUT, place
from gongzhi.superiors.adapters.shapes import Line, Parcel, Receipt
from gongzhi.superiors.mapping import SuperiorMapping

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Sheets = Mapping[str, tuple[list[str], list[list[str]]]]


def lay(line: Line, parcels: Sequence[Parcel], at: datetime) -> list[Receipt]:
    """Every parcel into the file it is meant for. The receipt is the file's name and its SHA-256."""
    files: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        files.setdefault(parcel.file, []).append(parcel)
    receipts: list[Receipt] = []
    for name, own in files.items():
        try:
            digest = _write(place(line.code, OUT) / name, line.mapping, own)
        except OSError as error:
            receipts += [Receipt(one.id, error=f"{name}: {error.strerror or 'file'}") for one in own]
        else:
            receipts += [Receipt(one.id, text=f"{name} sha256:{digest}") for one in own]
    return receipts


def _write(path: Path, mapping: SuperiorMapping, parcels: Sequence[Parcel]) -> str:
    partial = path.with_name(f".{path.name}.part")
    sheets = _sheets(mapping, parcels)
    if path.suffix == ".csv":
        _csv(partial, sheets, mapping.encoding)
    else:
        _book(partial, sheets)
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    partial.replace(path)
    return digest


def _sheets(mapping: SuperiorMapping, parcels: Sequence[Parcel]) -> Sheets:
    found: dict[str, tuple[list[str], list[list[str]]]] = {}
    for parcel in sorted(parcels, key=lambda one: one.id):
        send = mapping.sends.get(parcel.kind)
        sheet, names = (send.sheet, list(send.columns)) if send else (parcel.kind, list(parcel.body))
        header, rows = found.setdefault(sheet, ([], []))
        header += [name for name in names if name not in header]
        rows.append([harmless(parcel.body.get(name, "")) for name in header])
    return found


def _book(path: Path, sheets: Sheets) -> None:
    book = Workbook(write_only=True)
    for name, (header, rows) in sheets.items():
        sheet = book.create_sheet(name)
        for cells in (header, *rows):
            line = [WriteOnlyCell(sheet, value=cell) for cell in cells]
            for cell in line:
                cell.data_type = "s"  # text, whatever it looks like
            sheet.append(line)
    book.save(path)
    os.chmod(path, 0o600)


def _csv(path: Path, sheets: Sheets, encoding: str) -> None:
    with open(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding=encoding, newline=""
    ) as out:
        writer = csv.writer(out)
        for header, rows in sheets.values():
            writer.writerow(header)
            writer.writerows(rows)


def harmless(text: str) -> str:
    """Nothing a spreadsheet calculates, nothing it cannot show."""
    text = "".join(letter for letter in letters.visible(text) if letter >= " " or letter in "\n\t")
    return f"'{text}" if text.startswith(_FORMULA) else text
