"""What this room says when it did something."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.acts.events import event


@event("timetable.year_loaded", version=1)
@dataclass(frozen=True, slots=True)
class YearLoaded:
    """days_off, make_up_days: ISO dates. source: the notice they were taken from."""

    year: int
    edition: int
    days_off: list[str]
    make_up_days: list[str]
    source: str


@event("timetable.hours_set", version=1)
@dataclass(frozen=True, slots=True)
class HoursSet:
    """organisation: its code, "" = the whole installation. Spells are (from, until) minutes of the day."""

    organisation: str
    on_work_days: list[list[int]]
    on_rest_days: list[list[int]]


@event("timetable.roster_set", version=1)
@dataclass(frozen=True, slots=True)
class RosterSet:
    """weekday: 0 = Monday, or on_date (ISO). Minutes of the Chinese day. account None: nobody, that date."""

    place: UUID
    organisation: UUID
    account: UUID | None
    weekday: int | None
    on_date: str
    begins_minute: int
    ends_minute: int
    from_on: str
    until_on: str


@event("timetable.roster_ended", version=1)
@dataclass(frozen=True, slots=True)
class RosterEnded:
    place: UUID
    organisation: UUID


@event("timetable.leave_recorded", version=1)
@dataclass(frozen=True, slots=True)
class LeaveRecorded:
    """Whom and why is not said: leave is personal. deputy: who stands in; lent: the rights they hold meanwhile."""

    leave: UUID
    organisation: UUID
    deputy: UUID | None
    begins_at: datetime
    ends_at: datetime
    lent: tuple[UUID, ...] = ()


@event("timetable.leave_ended", version=1)
@dataclass(frozen=True, slots=True)
class LeaveEnded:
    leave: UUID
    organisation: UUID


@event("timetable.deputy_named", version=1)
@dataclass(frozen=True, slots=True)
class DeputyNamed:
    """deputy None: there is none any more."""

    organisation: UUID
    account: UUID
    deputy: UUID | None


@event("timetable.work_handed_over", version=1)
@dataclass(frozen=True, slots=True)
class WorkHandedOver:
    """counts: kind of work → how many pieces passed."""

    organisation: UUID
    account: UUID
    to: UUID
    counts: dict[str, int]
