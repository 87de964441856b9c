import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.parties import masking


@pytest.mark.parametrize(
    ("kind", "value", "display", "strong"),
    [
        ("phone", "13800138000", "138****8000", "*********00"),
        ("phone", "0731-88886666", "********6666", "**********66"),
        ("phone", "12345", "****5", "****45"),
        ("email", "zhang@example.cn", "z***@example.cn", "***@***"),
        ("email", "nonsense", "***@***", "***@***"),
        ("identity", "11010519491231002X", "110***********002X", "1****************X"),
        ("identity", "123", "****", "****"),
        ("wechat", "zhangsan", "z***", "***"),
        (
            "address",
            "岳麓区桔子洲街道滨江路88号阳光花园3栋2单元501室",
            "岳麓区桔子洲街道滨江路88号阳光花园3栋***",
            "岳麓区桔子洲街道***",
        ),
        ("address", "滨江路88号后院平房501", "滨江路***", "***"),
        ("unheard", "whatever", "***", "***"),
    ],
)
def test_each_kind_has_one_display_and_one_strong_mask(
    kind: str, value: str, display: str, strong: str
) -> None:
    assert (masking.value(kind, value), masking.value(kind, value, "strong")) == (display, strong)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "张*"),
        ("买买提·吐尔逊", "买******"),
        ("John Smith", "J***"),
        ("", ""),
    ],
)
def test_names_keep_the_surname_and_compound_surnames_are_known(name: str, shown: str) -> None:
    assert masking.name(name) == shown


def test_plates_and_cards() -> None:
    assert masking.plate("京A·88812") == "京A***12"
    assert masking.bank_card("6222 0212 3456 7890 123") == "****0123"
    assert masking.bank_card("6222021234567890123", "strong") == "****"


def test_free_text_loses_what_people_write_into_it() -> None:
    text = "请打１３８００１３８０００或 139-0013-9000，身份证11010519491231002X，邮箱 zhang@example.cn，座机0731-88886666。"
    shown = masking.text(text)
    for secret in ("13800138000", "139-0013-9000", "11010519491231002X", "zhang@", "88886666"):
        assert secret not in shown
    assert "138****8000" in shown
    assert "139****9000" in shown


def test_case_numbers_and_dates_survive_in_free_text() -> None:
    text = "工单 20260302-7K3Q 于 2026-03-02 派出，涉及 3 栋 501 室，金额 12800 元。"
    assert masking.text(text) == text


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_a_masked_mobile_never_contains_the_number(phone: str) -> None:
    for level in ("display", "strong"):
        assert phone not in masking.phone(phone, level)
        assert sum(a == b for a, b in zip(masking.phone(phone, level), phone, strict=True)) <= 7


@given(st.text(min_size=2, max_size=60))
def test_no_mask_returns_the_whole_value(value: str) -> None:
    for kind in masking.MASKS:
        if value.strip():
            assert masking.value(kind, value) != value.strip() or "*" in value
