"""When a past case would have been due, and whether it was late then. Pure."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.hours import ROUND_THE_CLOCK
from gongzhi.calendar.question import Question
from gongzhi.calendar.units import Limit as CalendarLimit
from gongzhi.calendar.units import Unit
from gongzhi.lab.cases import Rules, Run
from gongzhi.mandates.table import Limit


def late(run: Run, rules: Rules, *, limit: Limit, bearer: UUID | None, at: datetime) -> bool | None:
    """None: cannot be said yet (it runs and is not due, or it rests)."""
    due = due_at(run, rules, limit=limit, bearer=bearer)
    if due is None or (run.stopped_at is None and at <= due):
        return None
    return (run.stopped_at or at) > due


def due_at(run: Run, rules: Rules, *, limit: Limit, bearer: UUID | None) -> datetime | None:
    """Starts, pauses and extensions are those that happened; limit, hours and holidays are the rules'."""
    if run.given:
        return run.due_at
    hours = ROUND_THE_CLOCK if run.always else rules.hours(bearer if run.borne else None)
    asked = Question(
        start=run.started_at,
        limit=_limit(limit),
        holidays=rules.holidays,
        hours=hours,
        pauses=run.pauses,
        extensions=run.extensions,
        provisional_allowed=True,
    )
    due = deadline(asked).due_at
    return min(due, run.ceiling_at) if due is not None and run.ceiling_at is not None else due


@lru_cache(maxsize=256)
def _limit(limit: Limit) -> CalendarLimit:
    return CalendarLimit(limit.value, Unit(limit.unit))
