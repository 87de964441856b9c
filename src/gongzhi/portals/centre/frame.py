"""What every desk page wears: navigation by role, the area one works in."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do
from gongzhi.councils import policies as councils
from gongzhi.grants.roles import ADMINISTRATORS, ROLES
from gongzhi.indicators.policies import VIEW
from gongzhi.lab.policies import REPLAY
from gongzhi.places import snapshot as places
from gongzhi.portals.centre import rosters
from gongzhi.portals.centre.policies import RECORDS
from gongzhi.projects import policies as projects
from gongzhi.sampling import policies as sampling
from gongzhi.web.visits import Visit

REPORTERS = ("dispatcher", "window", "community_worker", "grid_worker")
INCIDENTS = (*REPORTERS, "quality", "street_leader", "supervisor")
QUALITY = (*sampling.READERS, *sampling.EVALUATORS, *sampling.REVISITORS)
COUNCILS = (*councils.READERS, *councils.MEMBERS)
PROJECTS = (*projects.READERS, *projects.MEMBERS)
EXCHANGE = ("dispatcher", "integrator", "system_admin")
LEADING = ("street_leader", "supervisor", "unit_head")
ON_DUTY = (*rosters.WORKING, *rosters.WATCHING)
BESIDE = ("auditor", "evaluator", "integrator", *ADMINISTRATORS)


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    area_name: str
    roles: str
    navigation: list[Item]


def page(
    request: Visit, template: str, here: str, values: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """Render a desk page. here: name of the navigation entry it belongs to."""
    return render(request, template, {"desk": frame(request.actor, here), **values}, status=status)


def frame(actor: Actor, here: str) -> Frame:
    english = (translation.get_language() or "").startswith("en")
    roles = dict.fromkeys(
        ROLES[held.role] for held in actor.held if held.role in ROLES and held.role != "resident"
    )
    return Frame(
        area_name=_area_name(actor),
        roles=" · ".join(role.en if english else role.zh for role in roles),
        navigation=[Item(title, reverse(f"centre:{name}"), name == here) for name, title in _entries(actor)],
    )


def works_on_cases(actor: Actor) -> bool:
    """Auditors, administrators and integrators do not: their desk begins elsewhere."""
    return any(held.role not in ("resident", *BESIDE) for held in actor.held)


def _entries(actor: Actor) -> list[tuple[str, str]]:
    entries = []
    if actor.has_role("grid_worker"):
        entries.append(("today", _("今天要办")))
    if works_on_cases(actor):
        entries.append(("inbox", _("工单")))
    if actor.has_role(*BESIDE, *LEADING):
        entries.append(("overview", _("总览")))
    if may_do(actor, RECORDS):
        entries.append(("records", _("记录")))
    if actor.has_role(*REPORTERS):
        entries.append(("report", _("登记")))
    if works_on_cases(actor):
        entries.append(("map", _("地图")))
    if actor.has_role(*INCIDENTS):
        entries.append(("incidents", _("突发")))
    if actor.has_role(*COUNCILS):
        entries.append(("councils", _("会商")))
    if actor.has_role(*PROJECTS):
        entries.append(("projects", _("专题")))
    if may_do(actor, VIEW):
        entries.append(("statistics", _("统计")))
    if actor.has_role(*QUALITY):
        entries.append(("quality", _("质检")))
    if may_do(actor, REPLAY):
        entries.append(("lab", _("推演")))
    if rosters.reads_some(actor):
        entries.append(("duty", _("值班")))
    if actor.has_role(*EXCHANGE):
        entries.append(("exchange", _("往来")))
    return [
        *entries,
        ("mandates", _("责任清单")),
        ("procedures", _("程序")),
        ("ledger", _("账本")),
    ]


def _area_name(actor: Actor) -> str:
    path = next((held.area_path for held in actor.held if held.area_path), "")
    line = places.at_hand().line(path) if path else []
    return line[-1].name if line else ""
