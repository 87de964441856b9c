"""Published holiday years. A year that is not published is never silently Monday to Friday."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property


class Unpublished(LookupError):
    """The answer leans on a year whose holidays nobody has published."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"the holidays of {year} are not published")


@dataclass(frozen=True, slots=True)
class YearTable:
    """days_off: weekdays that are holidays · make_up_days: weekend days that are worked · source: the notice."""

    year: int
    days_off: frozenset[date]
    make_up_days: frozenset[date]
    source: str = ""

    def __post_init__(self) -> None:
        for day in self.days_off | self.make_up_days:
            if day.year != self.year:
                raise ValueError(f"{day} does not belong to {self.year}")
        if both := self.days_off & self.make_up_days:
            raise ValueError(f"{min(both)} cannot be both off and worked")

    def is_work_day(self, day: date) -> bool:
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.days_off)


@dataclass(frozen=True, eq=False)
class Holidays:
    """The years known at some instant; compared by identity, so keep one and reuse it (tables are cached by it)."""

    years: Mapping[int, YearTable]

    @classmethod
    def of(cls, tables: Iterable[YearTable]) -> "Holidays":
        return cls({table.year: table for table in tables})

    @cached_property
    def span(self) -> tuple[int, int]:
        """First and last year known (gaps inside count as unpublished). (1, 0) when nothing is."""
        return (min(self.years), max(self.years)) if self.years else (1, 0)

    def is_published(self, year: int) -> bool:
        return year in self.years

    def is_work_day(self, day: date) -> bool:
        """Raises Unpublished."""
        table = self.years.get(day.year)
        if table is None:
            raise Unpublished(day.year)
        return table.is_work_day(day)

    def likely_work_day(self, day: date) -> bool:
        """As published, else Monday to Friday: for provisional deadlines only."""
        table = self.years.get(day.year)
        return table.is_work_day(day) if table else day.weekday() < 5
