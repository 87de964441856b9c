"""Files as they come: encodings, formats, widths, broken rows."""

import csv
import gzip
import io

import pytest
from openpyxl import Workbook

from gongzhi.intake.imports.decoding import damaged
from gongzhi.intake.imports.lines import Line, columns, lines, source_of
from gongzhi.intake.imports.problems import Reject
from gongzhi.kernel.refusals import Invalid

TEXT = "编号,内容\n1,路灯坏了\n2,垃圾没人收\n"


def read(path, **declared):
    return list(lines(source_of(path, **declared)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_found_out(tmp_path, encoding):
    file = tmp_path / "cases.csv"
    file.write_bytes(TEXT.encode(encoding))
    assert [line.values for line in read(file)] == [
        {"编号": "1", "内容": "路灯坏了"},
        {"编号": "2", "内容": "垃圾没人收"},
    ]


def test_a_damaged_utf8_file_is_not_taken_for_gbk(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_bytes(TEXT.encode() + b"3,\xe8\xb7" + "灯不亮很久了大家都看不见路\n".encode())
    words = read(file)[2].values["内容"]
    assert damaged(words)
    assert words.endswith("灯不亮很久了大家都看不见路")


def test_a_question_mark_the_source_wrote_itself_is_no_damage():
    assert not damaged("caf\ufffd")
    assert damaged("caf\udce9")


def test_bytes_of_no_encoding_are_refused(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_bytes(b"a,b\n\xff\xff\x81\x00\xfe\n" * 20)
    with pytest.raises(Invalid) as refused:
        source_of(file)
    assert refused.value.code == "intake.unknown_encoding"


def test_a_packed_file_reads_like_the_plain_one(tmp_path):
    plain, packed = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_text(TEXT, encoding="utf-8")
    packed.write_bytes(gzip.compress(TEXT.encode()))
    assert read(plain) == read(packed)


def test_a_broken_gz_is_refused(tmp_path):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(TEXT.encode() * 100)[:40])
    with pytest.raises(Invalid) as refused:
        read(file)
    assert refused.value.code == "intake.unreadable_file"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    file = tmp_path / "a.csv"
    file.write_text(TEXT.replace(",", delimiter), encoding="utf-8")
    assert read(file)[0].values["内容"] == "路灯坏了"


def test_rows_count_as_a_spreadsheet_does_and_empty_ones_are_left_out(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,"x\ny"\n,\n\n2,z\n', encoding="utf-8")
    found = read(file)
    assert [(line.row, line.values["b"]) for line in found] == [(2, "x\ny"), (5, "z")]


def test_a_row_of_another_width_is_rejected_alone(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1\n2,x\n3,y,z\n", encoding="utf-8")
    first, good, last = read(file)
    assert isinstance(first, Reject)
    assert isinstance(last, Reject)
    assert isinstance(good, Line)
    assert (first.row, last.row, first.code) == (2, 4, "intake.wrong_width")


def test_a_cell_of_ten_megabytes_is_read(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1," + "x" * 10_000_000 + "\n", encoding="utf-8")
    assert len(read(file)[0].values["b"]) == 10_000_000


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "intake.no_header"), (",,\n1,2,3\n", "intake.no_header"), ("a,a\n1,2\n", "intake.column_twice")],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path, content, code):
    file = tmp_path / "a.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        read(file)
    assert refused.value.code == code


def test_a_workbook_reads_like_a_table(tmp_path):
    from datetime import datetime

    book = Workbook()
    book.active.append(["id", "at", "n"])
    book.active.append([7.0, datetime(2026, 3, 2, 9, 30), None])  # noqa: DTZ001 (spreadsheets know no zone)
    file = tmp_path / "a.xlsx"
    book.save(file)
    assert columns(source_of(file)) == ["id", "at", "n"]
    assert read(file) == [Line(2, {"id": "7", "at": "2026-03-02 09:30:00", "n": ""})]


def test_something_that_only_says_it_is_a_workbook_is_refused(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"not a zip")
    with pytest.raises(Invalid) as refused:
        read(file)
    assert refused.value.code == "intake.broken_xlsx"


def test_json_lines_are_flattened_and_bad_ones_rejected(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1, "place": {"lon": 1.5}, "tags": ["a"]}\nnonsense\n[1]\n', encoding="utf-8")
    good, *bad = read(file)
    assert good.values == {"id": "1", "place.lon": "1.5", "tags": '["a"]'}
    assert [one.row for one in bad] == [2, 3]


def test_an_unknown_format_is_refused(tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    with pytest.raises(Invalid) as refused:
        source_of(file)
    assert refused.value.code == "intake.unknown_format"


def test_quotes_and_line_breaks_survive(tmp_path):
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], ["1", 'he said "no"\r\nand left, 走了']])
    file = tmp_path / "a.csv"
    file.write_text(out.getvalue(), encoding="utf-8", newline="")
    assert read(file)[0].values["b"] == 'he said "no"\r\nand left, 走了'
