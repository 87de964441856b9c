"""Who hears of a matter as staff: the holders of a relation, through leave, deputies and the roster of the hour.

A unit's shared list is one notice that everybody of it reads. Where somebody must hear in person — a ladder, an
emergency, the handler — the people are found one by one, and a route that ends at nobody falls back to the list.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gongzhi.grants.roles import ROLES
from gongzhi.matters.accused import people_barred
from gongzhi.matters.models import Assignment, Matter, Supervision, Task, WhistleCall
from gongzhi.notices.outgoing import Recipient
from gongzhi.timetable.duty import Reached
from gongzhi.timetable.standing import Reach

SEVERAL = ("assistant", "called", "supervised")  # a ladder reaches those of them whose own clock it is
_WHY = {
    "deputy": ("（您是代理人）", " (you deputise)"),
    "on_duty": ("（您正在值班）", " (you are on duty)"),
    "unit_head": (
        "（本应告知的人不在，请负责人安排）",
        " (nobody else could be reached; please arrange it as head)",
    ),
    "desk": (
        "（承办单位无人可告知，请派单台处理）",
        " (nobody of the unit could be reached; the desk is asked)",
    ),
    "colleague": ("（本应告知的人不在）", " (nobody else could be reached)"),
    "last": ("（全部人员均在请假）", " (everybody is on leave)"),
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """organisation_id: the unit they hear it for. why: said to whom it was not meant for in the first place. named: they
    were looked for in person."""

    to: Recipient
    organisation_id: UUID | None = None
    why: str = ""

    @property
    def named(self) -> bool:
        return self.to.person_id is not None


def recipients(matter: Matter, relation: str, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    """Who stands in a relation (or holds `role:x`) now. by_name: people, not lists. Of a confidential matter only desk,
    lead and handler hear; of a complaint nobody it complains of, by name or by unit."""
    barred = people_barred(matter, reach.at)
    for one in _standing_in(matter, relation, reach, by_name=by_name):
        if one.to.person_id is None or one.to.person_id not in barred:
            yield one


def _standing_in(matter: Matter, relation: str, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    if relation in ("lead", "handler"):
        yield from _of_the_lead(matter, relation, reach, by_name=by_name)
    elif relation == "former_lead":
        ended = Assignment.objects.filter(matter=matter, role="lead", ended_at__isnull=False)
        for unit in ended.order_by("-ended_at", "-id").values_list("organisation_id", flat=True)[:1]:
            if unit is not None:
                yield from _of_unit(unit, matter, reach, by_name=by_name)
    elif relation == "desk":
        yield from _over("dispatcher", matter, reach, by_name=by_name)
    elif not matter.confidential:
        yield from _openly(matter, relation, reach, by_name=by_name)


def _of_the_lead(matter: Matter, relation: str, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    if relation == "handler" and matter.handler_id:
        found = reach.account(matter.handler_id, organisation_id=matter.lead_id, area_path=matter.area_path)
        yield from _people(found, matter.lead_id)
        if found:
            return
    if matter.lead_id:
        yield from _of_unit(matter.lead_id, matter, reach, by_name=by_name)


def _openly(matter: Matter, relation: str, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    if relation in SEVERAL:
        for unit in _several(matter, relation):
            yield from _of_unit(unit, matter, reach, by_name=by_name)
        return
    if relation == "tasked":
        yield from _tasked(matter, reach, by_name=by_name)
        return
    role = relation.removeprefix("role:")
    known = ROLES.get(role)
    if known is None:
        return
    if known.scope != "organisation":
        yield from _over(role, matter, reach, by_name=by_name)
    elif matter.lead_id:
        heads = role == "unit_head" and by_name
        found = reach.heads(matter.lead_id, area_path=matter.area_path) if heads else ()
        yield from _people(found, matter.lead_id)
        if not found:
            yield Addressee(Recipient(organisation_id=matter.lead_id), matter.lead_id)


def _tasked(matter: Matter, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    """Units and people with an open task."""
    for task in Task.objects.filter(matter=matter, ended_at__isnull=True).order_by("at", "id"):
        if task.unit_id is not None:
            yield from _of_unit(task.unit_id, matter, reach, by_name=by_name)
        elif task.account_id is not None:
            found = reach.account(task.account_id, organisation_id=matter.lead_id, area_path=matter.area_path)
            yield from _people(found, matter.lead_id)


def _several(matter: Matter, relation: str) -> Iterator[UUID]:
    """Units with a part of their own that is not over, in the order they came in."""
    rows: Mapping[str, tuple[QuerySet[Any], str]] = {
        "assistant": (Assignment.objects.filter(role="assist"), "organisation_id"),
        "called": (WhistleCall.objects.all(), "organisation_id"),
        "supervised": (Supervision.objects.all(), "supervised_id"),
    }
    found, column = rows[relation]
    open_ones = found.filter(matter=matter, ended_at__isnull=True).order_by("at", "id")
    return (unit for unit in open_ones.values_list(column, flat=True) if unit is not None)


def _of_unit(unit: UUID, matter: Matter, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    """The list of the unit; by name also those of it who are on duty."""
    yield Addressee(Recipient(organisation_id=unit), unit)
    if by_name:
        yield from _people(reach.members(unit, area_path=matter.area_path), unit)


def _over(role: str, matter: Matter, reach: Reach, *, by_name: bool) -> Iterator[Addressee]:
    found = reach.over(role, matter.area_path) if by_name else ()
    yield from _people(found, None)
    if not found:
        yield Addressee(Recipient(role=role, area_path=matter.area_path))


def _people(found: Iterable[Reached], organisation_id: UUID | None) -> Iterator[Addressee]:
    for one in found:
        zh, en = _WHY.get(one.reason, ("", ""))
        english = one.who.language.startswith("en")
        to = Recipient(person_id=one.who.person_id, language=one.who.language)
        yield Addressee(to, organisation_id, en if english else zh)
