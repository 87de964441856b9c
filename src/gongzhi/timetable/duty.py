"""Who is reached now. Pure: facts about people, rosters, leaves and deputies, and an instant; no clock, no database.

The chain of DOMAIN §1: the one who is wanted; away, their deputy; at hours when nobody works, who is on duty; then the
heads of the unit and of those above it; then the desk; at last anybody of the unit. A disabled account is no person here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Literal
from uuid import UUID

from gongzhi.kernel.clock import in_china

Reason = Literal["own", "deputy", "on_duty", "unit_head", "desk", "colleague", "last"]


@dataclass(frozen=True, slots=True)
class Someone:
    """An account at work, with the person behind it."""

    account_id: UUID
    person_id: UUID
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Holding:
    """A role of an account, counted at the instant the facts were read."""

    account_id: UUID
    role: str
    area_path: str = ""
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A roster place: weekly (weekday) or for one date; see the table for its hours."""

    organisation_id: UUID
    account_id: UUID | None
    begins_minute: int
    ends_minute: int
    weekday: int | None = None
    on_date: date | None = None
    from_on: date = date.min
    until_on: date | None = None

    def counts_on(self, day: date) -> bool:
        if self.on_date is not None:
            return self.on_date == day
        return self.weekday == day.weekday() and self.from_on <= day < (self.until_on or date.max)

    def covers(self, day: date, now: datetime) -> bool:
        """Whether the hours that begin on `day` hold `now` (an instant on the Chinese wall clock)."""
        minutes = (now.replace(tzinfo=None) - datetime.combine(day, datetime.min.time())) / timedelta(
            minutes=1
        )
        return self.begins_minute <= minutes < self.ends_minute


@dataclass(frozen=True, slots=True)
class Absence:
    account_id: UUID
    deputy_id: UUID | None
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Standby:
    """A standing deputy."""

    organisation_id: UUID
    account_id: UUID
    deputy_id: UUID


@dataclass(frozen=True, slots=True)
class Reached:
    """instead_of: whose place they take."""

    who: Someone
    reason: Reason
    instead_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known at an instant. people: enabled accounts only. above: organisation → the one above it."""

    people: Mapping[UUID, Someone]
    holdings: Sequence[Holding] = ()
    shifts: Sequence[Shift] = ()
    absences: Sequence[Absence] = ()
    standbys: Sequence[Standby] = ()
    above: Mapping[UUID, UUID | None] = field(default_factory=dict)

    @cached_property
    def shifts_of(self) -> Mapping[UUID, Sequence[Shift]]:
        ordered = sorted(self.shifts, key=lambda shift: str(shift.organisation_id))
        return {id_: list(own) for id_, own in groupby(ordered, key=lambda shift: shift.organisation_id)}

    @cached_property
    def holding(self) -> Mapping[str, Sequence[Holding]]:
        ordered = sorted(self.holdings, key=lambda held: (held.role, str(held.account_id)))
        return {role: list(held) for role, held in groupby(ordered, key=lambda held: held.role)}

    def heads(self, organisation_id: UUID) -> list[UUID]:
        heads = self.holding.get("unit_head", ())
        return [held.account_id for held in heads if held.organisation_id == organisation_id]

    def over(self, role: str, area_path: str) -> list[UUID]:
        """Holders of a role over a place."""
        return [
            held.account_id
            for held in self.holding.get(role, ())
            if held.organisation_id is None and area_path.startswith(held.area_path)
        ]

    def members(self, organisation_id: UUID) -> list[UUID]:
        return [held.account_id for held in self.holdings if held.organisation_id == organisation_id]


def is_away(facts: Facts, account_id: UUID, now: datetime) -> bool:
    return any(one.account_id == account_id for one in _absences(facts, now))


def stand_in(facts: Facts, account_id: UUID, now: datetime) -> Reached | None:
    """The account itself when it is at hand, else its deputy, the deputy's deputy and so on; None when nobody is."""
    seen: set[UUID] = set()
    waiting = [account_id]
    while waiting:
        candidate = waiting.pop(0)
        if candidate in seen:
            continue
        seen.add(candidate)
        who = facts.people.get(candidate)
        if who is not None and not is_away(facts, candidate, now):
            own = candidate == account_id
            return Reached(who, "own" if own else "deputy", None if own else account_id)
        waiting += [
            one.deputy_id for one in _absences(facts, now) if one.account_id == candidate and one.deputy_id
        ]
        waiting += [one.deputy_id for one in facts.standbys if one.account_id == candidate]
    return None


