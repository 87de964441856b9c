"""Prefix sums over days: the n-th work day and the n-th working second by bisection instead of walking.

Instants become seconds of China Standard Time (no summer time since 1991, so a day is 86,400 seconds).
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta, timezone
from weakref import WeakKeyDictionary

from gongzhi.calendar.holidays import Holidays, Unpublished
from gongzhi.calendar.hours import WorkingHours

DAY_SECONDS = 86_400
_CST = timezone(timedelta(hours=8))
_EPOCH = datetime(1970, 1, 1, tzinfo=_CST)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_YEARS_AHEAD = 45  # the longest limit is 10,000 work days


def seconds_of(at: datetime) -> float:
    """Seconds of Chinese wall clock since 1970-01-01 00:00 there. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (at - _EPOCH).total_seconds()


def instant_of(seconds: float) -> datetime:
    """The same in UTC, exact to the microsecond."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(UTC)


def day_of(seconds: float) -> int:
    """Number of the day an instant falls on, 0 = 1970-01-01."""
    return int(seconds // DAY_SECONDS)


def date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH_DAY)


class WorkDays:
    """The work days of the known years and, as a guess, of those around them."""

    def __init__(self, holidays: Holidays) -> None:
        self._holidays = holidays
        first_year, last_year = holidays.span if holidays.years else (2000, 2030)
        self.first = date(first_year - 1, 1, 1).toordinal() - _EPOCH_DAY
        self.last = date(last_year + _YEARS_AHEAD, 12, 31).toordinal() - _EPOCH_DAY
        self.days = [
            day for day in range(self.first, self.last + 1) if holidays.likely_work_day(date_of(day))
        ]

    def check(self, first: int, last: int, *, provisional_allowed: bool) -> int | None:
        """The first unpublished year among these days, None if all are known. Raises Unpublished unless allowed."""
        for year in range(date_of(first).year, date_of(last).year + 1):
            if not self._holidays.is_published(year):
                if not provisional_allowed:
                    raise Unpublished(year)
                return year
        return None

    def is_work_day(self, day: int) -> bool:
        return self._holidays.likely_work_day(date_of(day))

    def next_from(self, day: int) -> int:
        """That day if it is worked, else the first after it."""
        self._within(day)
        return self.days[bisect_left(self.days, day)]

    def nth_after(self, day: int, n: int) -> int:
        """The n-th work day after `day` (n ≥ 1)."""
        self._within(day)
        return self.days[bisect_right(self.days, day) + n - 1]

    def _within(self, day: int) -> None:
        if not self.first <= day <= self.last - 400:
            raise ValueError(f"{date_of(day)} is outside the years this calendar can count")


class WorkSeconds:
    """How many working seconds lie before an instant, and which instant has so many before it."""

    def __init__(self, work_days: WorkDays, hours: WorkingHours) -> None:
        self._work_days, self._hours = work_days, hours
        self._until = [0]  # working seconds before day first + i
        per_kind = {kind: 60 * sum(b - a for a, b in hours.spells(work_day=kind)) for kind in (True, False)}
        worked = set(work_days.days)
        for day in range(work_days.first, work_days.last + 1):
            self._until.append(self._until[-1] + per_kind[day in worked])

    def before(self, seconds: float) -> float:
        day = day_of(seconds)
        self._work_days._within(day)
        into = seconds - day * DAY_SECONDS
        counted = float(self._until[day - self._work_days.first])
        for begins, ends in self._hours.spells(work_day=self._work_days.is_work_day(day)):
            counted += max(0.0, min(into, ends * 60) - begins * 60)
        return counted

    def instant(self, counted: float) -> float:
        """The earliest instant with that many working seconds before it."""
        index = bisect_left(self._until, counted) - 1
        if index < 0 or index + 1 >= len(self._until):
            raise ValueError("the limit reaches outside the years this calendar can count")
        left = counted - self._until[index]
        day = self._work_days.first + index
        for begins, ends in self._hours.spells(work_day=self._work_days.is_work_day(day)):
            if left <= (ends - begins) * 60:
                return day * DAY_SECONDS + begins * 60 + left
            left -= (ends - begins) * 60
        raise AssertionError("the day's working seconds do not add up")


_work_days: "WeakKeyDictionary[Holidays, WorkDays]" = WeakKeyDictionary()
_work_seconds: "WeakKeyDictionary[Holidays, dict[WorkingHours, WorkSeconds]]" = WeakKeyDictionary()


def work_days(holidays: Holidays) -> WorkDays:
    """The table of these holidays, made once."""
    found = _work_days.get(holidays)
    if found is None:
        found = _work_days[holidays] = WorkDays(holidays)
    return found


def work_seconds(holidays: Holidays, hours: WorkingHours) -> WorkSeconds:
    """The table of these holidays and hours, made once."""
    tables = _work_seconds.setdefault(holidays, {})
    found = tables.get(hours)
    if found is None:
        found = tables[hours] = WorkSeconds(work_days(holidays), hours)
    return found
