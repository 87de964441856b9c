"""Random questions and the slow, obvious way to answer them: walk minute by minute, day by day."""

import random
from datetime import UTC, date, datetime, timedelta

from gongzhi.calendar.holidays import Holidays, YearTable
from gongzhi.calendar.hours import OFFICE, ROUND_THE_CLOCK, WorkingHours
from gongzhi.calendar.question import Extension, Pause, Question
from gongzhi.calendar.units import Limit, Unit
from gongzhi.kernel.clock import SHANGHAI

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SPLIT = WorkingHours(((9 * 60, 11 * 60 + 15), (14 * 60, 18 * 60)), ((10 * 60, 11 * 60),))


def make_holidays(seed: int, years: range = range(2020, 2031)) -> Holidays:
    """Years with random weeks off and random worked weekend days."""
    dice = random.Random(seed)
    tables = []
    for year in years:
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        off = {
            day
            for start in dice.sample(days[:-9], 6)
            for day in (start + timedelta(days=n) for n in range(dice.randint(1, 8)))
        }
        worked = {day for day in dice.sample(days, 20) if day.weekday() >= 5 and day not in off}
        tables.append(
            YearTable(year, frozenset(day for day in off if day.weekday() < 5), frozenset(worked), "random")
        )
    return Holidays.of(tables)


def make_question(dice: random.Random, holidays: Holidays) -> Question:
    unit = dice.choice(list(Unit))
    value_max = {
        Unit.MINUTE: 5_000,
        Unit.HOUR: 200,
        Unit.DAY: 40,
        Unit.WORK_HOUR: 60,
        Unit.WORK_DAY: 25,
        Unit.MONTH: 6,
    }[unit]
    start = datetime(2023, 1, 1, tzinfo=SHANGHAI) + dice.randrange(3 * 365 * 24 * 60) * MINUTE
    pauses = []
    for _ in range(dice.choice([0, 0, 1, 2])):
        began = start + dice.randrange(20 * 24 * 60) * MINUTE
        pauses.append(Pause(began, began + dice.randrange(5 * 24 * 60) * MINUTE))
    extensions = [
        Extension(Limit(dice.randint(1, 5), dice.choice([unit, Unit.WORK_DAY, Unit.HOUR])))
        for _ in range(dice.choice([0, 0, 0, 1, 2]))
    ]
    return Question(
        start=start,
        limit=Limit(
            dice.randint(0 if unit is Unit.HOUR else 1, value_max),
            unit,
            dice.choice(["midnight", "business"]),
        ),
        holidays=holidays,
        hours=dice.choice([OFFICE, ROUND_THE_CLOCK, SPLIT]),
        pauses=tuple(pauses),
        extensions=tuple(extensions),
    )


def brute_force(question: Question) -> datetime:
    """The deadline by counting on one's fingers."""
    at = question.start.astimezone(SHANGHAI)
    last = at.date()
    for limit in (question.limit, *(extension.limit for extension in question.extensions)):
        if limit.unit in (Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR):
            at = _minutes(question, limit, at)
            last = at.date()
        else:
            at, last = _days(question, limit, at, last)
    return at.astimezone(UTC)


def _minutes(question: Question, limit: Limit, at: datetime) -> datetime:
    left = limit.value * (1 if limit.unit is Unit.MINUTE else 60)
    while left:
        paused = any(pause.began_at <= at < (pause.ended_at or at + MINUTE) for pause in question.pauses)
        if not paused and (limit.unit is not Unit.WORK_HOUR or _at_work(question, at)):
            left -= 1
        at += MINUTE
    return at


def _at_work(question: Question, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    spells = question.hours.spells(work_day=question.holidays.is_work_day(at.date()))
    return any(begins <= minute < ends for begins, ends in spells)


def _days(question: Question, limit: Limit, at: datetime, day: date) -> tuple[datetime, date]:
    if limit.value == 0:
        return at, day
    left = limit.value
    if limit.unit is Unit.MONTH:
        left = (_same_day_later(day, limit.value) - day).days
    while left:
        day += DAY
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        touched = any(
            pause.began_at < midnight + DAY and pause.ended_at > midnight and pause.ended_at > pause.began_at
            for pause in question.pauses
            if pause.ended_at
        )
        if not touched and (limit.unit is not Unit.WORK_DAY or question.holidays.is_work_day(day)):
            left -= 1
    while limit.unit is not Unit.WORK_DAY and not question.holidays.is_work_day(day):
        day += DAY
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    if limit.ends == "business":
        closing = question.hours.closing_minute(work_day=question.holidays.is_work_day(day))
        return midnight + closing * MINUTE, day
    return midnight + DAY, day


def _same_day_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for wanted in range(day.day, 27, -1):
        try:
            return date(year, month + 1, wanted)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
