"""When a limit is used up."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gongzhi.calendar import counting
from gongzhi.calendar.counting import DAY_SECONDS, day_of, instant_of, seconds_of
from gongzhi.calendar.question import Extension, Pause, Question
from gongzhi.calendar.units import CONTINUOUS, SECONDS, Limit, Unit

_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Deadline:
    """due_at: the first instant that is too late is just after it (24:00 is the next day's 0:00); None while paused.

    unpublished_year: the deadline is provisional because this year's holidays are unknown.
    """

    question: Question
    due_at: datetime | None
    unpublished_year: int | None = None

    @property
    def provisional(self) -> bool:
        return self.unpublished_year is not None


@dataclass(frozen=True, slots=True)
class Step:
    """The limit itself or one extension: where it began and ended, in seconds; day kinds with their last day."""

    limit: Limit
    start: float
    end: float
    first_day: int
    last_day: int
    counted_last_day: int


@dataclass(slots=True)
class Count:
    """One question being answered: its pauses in seconds, and what it leaned on."""

    question: Question
    pauses: list[tuple[float, float]]
    unpublished_year: int | None = None
    steps: list[Step] = field(default_factory=list)


def deadline(question: Question) -> Deadline:
    """Answer it. Raises Unpublished when a year is missing and the question allows no guess, ValueError for a naive
    instant or a span the calendar cannot reach.

    minute, hour, work_hour: paused time is not counted. day, work_day, month: a day touched by a pause is not counted.
    A last natural day (also of months) on a rest day rolls to the next work day (民法典 203).
    """
    count = counted(question)
    end = count.steps[-1].end
    due_at = None if end == _FOREVER else instant_of(end)
    return Deadline(question, due_at, count.unpublished_year)


def counted(question: Question) -> Count:
    """The steps of the count, for those who explain it."""
    count = Count(question, merged(question.pauses))
    start = seconds_of(question.start)
    _step(count, question.limit, start, day_of(start))
    for extension in question.extensions:
        before = count.steps[-1]
        if before.end == _FOREVER:
            break
        last = before.last_day if before.limit.unit not in CONTINUOUS else day_of(before.end)
        _step(count, extension.limit, before.end, last)
    return count


def merged(pauses: Sequence[Pause]) -> list[tuple[float, float]]:
    """Pauses as ascending spans of seconds that do not overlap."""
    spans = sorted(
        (seconds_of(pause.began_at), _FOREVER if pause.ended_at is None else seconds_of(pause.ended_at))
        for pause in pauses
    )
    result: list[tuple[float, float]] = []
    for began, ended in spans:
        if began == ended:
            continue
        if result and began <= result[-1][1]:
            result[-1] = (result[-1][0], max(ended, result[-1][1]))
        else:
            result.append((began, ended))
    return result


def _step(count: Count, limit: Limit, start: float, first_day: int) -> None:
    if limit.unit in CONTINUOUS:
        end = seconds_after(count, limit.unit, start, limit.value * SECONDS[limit.unit])
        last = first_day if end == _FOREVER else day_of(end)
        count.steps.append(Step(limit, start, end, first_day, last, last))
        if limit.unit is Unit.WORK_HOUR and end != _FOREVER and not count.question.hours.always:
            _lean(count, first_day, last)
        return
    counted_last = _last_day(count, limit, first_day)
    if counted_last is None:
        count.steps.append(Step(limit, start, _FOREVER, first_day, first_day, first_day))
        return
    last = counted_last
    if limit.unit is not Unit.WORK_DAY and limit.value:
        last = counting.work_days(count.question.holidays).next_from(counted_last)
        _lean(count, counted_last, last)
    elif limit.value:
        _lean(count, first_day, last)
    end = start if limit.value == 0 else _end_of(count, limit, last)
    count.steps.append(Step(limit, start, end, first_day, last, counted_last))


def _lean(count: Count, first: int, last: int) -> None:
    table = counting.work_days(count.question.holidays)
    year = table.check(first, last, provisional_allowed=count.question.provisional_allowed)
    count.unpublished_year = count.unpublished_year or year


def seconds_after(count: Count, unit: Unit, start: float, seconds: float) -> float:
    """The earliest instant at which that many unpaused (working) seconds have passed; infinite while paused."""
    left = seconds
    if left == 0:
        return start
    clock = None
    if unit is Unit.WORK_HOUR:
        clock = counting.work_seconds(count.question.holidays, count.question.hours)
    at = start
    for began, ended in [*count.pauses, (_FOREVER, _FOREVER)]:
        if ended <= at:
            continue
        if began > at:
            if clock is None:
                if left <= began - at:
                    return at + left
                left -= began - at
            else:
                before = clock.before(at)
                due = clock.instant(before + left)
                if due <= began:
                    return due
                left -= clock.before(began) - before
        at = ended
    return _FOREVER


def _last_day(count: Count, limit: Limit, first_day: int) -> int | None:
    """The day on which the count runs out; None when a pause without end comes before."""
    if limit.unit is Unit.WORK_DAY:
        return _nth_work_day(count, first_day, limit.value)
    days = limit.value if limit.unit is Unit.DAY else _month_later(first_day, limit.value) - first_day
    day = first_day + days
    touched_before = 0
    while True:  # each untouched day that a pause took away is given back at the end
        touched = _touched(count, first_day + 1, day)
        if touched is None:
            return None
        if touched == touched_before:
            return day
        day += touched - touched_before
        touched_before = touched


def _nth_work_day(count: Count, first_day: int, n: int) -> int | None:
    if n == 0:
        return first_day
    table = counting.work_days(count.question.holidays)
    if not count.pauses:
        return table.nth_after(first_day, n)
    day = first_day
    while n:
        day = table.nth_after(day, 1)
        touched = _touched(count, day, day)
        if touched is None:
            return None
        n -= 1 - touched
    return day


def _touched(count: Count, first: int, last: int) -> int | None:
    """How many of these days a pause touches; None when one never ends."""
    total = 0
    free_from = first
    for began, ended in count.pauses:
        if began >= (last + 1) * DAY_SECONDS:
            break
        if ended <= first * DAY_SECONDS:
            continue
        if ended == _FOREVER:
            return None
        low = max(day_of(began), free_from)
        high = min(day_of(ended) - (ended % DAY_SECONDS == 0), last)
        if high >= low:
            total += high - low + 1
            free_from = high + 1
    return total


def _month_later(day: int, months: int) -> int:
    start = counting.date_of(day)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    if year > 9998:
        raise ValueError("the limit reaches outside the years this calendar can count")
    following = start.replace(year=year + month // 12, month=month % 12 + 1, day=1)
    last = following.toordinal() - 1
    wanted = start.replace(year=year, month=month, day=1).toordinal() + start.day - 1
    return min(wanted, last) - (start.toordinal() - day)


def _end_of(count: Count, limit: Limit, day: int) -> float:
    if limit.ends == "business":
        work_day = counting.work_days(count.question.holidays).is_work_day(day)
        return float(day * DAY_SECONDS + count.question.hours.closing_minute(work_day=work_day) * 60)
    return float((day + 1) * DAY_SECONDS)


def extended(question: Question, extension: Extension) -> Question:
    """The same question with one more extension."""
    return replace(question, extensions=(*question.extensions, extension))
