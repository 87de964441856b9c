"""The tables in force, as the pure calendar wants them (everybody may read those); rosters and leaves by the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.access.once import once
from gongzhi.access.prepared import fetch
from gongzhi.calendar.holidays import Holidays, YearTable
from gongzhi.calendar.hours import OFFICE, WorkingHours
from gongzhi.kernel import clock
from gongzhi.timetable.models import Deputyship, HolidayYear, Leave, RosterPlace, UnitHours


@dataclass(frozen=True, slots=True)
class Timetable:
    """Immutable. The same object as long as nothing changed, so the calendar's tables are made once."""

    holidays: Holidays
    common_hours: WorkingHours
    own_hours: Mapping[UUID, WorkingHours]

    def hours(self, organisation_id: UUID | None) -> WorkingHours:
        """The unit's own hours, else everybody's, else office hours 8:30–12:00 and 13:30–17:30."""
        return (
            self.own_hours.get(organisation_id, self.common_hours) if organisation_id else self.common_hours
        )


def current() -> Timetable:
    """What is in force now: one small query, rebuilt only when something was loaded or set."""
    # Every id, not a count: what a rolled-back transaction saw must not look like what was loaded instead.
    return _timetable(*once("timetable.editions", _editions))


def _editions() -> tuple[Any, ...]:
    [editions] = fetch(
        "SELECT (SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM timetable_holidayyear),"
        " (SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM timetable_unithours WHERE valid_until IS NULL)"
    )
    return editions


def holidays(at: datetime | None = None) -> Holidays:
    """The editions in force; with a past `at`, those that were loaded by then."""
    if at is None or clock.now() <= at or not HolidayYear.objects.filter(loaded_at__gt=at).exists():
        return current().holidays
    return _holidays(at)


def missing_next_year(at: datetime) -> int | None:
    """Next year, if its holidays are not loaded; None when all is well."""
    following = clock.in_china(at).year + 1
    return None if current().holidays.is_published(following) else following


@lru_cache(maxsize=4)
def _timetable(years: str | None, hours: str | None) -> Timetable:
    now = {row.organisation_id: _hours(row) for row in UnitHours.objects.filter(valid_until=None)}
    common = now.pop(None, OFFICE)
    return Timetable(_holidays(None), common, {key: value for key, value in now.items() if key})


def _holidays(at: datetime | None) -> Holidays:
    rows = HolidayYear.objects.order_by("year", "-edition").distinct("year")
    if at is not None:
        rows = rows.filter(loaded_at__lte=at)
    return Holidays.of(
        YearTable(row.year, frozenset(row.days_off), frozenset(row.make_up_days), row.source) for row in rows
    )


def _hours(row: UnitHours) -> WorkingHours:
    return WorkingHours(
        tuple((begins, ends) for begins, ends in row.on_work_days),
        tuple((begins, ends) for begins, ends in row.on_rest_days),
    )


def roster(*, visible_to: Actor) -> QuerySet[RosterPlace]:
    """Places that have not ended, by unit, day and hour."""
    rows = visible(RosterPlace.objects.filter(ended_at__isnull=True), visible_to)
    return rows.order_by("organisation_id", "weekday", "on_date", "begins_minute", "id")


def leaves(*, visible_to: Actor, at: datetime) -> QuerySet[Leave]:
    """Those that last at `at` or are still to come, soonest first."""
    rows = visible(Leave.objects.filter(ended_at__isnull=True, ends_at__gt=at), visible_to)
    return rows.select_related("account", "deputy").order_by("begins_at", "id")


def deputies(*, visible_to: Actor, organisation_id: UUID) -> QuerySet[Deputyship]:
    """Standing deputies of one unit, for whoever sees its roster."""
    rows = visible(Deputyship.objects.filter(organisation_id=organisation_id, valid_until=None), visible_to)
    return rows.select_related("account", "deputy").order_by("account__display_name", "id")