def on_duty(facts: Facts, organisation_id: UUID, now: datetime) -> tuple[Reached, ...]:
    """Who of the unit is on duty, deputies in the place of those away."""
    wall = in_china(now)
    accounts = [
        shift.account_id
        for day in (wall.date() - timedelta(days=1), wall.date())
        for shift in places_on(facts.shifts_of.get(organisation_id, ()), day)
        if shift.account_id is not None and shift.covers(day, wall)
    ]
    found = (stand_in(facts, account_id, now) for account_id in accounts)
    return _once(
        replace(one, reason="on_duty") if one.reason == "own" else one for one in found if one is not None
    )


def places_on(shifts: Iterable[Shift], day: date) -> list[Shift]:
    """The shifts of one unit that begin on a date: its own where it has some, else the weekly ones."""
    counting = [shift for shift in shifts if shift.counts_on(day)]
    dated = [shift for shift in counting if shift.on_date is not None]
    return dated or counting


def reach(
    facts: Facts,
    *,
    wanted: Sequence[UUID],
    organisation_id: UUID | None,
    area_path: str,
    now: datetime,
    at_work: bool = True,
) -> tuple[Reached, ...]:
    """Whom a message for `wanted` (of the unit) goes to. at_work: the unit's working hours; outside them those on duty
    are reached first. Empty only when neither the wanted, the unit, those above it nor the desk has anybody.
    """
    found = [one for account_id in wanted if (one := stand_in(facts, account_id, now))]
    duty = on_duty(facts, organisation_id, now) if organisation_id and (not at_work or not found) else ()
    reached = _once([*duty, *found])
    if reached:
        return reached
    for candidates in _further(facts, organisation_id, area_path, now):
        if further := _once(candidates):
            return further
    return _once(_last(facts, wanted, organisation_id, area_path))


def _further(
    facts: Facts, organisation_id: UUID | None, area_path: str, now: datetime
) -> Iterator[Iterable[Reached]]:
    for unit in _upwards(facts, organisation_id):
        yield _at_hand(facts, facts.heads(unit), "unit_head", now)
    yield _at_hand(facts, facts.over("dispatcher", area_path), "desk", now)
    if organisation_id is not None:
        yield _at_hand(facts, facts.members(organisation_id), "colleague", now)


def _at_hand(facts: Facts, accounts: Iterable[UUID], reason: Reason, now: datetime) -> Iterator[Reached]:
    for account_id in accounts:
        found = stand_in(facts, account_id, now)
        if found is not None:
            yield replace(found, reason=reason) if found.reason == "own" else found


def _last(
    facts: Facts, wanted: Sequence[UUID], organisation_id: UUID | None, area_path: str
) -> Iterator[Reached]:
    """Everybody is away: better those than nobody."""
    members = facts.members(organisation_id) if organisation_id else []
    heads = [head for unit in _upwards(facts, organisation_id) for head in facts.heads(unit)]
    for account_id in (*wanted, *heads, *members, *facts.over("dispatcher", area_path)):
        if account_id in facts.people:
            yield Reached(facts.people[account_id], "last")


def _upwards(facts: Facts, organisation_id: UUID | None) -> Iterator[UUID]:
    seen: set[UUID] = set()
    while organisation_id is not None and organisation_id not in seen:
        seen.add(organisation_id)
        yield organisation_id
        organisation_id = facts.above.get(organisation_id)


def _absences(facts: Facts, now: datetime) -> Iterator[Absence]:
    return (one for one in facts.absences if one.begins_at <= now < one.ends_at)


def _once(found: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple({one.who.account_id: one for one in reversed(list(found))}.values())[::-1]
