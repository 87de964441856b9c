"""What a mapping file can say, and what it is told when it says it wrong."""

from datetime import UTC, datetime

import pytest

from gongzhi.intake.imports.mapping import check_columns, read_mapping
from gongzhi.intake.imports.paths import derived_code, paths_of
from gongzhi.intake.imports.picks import pick_of
from gongzhi.intake.imports.times import Times
from gongzhi.kernel.refusals import Invalid

PLAIN = "source: s\nfields: {external_id: id, opened_at: at, text: words}\n"


def refusal(text):
    with pytest.raises(Invalid) as refused:
        read_mapping(text)
    return refused.value


def test_a_column_a_list_and_a_constant():
    row = {"a": "", "b": "x", "c": "y"}
    assert pick_of("b", name="n").value(row) == "x"
    assert pick_of(["a", "b"], name="n").value(row) == "x"
    assert pick_of({"join": ["a", "b", "c"], "with": "-"}, name="n").value(row) == "x-y"
    assert pick_of({"constant": 5}, name="n").value(row) == "5"


def test_codes_translate_and_unknown_ones_reject_the_row():
    pick = pick_of({"column": "a", "codes": {"Phone": "phone", 1: "web"}}, name="n")
    assert pick.value({"a": "1"}) == "web"
    assert pick.value({"a": ""}) == ""
    with pytest.raises(Invalid) as refused:
        pick.value({"a": "Pigeon"})
    assert refused.value.field == "a"
    assert pick_of({"column": "a", "codes": {}, "otherwise": "web"}, name="n").value({"a": "?"}) == "web"


def test_patterns_take_a_text_apart():
    pick = pick_of({"column": "w", "pattern": r"(?:Ward )?0*(\d+)(?:\.0)?", "format": "ward-{0}"}, name="n")
    assert {pick.value({"w": text}) for text in ("Ward 5", "05", "5", "5.0")} == {"ward-5"}


@pytest.mark.parametrize(
    "raw",
    [
        {"column": "a", "nonsense": 1},
        {},
        {"column": "a", "constant": "b"},
        {"column": "a", "pattern": "("},
        {"column": "a", "codes": [1]},
        {"join": "a"},
        7,
        None,
    ],
)
def test_a_pick_that_cannot_be_understood_is_named(raw):
    with pytest.raises(Invalid) as refused:
        pick_of(raw, name="fields.title")
    assert refused.value.params["name"] == "fields.title"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (": :", "intake.mapping_not_yaml"),
        ("- a", "intake.mapping_empty"),
        ("", "intake.mapping_empty"),
        ("source: s", "intake.missing_key"),
        ("source: s\nfields: {external_id: id}", "intake.missing_key"),
        ("source: s\nfields: {external_id: id, opened_at: at}", "intake.missing_key"),
        ("fields: {external_id: id, opened_at: at, text: t}", "intake.missing_key"),
        (PLAIN + "colour: red", "intake.unknown_key"),
        (PLAIN + "zone: Moon/Base", "intake.unknown_zone"),
        (PLAIN + "times: ['%Q']", "intake.bad_time_format"),
        (PLAIN + "times: ['%H:%M']", "intake.bad_time_format"),
        (PLAIN + "reversed_times: ignore", "intake.bad_pick"),
        (PLAIN + "area: {create: true}", "intake.bad_pick"),
        (PLAIN + "area: {levels: [{name: w, level: continent}]}", "intake.bad_pick"),
        (PLAIN + "organisation: {levels: [{name: w, kind: gang}]}", "intake.bad_pick"),
    ],
)
def test_a_mapping_is_checked_before_the_first_row(text, code):
    assert refusal(text).code == code


def test_columns_the_file_lacks_are_all_named():
    with pytest.raises(Invalid) as refused:
        check_columns(read_mapping(PLAIN), ["id"])
    assert refused.value.params["columns"] == "at、words"


def test_the_examples_that_ship_are_valid():
    from pathlib import Path

    folder = Path(__file__).parents[4] / "docs" / "examples"
    for name in ("boston_2015", "citizen_messages"):
        assert read_mapping((folder / f"{name}.mapping.yaml").read_text(encoding="utf-8")).source


def test_times_of_another_zone_become_instants():
    times = Times(["%m/%d/%Y %I:%M:%S %p"], "America/New_York")
    assert times.instant("01/12/2016 10:53:53 PM", "c") == datetime(2016, 1, 13, 3, 53, 53, tzinfo=UTC)
    assert times.instant("07/01/2015 12:00:00 AM", "c") == datetime(2015, 7, 1, 4, tzinfo=UTC)
    assert times.instant("", "c") is None


def test_the_first_format_that_fits_counts_and_offsets_are_obeyed():
    times = Times(["%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"], "Asia/Shanghai")
    assert times.instant("2019/2/28 1:05:09", "c") == datetime(2019, 2, 27, 17, 5, 9, tzinfo=UTC)
    assert times.instant("2019-02-28T01:05:09Z", "c") == datetime(2019, 2, 28, 1, 5, 9, tzinfo=UTC)
    assert times.instant("2019-02-28T01:05:09-05:30", "c") == datetime(2019, 2, 28, 6, 35, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2019/13/01 00:00:00", "2019/02/30 00:00:00", "2019/2/28"])
def test_what_is_no_time_names_its_column(text):
    with pytest.raises(Invalid) as refused:
        Times(["%Y/%m/%d %H:%M:%S"], "Asia/Shanghai").instant(text, "opened")
    assert (refused.value.code, refused.value.field) == ("intake.bad_time", "opened")


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    times = Times(["%Y-%m-%d %H:%M"], "America/New_York")
    assert times.instant("2015-11-01 01:30", "c") == datetime(2015, 11, 1, 5, 30, tzinfo=UTC)


def test_a_path_ends_where_the_row_is_empty_and_codes_repeat():
    mapping = read_mapping(
        PLAIN
        + "area: {create: true, levels: [{level: street, name: w, code: c}, {level: community, name: p}]}"
    )
    reader = paths_of(mapping)["area"]
    whole = reader.of({"w": "Ward 5", "c": "ward-5", "p": "第三社区"})
    assert whole[0].code == "ward-5"
    assert whole[1].code == derived_code(["Ward 5", "第三社区"], length_max=32)
    assert whole == reader.of({"w": "Ward 5", "c": "ward-5", "p": "第三社区"})
    assert len(reader.of({"w": "Ward 5", "c": "ward-5", "p": ""})) == 1
    assert reader.of({"w": "", "c": "", "p": "x"}) == ()


def test_derived_codes_are_short_plain_and_differ():
    names = [["Public Works Department", "Street Lights"], ["Parks", "Street Lights"], ["公共", "路灯"]]
    codes = [derived_code(name, length_max=24) for name in names]
    assert len(set(codes)) == 3
    assert all(len(code) <= 24 and code[0].isalnum() and code == code.lower() for code in codes)
