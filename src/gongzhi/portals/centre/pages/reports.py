"""Taking a report at the desk: caller, text, place; proposals with their reasons while the call runs."""

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.incidents import queries as incidents
from gongzhi.intake import actions as intake
from gongzhi.intake import snapshots
from gongzhi.intake.complaining import accused_of
from gongzhi.intake.preparing import prepare
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import InvalidForm, Refusal
from gongzhi.matters import queries as matters
from gongzhi.matters.reports import Report
from gongzhi.places.index import PlaceIndex
from gongzhi.portals.centre import choices, showing
from gongzhi.portals.centre.frame import REPORTERS, page
from gongzhi.portals.centre.units import limit_words
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.forms import Option
from gongzhi.web.idempotency import Answer, answer_once, answered, fingerprint
from gongzhi.web.visits import Visit

CHANNELS = ("phone", "window", "worker", "superior", "police_110")
_FIELDS = (
    "channel",
    "external_id",
    "caller_phone",
    "caller_name",
    "confidential",
    "text",
    "address",
    "lon",
    "lat",
    "category",
    *("complains", "accused_unit", "accused_account", "accused_words"),
)
_ALIKE_MAX = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    title: str
    value: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    lon: float | None
    lat: float | None
    why: str


@door(policy="staff", roles=REPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Visit) -> HttpResponse:
    """GET: the form. POST: opens the case once and leads to it; what is wrong is said field by field, nothing is lost."""
    if request.method != "POST":
        return _form(request, {"channel": CHANNELS[0]})
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    once = _once(request)

    def work() -> Answer:
        opened = intake.take_in(raw=_raw(request, values), by=request.actor, at=request.at)
        return Answer(
            201, json.dumps({"number": opened.number, "code": opened.follow_code, "new": opened.new}).encode()
        )

    try:
        answer = answer_once(
            actor=request.actor.reference,
            key=once,
            print_=fingerprint(json.dumps(values, sort_keys=True).encode()),
            at=request.at,
            work=work,
        )
    except Refusal as refusal:
        first = (
            answered(actor=request.actor.reference, key=once) if refusal.code == "web.key_reused" else None
        )
        return _form(
            request, values, refusal=refusal, first=json.loads(first.body)["number"] if first else ""
        )
    opened = json.loads(answer.body)
    said = (
        _("对方编号已登记过，就是这一件：%(number)s。")
        if not opened.get("new", True)
        else _("这张表刚才已经登记为 %(number)s，查询码 %(code)s，没有再登记一次。")
        if answer.repeated
        else _("已登记 %(number)s，查询码 %(code)s。请告诉来电人这两个号。")
    )
    messages.success(request, said % {"number": numbers.grouped(opened["number"]), "code": opened["code"]})
    return HttpResponseRedirect(reverse("centre:case", args=[opened["number"]]))


@door(policy="staff", roles=REPORTERS)
@require_POST
def proposals(request: Visit) -> HttpResponse:
    """What the system would decide, before anything is written."""
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    held = snapshots.current()
    shown: list[Proposal] = []
    if values["text"].strip() or values["address"].strip():
        try:
            raw = _raw(request, values)
            about = accused_of(raw, at=request.at)
            shown = _proposed(prepare(raw, held, request.at, accused=about), held.places)
        except InvalidForm as refusal:
            shown = [Proposal(_("需要改正"), problems.text(error)) for error in refusal.errors.values()]
    address = values["address"].strip()
    context = {
        "proposals": shown,
        "candidates": _places(held.places, address) if address else [],
        "alike": _alike(request, address) if len(address) >= 2 else [],
    }
    return render(request, "centre/proposals.html", context)


def _raw(request: Visit, values: dict[str, str]) -> RawReport:
    return RawReport(
        text=values["text"],
        category=values["category"],
        channel=values["channel"],
        origin=values["channel"] if values["external_id"].strip() else "",
        external_id=values["external_id"].strip(),
        address=values["address"],
        lon=values["lon"] or None,
        lat=values["lat"] or None,
        phone=values["caller_phone"],
        name=values["caller_name"],
        confidential=bool(values["confidential"]),
        taken_in=_own_area(request),
        language=choices.language(),
        complains=bool(values["complains"]),
        accused_unit=values["accused_unit"],
        accused_account=values["accused_account"],
        accused_words=values["accused_words"],
    )


def _own_area(request: Visit) -> str:
    """The one area whose reports this person takes in; "" for several, or for the whole town."""
    paths = {held.area_path for held in request.actor.held if held.role in REPORTERS and held.area_path}
    return paths.pop() if len(paths) == 1 else ""


def _proposed(report: Report, index: PlaceIndex) -> list[Proposal]:
    shown = [
        Proposal(_("类别"), choices.category_title(report.category)),
        Proposal(_("地点"), _where(report, index)),
    ]
    route = report.route
    if route is not None:
        leads = [candidate.organisation for candidate in route.candidates]
        name = (
            choices.organisation_name(str(route.organisation_id))
            if route.organisation_id
            else "、".join(leads)
        )
        shown.append(Proposal(_("主办"), name or _("待定"), route.reason.in_language(choices.language())))
        limits = [
            f"{title} {limit_words(limit.value, limit.unit)}"
            for title, limit in ((_("响应"), route.response), (_("办理"), route.handling))
            if limit
        ]
        if limits:
            shown.append(Proposal(_("期限"), " · ".join(limits)))
    return shown


def _where(report: Report, index: PlaceIndex) -> str:
    """A place nobody knows yet is said as that, with the area whose desk keeps it meanwhile."""
    kept_by = index.full_name(report.area_path)
    if report.place_state == "located":
        return kept_by
    unknown = _("不在任何网格内") if report.place_state == "outside" else _("地点未知")
    return f"{unknown} · {kept_by}" if kept_by else unknown


def _places(index: PlaceIndex, address: str) -> list[Place]:
    found = []
    for candidate in index.locate_text(address)[:_ALIKE_MAX]:
        point = (candidate.lon, candidate.lat)
        inner = index.inner_point(candidate.area_path) if candidate.lon is None else None
        lon, lat = inner or point
        why = "、".join(name.text for name in candidate.names)
        found.append(Place(index.full_name(candidate.area_path), lon, lat, why))
    return found


def _alike(request: Visit, address: str) -> list[showing.Row]:
    rows = matters.search(visible_to=request.actor, text=address[:60], limit=_ALIKE_MAX)
    return [
        showing.row(row, at=request.at, url=reverse("centre:case", args=[row.number]))
        for row in rows
        if row.closed_at is None
    ]


def _once(request: Visit) -> str:
    """The form's own key; anything that is not one of ours is a form without."""
    try:
        return str(UUID(request.POST.get("_once", "")))
    except ValueError:
        return str(uuid4())


def _form(
    request: Visit, values: dict[str, str], *, refusal: Refusal | None = None, first: str = ""
) -> HttpResponse:
    """first: the case this very form has opened before it was sent again with other content."""
    names = showing.channels()
    context: dict[str, object] = {
        "values": values,
        "channels": [Option(code, names[code]) for code in CHANNELS],
        "categories": choices.categories(),
        "units": choices.organisations(request.actor),
        "colleagues": choices.colleagues(request.actor),
        "once": str(uuid4()),
        "incidents": incidents.running(visible_to=request.actor),
        "first": first,
        "first_number": numbers.grouped(first) if first else "",
        "problem": problems.text(refusal) if refusal else "",
        "wrong": [problems.text(error) for error in problems.field_errors(refusal).values()]
        if refusal
        else [],
    }
    return page(request, "centre/report.html", "report", context, status=refusal.status if refusal else 200)
