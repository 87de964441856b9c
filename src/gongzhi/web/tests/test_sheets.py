"""Exports cannot carry formulas."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from gongzhi.web.sheets import csv_lines, harmless, xlsx_file

FORMULAS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    '  =HYPERLINK("http://x")',
    "＝1+1",
    "\r=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_become_text(text: str) -> None:
    assert harmless(text).startswith("'")


def test_ordinary_words_numbers_and_times_stay_as_they_are() -> None:
    assert harmless("路灯不亮") == "路灯不亮"
    assert harmless(-3) == "-3"
    assert harmless(None) == ""
    assert harmless(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) == "2026-03-02 09:00"


def test_csv_is_read_right_by_spreadsheets() -> None:
    out = b"".join(csv_lines(["标题"], [["=1+1"], ['有"引号",和\n换行']]))
    assert out.startswith("\ufeff标题".encode())
    assert "'=1+1" in out.decode()


def test_xlsx_holds_text_and_no_formula() -> None:
    with xlsx_file(["标题", "数"], [[text, 3] for text in FORMULAS]) as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" and str(cell.value).startswith("'") for cell in cells)
