"""Year files: YAML a person can write from the State Council's notice."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from gongzhi.calendar.holidays import YearTable
from gongzhi.kernel.refusals import Invalid

SHIPPED = Path(__file__).resolve().parent / "data" / "holidays.yaml"


def read_years(text: str) -> list[YearTable]:
    """`years: [{year, source, rest: [2026-10-01..2026-10-07, …], worked: [2026-10-10]}]` → tables.

    `rest` names whole holidays as the notice does, weekends included; only the weekdays among them matter.
    Raises Invalid saying which year and what is wrong.
    """
    try:
        content = yaml.safe_load(text)
        return [_year(entry) for entry in content["years"]]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            "timetable.unreadable",
            "文件不是有效的节假日表：%(reason)s。",
            field="file",
            reason=str(error)[:200],
        ) from error


def _year(entry: Mapping[str, Any]) -> YearTable:
    year = int(entry["year"])
    try:
        off = {day for text in entry.get("rest") or () for day in _days(str(text))}
        worked = {day for text in entry.get("worked") or () for day in _days(str(text))}
        for day in worked:
            if day.weekday() < 5:
                raise ValueError(f"{day} 本是周一至周五，不能作为调休上班日")
        weekdays = frozenset(day for day in off if day.weekday() < 5)
        return YearTable(year, weekdays, frozenset(worked), str(entry["source"]))
    except ValueError as error:
        raise Invalid(
            "timetable.bad_year", "%(year)s 年有误：%(reason)s。", field="file", year=year, reason=str(error)
        ) from error


def _days(text: str) -> list[date]:
    """`2026-10-01` or `2026-10-01..2026-10-07`."""
    first, _, last = text.partition("..")
    begins, ends = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    if ends < begins or (ends - begins).days > 31:
        raise ValueError(f"{text} 不是一段假期")
    return [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]
