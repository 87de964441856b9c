"""One-click handover when somebody goes. Rooms above say what work of theirs lies with an account and how it passes on;
all of it passes in one transaction or none.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid
from gongzhi.timetable import events
from gongzhi.timetable.crew import members
from gongzhi.timetable.models import RosterPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """From whom to whom, within which unit."""

    organisation_id: UUID
    account_id: UUID
    to_account_id: UUID
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """held: pieces that lie open with somebody, columns that name the unit and the account.
    pass_on: moves them, records its acts, counts."""

    held: Callable[[], QuerySet[Any]]
    unit: str
    account: str
    pass_on: Callable[[Passing], int]


_kinds: dict[str, Work] = {}


def register(code: str, work: Work) -> None:
    """Raises ValueError for a second registration."""
    if code in _kinds:
        raise ValueError(f"{code} is registered already")
    _kinds[code] = work


def open_work(organisation_id: UUID) -> Counter[UUID]:
    """Account → how many pieces of all kinds lie with it in the unit; also accounts that were disabled or work elsewhere
    now. A statement for each kind."""
    found: Counter[UUID] = Counter()
    for work in _kinds.values():
        rows = work.held().filter(**{work.unit: organisation_id, f"{work.account}__isnull": False})
        found.update(dict(rows.values_list(work.account).annotate(count=Count("pk")).order_by()))
    return found


def open_in_units(account_id: UUID) -> Counter[UUID]:
    """Unit → how many pieces of all kinds lie with the account there. A statement for each kind."""
    found: Counter[UUID] = Counter()
    for work in _kinds.values():
        rows = work.held().filter(**{work.account: account_id, f"{work.unit}__isnull": False})
        found.update(dict(rows.values_list(work.unit).annotate(count=Count("pk")).order_by()))
    return found


@transaction.atomic
def hand_over(
    *, organisation_id: UUID, account_id: UUID, to_account_id: UUID, by: Actor, at: datetime
) -> dict[str, int]:
    """Everything open of an account in a unit passes to a colleague; returns kind → how many.

    By the head of the unit, the system administrator, or whoever hands over their own. Raises NotAllowed, Invalid when
    the receiver is not of this unit, Conflict when nothing is open.
    """
    if by.kind != "account" or by.id != account_id:
        require_to(by, "timetable.roster", organisation_id=organisation_id)
    crew = members(organisation_id, at)
    if by.id == account_id and account_id not in crew:
        require_to(by, "timetable.roster", organisation_id=organisation_id)
    if to_account_id == account_id or to_account_id not in crew:
        raise Invalid("timetable.receiver", "请选择本单位的另一位在岗人员接手。", field="to")
    passing = Passing(
        organisation_id=organisation_id, account_id=account_id, to_account_id=to_account_id, by=by, at=at
    )
    passed = {code: work.pass_on(passing) for code, work in _kinds.items()}
    counts = {code: number for code, number in passed.items() if number}
    if not counts:
        raise Conflict("timetable.nothing_open", "此人在本单位没有需要移交的事项。")
    event = events.WorkHandedOver(organisation_id, account_id, to_account_id, counts)
    subject = Subject("parties.organisation", organisation_id)
    record(verb="timetable.hand_over", subject=subject, by=by, at=at, event=event)
    return counts


def _places() -> QuerySet[RosterPlace]:
    return RosterPlace.objects.filter(ended_at=None)


def _pass_places(passing: Passing) -> int:
    """The old places end, the colleague has the same ones; those they had already are not doubled."""
    rows = RosterPlace.objects.select_for_update().filter(
        organisation_id=passing.organisation_id, ended_at=None
    )
    going = list(rows.filter(account_id=passing.account_id).order_by("id"))
    known = {_when(place) for place in rows.filter(account_id=passing.to_account_id)}
    RosterPlace.objects.filter(id__in=[place.id for place in going]).update(ended_at=passing.at)
    fresh = [place for place in going if _when(place) not in known]
    for place in fresh:
        place.id, place.account_id, place.set_at = ids.uuid7(passing.at), passing.to_account_id, passing.at
    RosterPlace.objects.bulk_create(fresh)
    return len(going)


def _when(place: RosterPlace) -> tuple[object, ...]:
    return place.weekday, place.on_date, place.begins_minute


register("roster_places", Work(_places, "organisation_id", "account_id", _pass_places))
