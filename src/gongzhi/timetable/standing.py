"""The facts of `duty` as they stand at an instant: who is at work, who holds what, who is away or on duty."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from gongzhi.access.prepared import fetch
from gongzhi.grants import queries as grants
from gongzhi.kernel.clock import in_china
from gongzhi.parties.models import Organisation
from gongzhi.timetable import duty
from gongzhi.timetable.duty import Absence, Facts, Holding, Reached, Shift, Someone, Standby
from gongzhi.timetable.models import Deputyship, Leave, RosterPlace
from gongzhi.timetable.queries import Timetable, current

_SHIFT = tuple(Shift.__dataclass_fields__)
_NOBODY_TO_TELL = ("resident", "integrator", "auditor")


@dataclass(frozen=True)
class Reach:
    """Whom messages reach at one instant: everything is read once, at the first question."""

    at: datetime

    @cached_property
    def facts(self) -> Facts:
        return facts_at(self.at)

    @cached_property
    def timetable(self) -> Timetable:
        return current()

    @cached_property
    def on_any_roster(self) -> frozenset[UUID]:
        units = self.facts.shifts_of
        found = [one for unit in units for one in duty.on_duty(self.facts, unit, self.at)]
        return frozenset(one.instead_of or one.who.account_id for one in found)

    def account(
        self, account_id: UUID, *, organisation_id: UUID | None, area_path: str
    ) -> tuple[Reached, ...]:
        """For one named account, working for a unit."""
        return self._of([account_id], organisation_id, area_path)

    def heads(self, organisation_id: UUID, *, area_path: str) -> tuple[Reached, ...]:
        return self._of(self.facts.heads(organisation_id), organisation_id, area_path)

    def members(self, organisation_id: UUID, *, area_path: str) -> tuple[Reached, ...]:
        """Of a unit as a whole: those on duty, else whoever of it can be reached."""
        found = duty.on_duty(self.facts, organisation_id, self.at)
        return found or self._of(self.facts.members(organisation_id), organisation_id, area_path)

    def over(self, role: str, area_path: str) -> tuple[Reached, ...]:
        """Holders of a role over a place; nobody at hand: the desk."""
        wanted = self.facts.over(role, area_path)
        if not is_at_work(self.timetable, None, self.at):
            wanted = [one for one in wanted if one in self.on_any_roster] or wanted
        return duty.reach(self.facts, wanted=wanted, organisation_id=None, area_path=area_path, now=self.at)

    def _of(self, wanted: list[UUID], organisation_id: UUID | None, area_path: str) -> tuple[Reached, ...]:
        return duty.reach(
            self.facts,
            wanted=wanted,
            organisation_id=organisation_id,
            area_path=area_path,
            now=self.at,
            at_work=organisation_id is None or is_at_work(self.timetable, organisation_id, self.at),
        )


def is_at_work(timetable: Timetable, organisation_id: UUID | None, at: datetime) -> bool:
    """Between the first and the last working minute of the unit's day; a lunch break does not send people home."""
    wall, hours = in_china(at), timetable.hours(organisation_id)
    spells = hours.spells(work_day=timetable.holidays.likely_work_day(wall.date()))
    minute = wall.hour * 60 + wall.minute
    return bool(spells) and spells[0][0] <= minute < spells[-1][1]


def facts_at(at: datetime, *, organisation_id: UUID | None = None) -> Facts:
    """Six statements, whatever the size of the town. organisation_id: rosters, leaves and deputies of one unit only."""
    # What is lent is not counted: the deputy is found through the leave, and hears why.
    held = (
        grants.valid(at)
        .filter(lent_from=None)
        .exclude(role__in=_NOBODY_TO_TELL)
        .exclude(account__person=None)
    )
    rows = held.values_list(
        "account_id", "account__person_id", "account__language", "role", "area_path", "organisation_id"
    )
    people: dict[UUID, Someone] = {}
    holdings = []
    for account_id, person_id, language, role, area_path, unit in rows:
        if person_id is not None:
            people[account_id] = Someone(account_id, person_id, language)
            holdings.append(Holding(account_id, role, area_path, unit))
    for account_id, person_id, language, unit in _posts(at):
        people.setdefault(account_id, Someone(account_id, person_id, language))
        holdings.append(Holding(account_id, "", "", unit))
    units = Organisation.objects.filter(ended_at__isnull=True)
    return Facts(
        people=people,
        holdings=holdings,
        shifts=[Shift(**row) for row in _of(roster_at(at), organisation_id).values(*_SHIFT)],
        absences=[
            Absence(*row)
            for row in leaves_at(at).values_list("account_id", "deputy_id", "begins_at", "ends_at")
        ],
        standbys=[
            Standby(*row) for row in deputies_at(at).values_list("organisation_id", "account_id", "deputy_id")
        ],
        above=dict(units.values_list("id", "parent_id")),
    )


def _posts(at: datetime) -> list[tuple[UUID, UUID, str, UUID]]:
    """Those whose rights name no unit (a desk, a leader of a street) work for one all the same."""
    return fetch(
        "SELECT account.id, account.person_id, account.language, post.organisation_id FROM parties_account account"
        " JOIN parties_post post ON post.person_id = account.person_id AND post.ended_at IS NULL"
        " WHERE account.disabled_at IS NULL AND EXISTS (SELECT 1 FROM grants_grant held"
        " WHERE held.account_id = account.id"
        " AND held.valid_from <= %s AND (held.valid_until IS NULL OR held.valid_until > %s))",
        [at, at],
    )


def roster_at(at: datetime, *, days: int = 1) -> QuerySet[RosterPlace]:
    """Places that count on a day from the one before `at` to `days` - 1 after it."""
    day = in_china(at).date()
    first, last = day - timedelta(days=1), day + timedelta(days=days)
    now = RosterPlace.objects.filter(ended_at__isnull=True)
    return now.filter(
        Q(on_date__gte=first, on_date__lt=last)
        | Q(Q(until_on__isnull=True) | Q(until_on__gt=first), weekday__isnull=False, from_on__lt=last)
    ).order_by("begins_minute", "id")


def leaves_at(at: datetime) -> QuerySet[Leave]:
    now = Leave.objects.filter(begins_at__lte=at, ends_at__gt=at)
    return now.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at)).order_by("-recorded_at", "id")


def deputies_at(at: datetime) -> QuerySet[Deputyship]:
    now = Deputyship.objects.filter(valid_from__lte=at).order_by("-valid_from", "id")
    return now.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def _of(rows: QuerySet[RosterPlace], organisation_id: UUID | None) -> QuerySet[RosterPlace]:
    return rows if organisation_id is None else rows.filter(organisation_id=organisation_id)
