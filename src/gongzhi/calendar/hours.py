"""Working hours of a unit of organisation, in minutes of the Chinese day."""

from dataclasses import dataclass

DAY_MINUTES = 24 * 60
Spells = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """on_work_days, on_rest_days: (from, until) minutes of the day, ascending, not touching. A lunch break is a gap."""

    on_work_days: Spells
    on_rest_days: Spells = ()

    def __post_init__(self) -> None:
        for spells in (self.on_work_days, self.on_rest_days):
            end = -1
            for begins, ends in spells:
                if not end < begins < ends <= DAY_MINUTES:
                    raise ValueError(f"working hours must ascend within a day: {spells}")
                end = ends
        if not self.on_work_days:
            raise ValueError("a unit works at some time on a work day")

    @property
    def always(self) -> bool:
        """Day and night, rest days too (紧急工作时)."""
        return self.on_work_days == self.on_rest_days == ((0, DAY_MINUTES),)

    def spells(self, *, work_day: bool) -> Spells:
        return self.on_work_days if work_day else self.on_rest_days

    def closing_minute(self, *, work_day: bool) -> int:
        """When business ends that day; midnight on a day without hours."""
        spells = self.spells(work_day=work_day)
        return spells[-1][1] if spells else DAY_MINUTES


OFFICE = WorkingHours(((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30)))
ROUND_THE_CLOCK = WorkingHours(((0, DAY_MINUTES),), ((0, DAY_MINUTES),))
