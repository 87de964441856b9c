"""A deadline taken apart: every stretch of time from start to end with whether it counted and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from gongzhi.calendar import counting
from gongzhi.calendar.counting import DAY_SECONDS, day_of, instant_of, seconds_of
from gongzhi.calendar.deadlines import Count, Step, counted
from gongzhi.calendar.question import Question
from gongzhi.calendar.units import CONTINUOUS, SECONDS, Unit

Kind = Literal["first_day", "counted", "rest", "paused", "rolled", "closed"]


@dataclass(frozen=True, slots=True)
class Span:
    """[from_at, until_at). amount: minutes or hours for such units (working hours for work_hour), days otherwise; 0 if not counted.

    first_day: the start day, not counted · rest: rest days · closed: outside working hours · paused: see reason ·
    rolled: the last day fell on a rest day. extension: 0 for the limit itself, n for the n-th extension.
    """

    kind: Kind
    from_at: datetime
    until_at: datetime
    amount: float
    unit: Unit
    extension: int = 0
    reason: str = ""


def spans(question: Question) -> list[Span]:
    """Ascending, without gaps, from the start to the due instant (to the open pause while paused)."""
    count = counted(question)
    return [
        span
        for number, step in enumerate(count.steps)
        for span in (
            _continuous(count, step, number) if step.limit.unit in CONTINUOUS else _days(count, step, number)
        )
    ]


def _reason(question: Question, at: float) -> str:
    for pause in question.pauses:
        began = seconds_of(pause.began_at)
        ended = float("inf") if pause.ended_at is None else seconds_of(pause.ended_at)
        if began <= at < ended or (began >= at and day_of(began) == day_of(at)):
            return pause.reason
    return ""


def _continuous(count: Count, step: Step, number: int) -> Iterator[Span]:
    unit, at = step.limit.unit, step.start
    horizon = step.end if step.end != float("inf") else max(began for began, _ in count.pauses)
    for began, ended in [*count.pauses, (float("inf"), float("inf"))]:
        if ended <= at:
            continue
        if began > at:
            yield from _running(count, unit, at, min(began, horizon), number)
            at = min(began, horizon)
        if at >= horizon and step.end != float("inf"):
            return
        if ended == float("inf"):
            return
        until = min(ended, horizon)
        yield Span("paused", instant_of(at), instant_of(until), 0, unit, number, _reason(count.question, at))
        at = until


def _running(count: Count, unit: Unit, start: float, end: float, number: int) -> Iterator[Span]:
    if unit in (Unit.MINUTE, Unit.HOUR) or count.question.hours.always:
        yield Span("counted", instant_of(start), instant_of(end), (end - start) / SECONDS[unit], unit, number)
        return
    clock = counting.work_seconds(count.question.holidays, count.question.hours)
    pieces = []
    at = start
    while at < end:
        midnight = float((day_of(at) + 1) * DAY_SECONDS)
        until = min(midnight, end)
        hours = (clock.before(until) - clock.before(at)) / 3600
        if hours:
            kind: Kind = "counted"
        else:
            worked = counting.work_days(count.question.holidays).is_work_day(day_of(at))
            kind = "closed" if worked else "rest"
        pieces.append(Span(kind, instant_of(at), instant_of(until), hours, unit, number))
        at = until
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        run = list(group)
        amount = sum(piece.amount for piece in run)
        yield Span(kind, run[0].from_at, run[-1].until_at, amount, unit, number)


def _days(count: Count, step: Step, number: int) -> Iterator[Span]:
    unit = step.limit.unit
    if step.limit.value == 0:
        return
    if number == 0:
        first_end = float((step.first_day + 1) * DAY_SECONDS)
        yield Span("first_day", instant_of(step.start), instant_of(first_end), 0, unit)
    if step.end == float("inf"):
        return
    table = counting.work_days(count.question.holidays)

    def kind_of(day: int) -> tuple[Kind, str]:
        for began, ended in count.pauses:
            if began < (day + 1) * DAY_SECONDS and ended > day * DAY_SECONDS:
                return "paused", _reason(count.question, max(began, day * DAY_SECONDS))
        if day > step.counted_last_day:
            return "rolled", ""
        if unit is Unit.WORK_DAY and not table.is_work_day(day):
            return "rest", ""
        return "counted", ""

    for (kind, reason), group in groupby(range(step.first_day + 1, step.last_day + 1), key=kind_of):
        days = list(group)
        until = step.end if days[-1] == step.last_day else float((days[-1] + 1) * DAY_SECONDS)
        amount = len(days) if kind == "counted" else 0
        yield Span(kind, instant_of(days[0] * DAY_SECONDS), instant_of(until), amount, unit, number, reason)
