"""What is known of one past case, and the rules it is replayed under. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gongzhi.calendar.holidays import Holidays
from gongzhi.calendar.hours import WorkingHours
from gongzhi.calendar.question import Extension, Pause
from gongzhi.mandates.table import Limit, MandateTable


class Run(NamedTuple):
    """The person's clock as it ran. given: the deadline was given with the order, no rule of ours moves it. borne: counts
    in its bearer's hours, else in everybody's. ceiling_at: due no later, whatever the limit."""

    started_at: datetime
    stopped_at: datetime | None
    given: bool
    due_at: datetime | None
    ceiling_at: datetime | None
    always: bool
    borne: bool
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]


class Case(NamedTuple):
    """lead: who led it last. returned: the units whose return was granted."""

    category: str
    area_path: str
    lead: UUID | None
    returned: frozenset[UUID]
    run: Run | None


@dataclass(frozen=True, slots=True)
class Rules:
    """One side of a replay. handling: the procedure's own limit where neither mandate nor category has one."""

    table: MandateTable
    holidays: Holidays
    hours: Callable[[UUID | None], WorkingHours]
    handling: Limit
