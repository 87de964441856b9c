import pytest

from gongzhi.kernel.refusals import Invalid
from gongzhi.parties import normalising


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "86 138 0013 8000",
        "１３８００１３８０００",
        "(138) 0013.8000",
    ],
)
def test_one_number_written_in_many_ways_is_one_number(written: str) -> None:
    assert normalising.phone(written) == "13800138000"


@pytest.mark.parametrize("written", ["0731-88886666", "88886666", "12345", "4008123456", "+1 617 635 4500"])
def test_landlines_hotlines_and_foreign_numbers_are_accepted(written: str) -> None:
    assert normalising.phone(written)


@pytest.mark.parametrize(
    "written", ["", "abc", "138001380001", "12800138000", "1" * 40, "138\x0000138000a", "<b>"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        normalising.phone(written)


def test_identity_numbers_need_the_right_check_digit() -> None:
    assert normalising.identity("11010519491231002x") == "11010519491231002X"
    with pytest.raises(Invalid):
        normalising.identity("110105194912310021")


def test_names_lose_control_characters_and_have_a_length() -> None:
    assert normalising.name(" 张\u200b \t三\n") == "张 三"
    with pytest.raises(Invalid):
        normalising.name("长" * 61)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Invalid):
        normalising.value("fax", "123456")
