"""What this room says when it did something."""

from dataclasses import dataclass

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
