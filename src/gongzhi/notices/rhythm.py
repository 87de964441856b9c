"""When a text message goes out: quiet hours, at most so many a day about one matter, one summary a day. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongzhi.kernel.clock import SHANGHAI, in_china
from gongzhi.notices.outgoing import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A rule of the town. Minutes of the Chinese day; quiet_from = quiet_until: no quiet hours. basis: what says so."""

    daily_max: int
    quiet_from_minute: int
    quiet_until_minute: int
    digest_minute: int
    basis: str

    def is_quiet(self, at: datetime) -> bool:
        wall = in_china(at)
        return self.is_quiet_minute(wall.hour * 60 + wall.minute)

    def is_quiet_minute(self, minute: int) -> bool:
        begins, ends = self.quiet_from_minute, self.quiet_until_minute
        return begins <= minute < ends if begins <= ends else minute >= begins or minute < ends

    def awake(self, at: datetime) -> datetime:
        """`at`, or the end of the quiet hours it lies in."""
        return _next(self.quiet_until_minute, at) if self.is_quiet(at) else at

    def digest_after(self, at: datetime) -> datetime:
        """The next time of the daily summary after `at`."""
        return _next(self.digest_minute, at)


@dataclass(frozen=True, slots=True)
class Plan:
    """held: it goes with the summary at due_at. goes_on: the day whose number it uses up; None when held."""

    due_at: datetime
    goes_on: date | None

    @property
    def held(self) -> bool:
        return self.goes_on is None


def plan(rhythm: Rhythm, *, delivery: Delivery, urgent: bool, sent: dict[date, int], at: datetime) -> Plan:
    """When a text goes out. sent: day → how many about this matter went or go to this person that day; counted on here.

    What is urgent goes at once. What must go now and finds its day used up goes with the next summary: late, not lost.
    """
    due_at = at if urgent else rhythm.awake(at)
    day = in_china(due_at).date()
    if delivery == "digest" and not urgent:
        return Plan(rhythm.digest_after(at), None)
    if not urgent and sent.get(day, 0) >= rhythm.daily_max:
        return Plan(rhythm.digest_after(due_at), None)
    sent[day] = sent.get(day, 0) + 1
    return Plan(due_at, day)


def _next(minute: int, at: datetime) -> datetime:
    wall = in_china(at)
    found = datetime(wall.year, wall.month, wall.day, minute // 60, minute % 60, tzinfo=SHANGHAI)
    return (found if found > wall else found + timedelta(days=1)).astimezone(at.tzinfo)
