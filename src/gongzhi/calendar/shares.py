"""How much of a limit is used, and when a share of it will be: for chips and escalation."""

from datetime import datetime

from gongzhi.calendar.counting import instant_of, seconds_of
from gongzhi.calendar.deadlines import Count, deadline, merged, seconds_after
from gongzhi.calendar.question import Question
from gongzhi.calendar.units import CONTINUOUS, SECONDS, Unit


def percent_at(question: Question, percent: int) -> datetime | None:
    """When that share of the time is used (100: the deadline; more: overdue by so much). None while paused.

    Hours count their own seconds. Day units share out the unpaused natural time between start and end, so that
    50 % of five working days is an instant and not a weekend's riddle.
    """
    count = Count(question, merged(question.pauses))
    start = seconds_of(question.start)
    if _continuous(question):
        amount = question.limit.value + sum(extension.limit.value for extension in question.extensions)
        whole = amount * SECONDS[question.limit.unit]
        end = seconds_after(count, question.limit.unit, start, whole * percent / 100)
    else:
        due_at = deadline(question).due_at
        if due_at is None:
            return None
        end = seconds_after(
            count, Unit.HOUR, start, _unpaused(count, start, seconds_of(due_at)) * percent / 100
        )
    return None if end == float("inf") else instant_of(end)


def used_percent(question: Question, at: datetime) -> float | None:
    """The share of the natural unpaused time used at `at` (may exceed 100; 0 before the start); None while paused."""
    due_at = deadline(question).due_at
    if due_at is None:
        return None
    count = Count(question, merged(question.pauses))
    start, now = seconds_of(question.start), seconds_of(at)
    whole = _unpaused(count, start, seconds_of(due_at))
    return 100.0 * _unpaused(count, start, now) / whole if whole and now > start else 0.0


def _continuous(question: Question) -> bool:
    units = {question.limit.unit, *(extension.limit.unit for extension in question.extensions)}
    return len(units) == 1 and question.limit.unit in CONTINUOUS


def _unpaused(count: Count, start: float, end: float) -> float:
    paused = sum(max(0.0, min(ended, end) - max(began, start)) for began, ended in count.pauses)
    return max(0.0, end - start - paused)
