"""Pure: months before and after. No tables, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """first: its first day · count: reports opened in it · after: whether the project had begun before it."""

    first: date
    count: int
    after: bool


@dataclass(frozen=True, slots=True)
class Volume:
    """A month's mean before and after, over whole months only; the month it began in is in neither. None: no whole month.
    change: share of the mean before (−0.25 = a quarter less); None where it was 0 or unknown."""

    months: tuple[Month, ...]
    before: float | None
    after: float | None
    change: float | None


def volume(counts: Mapping[date, int], *, began_on: date, today: date) -> Volume:
    """counts: by first day of month; a month without reports counts 0. From twelve months before to today."""
    start, this = began_on.replace(day=1), today.replace(day=1)
    first = _moved(start, -MONTHS)
    months: list[Month] = []
    at = first
    while at <= this:
        months.append(Month(at, counts.get(at, 0), at > start))
        at = _moved(at, 1)
    before = [month.count for month in months if month.first < start]
    after = [month.count for month in months if start < month.first < this]
    mean_before, mean_after = _mean(before), _mean(after)
    change = (mean_after - mean_before) / mean_before if mean_before and mean_after is not None else None
    return Volume(tuple(months), mean_before, mean_after, change)


def _mean(counts: list[int]) -> float | None:
    return sum(counts) / len(counts) if counts else None


def _moved(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
