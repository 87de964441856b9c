"""Limits and their units."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Unit(StrEnum):
    """minute, hour: from the very moment · day, month: the first day is not counted (民法典 201) · work_*: rest days skipped."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    MONTH = "month"


CONTINUOUS = (Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR)
SECONDS = {Unit.MINUTE: 60.0, Unit.HOUR: 3600.0, Unit.WORK_HOUR: 3600.0}
VALUE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """value: 0 to 10,000 whole units. ends: a last day ends at midnight, or at close of business (民法典 203)."""

    value: int
    unit: Unit
    ends: Literal["midnight", "business"] = "midnight"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        if not 0 <= self.value <= VALUE_MAX:
            raise ValueError(f"a limit is 0 to {VALUE_MAX} units, not {self.value}")
