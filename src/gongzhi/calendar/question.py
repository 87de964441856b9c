"""What is asked of the calendar. Keep the question beside the answer: it can be asked again when a year is published."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.calendar.holidays import Holidays
from gongzhi.calendar.hours import OFFICE, WorkingHours
from gongzhi.calendar.units import Limit


@dataclass(frozen=True, slots=True)
class Pause:
    """Half-open [began_at, ended_at); ended_at None: still paused. reason: a code the caller can put in words."""

    began_at: datetime
    ended_at: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.ended_at is not None and self.ended_at < self.began_at:
            raise ValueError("a pause ends after it began")


@dataclass(frozen=True, slots=True)
class Extension:
    """A further limit counted from where the time before it ran out."""

    limit: Limit
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """When is `limit`, begun at `start`, used up? provisional_allowed: guess unpublished years and say so."""

    start: datetime
    limit: Limit
    holidays: Holidays
    hours: WorkingHours = OFFICE
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    provisional_allowed: bool = False
