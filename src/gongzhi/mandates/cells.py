"""Cells of a responsibility list: judged one by one, refused with the name of their column. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from gongzhi.catalogue.categories import limit as duration
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.kernel.refusals import Invalid
from gongzhi.mandates.table import Limit

_LENGTHS = {"item": 40, "title": 200, "basis": 2_000}
_YEARS = range(1949, 2200)  # a date outside is a slip of the pen


def readable(field: str, value: str) -> None:
    """Raises Invalid when too long or with characters nobody sees."""
    longest = _LENGTHS.get(field, 120)
    if len(value) > longest:
        raise Invalid(
            "mandates.too_long", "“%(name)s”不能超过 %(max)s 个字。", name=field, max=longest, field=field
        )
    if any(unicodedata.category(letter)[0] == "C" for letter in value):
        raise Invalid("mandates.control", "“%(name)s”中有看不见的控制字符。", name=field, field=field)


def listed(field: str, value: str, known: Iterable[str]) -> None:
    """Raises Invalid when the value is none of the known."""
    if value not in known:
        raise Invalid(
            "mandates.unknown_word",
            "“%(name)s”不是可用的值，可用：%(known)s。",
            name=value[:40],
            known="、".join(known),
            field=field,
        )


def on(field: str, text: Mapping[str, str]) -> date | None:
    """The day of a cell, None when empty. Raises Invalid."""
    value = text.get(field, "")
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        raise Invalid(
            "mandates.bad_date", "日期“%(name)s”应写成 2026-01-31。", name=value[:40], field=field
        ) from None
    if day and day.year not in _YEARS:
        raise Invalid("mandates.far_date", "日期“%(name)s”太远，可能写错了年份。", name=value, field=field)
    return day


def day(field: str, text: Mapping[str, str]) -> datetime | None:
    """The first instant of the cell's day in China, None when empty. Raises Invalid."""
    day = on(field, text)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) if day else None


def limit(field: str, text: Mapping[str, str]) -> Limit | None:
    """The limit of a cell, None when empty. Raises Invalid."""
    try:
        found = duration(text.get(field, ""))
    except ValueError:
        raise Invalid(
            "mandates.bad_limit",
            "时限“%(name)s”应写成“5 work_day”这样的数字加单位。",
            name=text[field][:40],
            field=field,
        ) from None
    return Limit(*found) if found else None
