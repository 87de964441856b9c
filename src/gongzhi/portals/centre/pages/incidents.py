"""突发事件 at the desk: where reports crowd, declaring, leading, calling everybody back, and the report afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.incidents import actions, queries
from gongzhi.incidents.forms import Declaration, Line
from gongzhi.incidents.policies import LEADERS
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.matters import queries as matters
from gongzhi.portals.centre import choices, incidents
from gongzhi.portals.centre.frame import INCIDENTS, page
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.visits import Visit

_DIGITS_MAX = 7


@door(policy="staff", roles=INCIDENTS)
@require_safe
def listed(request: Visit) -> HttpResponse:
    """What goes on now, what went on before, and where a new one may be beginning."""
    found = queries.listed(visible_to=request.actor)
    leads = request.actor.has_role(*LEADERS)
    values: dict[str, object] = {
        "surges": [
            incidents.shown_surge(surge) for surge in queries.surges(visible_to=request.actor, at=request.at)
        ]
        if leads
        else [],
        "open": [incidents.line(one, request.at) for one in found if one.ended_at is None],
        "over": [incidents.line(one, request.at) for one in found if one.ended_at is not None],
        "leads": leads,
    }
    return page(request, "centre/incidents.html", "incidents", values)


@door(policy="staff", roles=LEADERS)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Visit) -> HttpResponse:
    """GET with the number of the case that becomes the heart: the plan's words, to be changed. POST: it begins."""
    asked = request.POST if request.method == "POST" else request.GET
    number = asked.get("number", "").strip()
    if not number:
        return _form(request, {"number": ""}, {})
    try:
        header = matters.case(visible_to=request.actor, number=number, at=request.at, timeline_limit=1).header
    except NotFound as refusal:
        return _form(request, {"number": number}, {"number": problems.text(refusal)}, status=404)
    if request.method != "POST":
        return _form(request, incidents.proposed(header, request.at), {})
    values: dict[str, object] = {name: request.POST.get(name, "") for name in incidents.FIELDS}
    values |= {"number": number, "categories": request.POST.getlist("categories")}
    try:
        declared = actions.declare(
            declaration=_declaration(request, number, header.opened_at), by=request.actor, at=request.at
        )
    except Refusal as refusal:
        return _form(request, values, incidents.complaints(refusal), status=refusal.status)
    messages.success(request, _("已立为突发事件，范围内的诉求会自动收拢进来。"))
    return HttpResponseRedirect(reverse("centre:incident", args=[declared.id]))


def _declaration(request: Visit, number: str, opened_at: datetime) -> Declaration:
    posted = request.POST
    return Declaration(
        number=number,
        title=posted.get("title", ""),
        plan=posted.get("plan", "")[:40],
        categories=tuple(posted.getlist("categories")),
        radius_metres=_number(posted.get("radius", "")) or 0,
        since=opened_at - timedelta(minutes=_number(posted.get("minutes_before", "")) or 0),
        banner=posted.get("banner", ""),
        script=posted.get("script", ""),
        duties=tuple(line.strip()[:400] for line in posted.get("duties", "").splitlines() if line.strip())[
            :20
        ],
    )


def _number(text: str) -> int | None:
    said = text.strip()
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= _DIGITS_MAX else None


def _form(
    request: Visit, values: dict[str, object], wrong: dict[str, str], *, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {"values": values, "wrong": wrong, "kinds": choices.categories()}
    return page(request, "centre/incident_new.html", "incidents", context, status=status)


@door(policy="staff", roles=INCIDENTS)
@require_safe
def incident(request: Visit, incident_id: UUID) -> HttpResponse:
    """Everything about one: words, log, people and what may be done now."""
    return _shown(request, incident_id)


@door(policy="staff", roles=INCIDENTS)
@require_safe
def report(request: Visit, incident_id: UUID) -> HttpResponse:
    """The after-action report: figures, course, resources, lessons; made to be printed."""
    view = queries.view(visible_to=request.actor, incident_id=incident_id)
    values = incidents.report(view, queries.reports(view.incident), request.at)
    return page(request, "centre/incident_report.html", "incidents", {"report": values})


@door(policy="staff", roles=INCIDENTS)
@require_POST
def verb(request: Visit, incident_id: UUID, verb: str) -> HttpResponse:
    """One step. A refusal shows the page again with what was written and why not."""
    done = _VERBS.get(verb)
    if done is None:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")

    def work() -> Answer:
        done(request, incident_id)
        return Answer(200, b"{}")

    once = request.POST.get("_once", "")
    try:
        if once:  # a message to five hundred people is not sent twice
            print_ = fingerprint(request.path.encode())
            answer_once(actor=request.actor.reference, key=once, print_=print_, at=request.at, work=work)
        else:
            work()
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, incident_id, refused=(verb, refusal))
    messages.success(request, _("已记下。"))
    return HttpResponseRedirect(reverse("centre:incident", args=[incident_id]))


def _shown(request: Visit, incident_id: UUID, refused: tuple[str, Refusal] | None = None) -> HttpResponse:
    view = queries.view(visible_to=request.actor, incident_id=incident_id)
    values: dict[str, object] = {"incident": incidents.shown(view, request.at), "once": str(uuid4())}
    if refused:
        complaints = incidents.complaints(refused[1])
        values |= {"refused": refused[0], "problem": " ".join(complaints.values()), "posted": request.POST}
    return page(
        request, "centre/incident.html", "incidents", values, status=refused[1].status if refused else 200
    )


def _update(request: Visit, incident_id: UUID) -> None:
    actions.update(
        incident_id=incident_id, text=request.POST.get("text", ""), by=request.actor, at=request.at
    )


def _log(request: Visit, incident_id: UUID) -> None:
    posted = request.POST
    quantity = posted.get("quantity", "").strip()
    line = Line(
        posted.get("kind", ""),
        posted.get("text", ""),
        posted.get("who", ""),
        (_number(quantity) or 0) if quantity else None,
    )
    actions.write(incident_id=incident_id, line=line, by=request.actor, at=request.at)


def _done(request: Visit, incident_id: UUID) -> None:
    try:
        entry = UUID(request.POST.get("entry", ""))
    except ValueError as error:
        raise NotFound("incidents.no_entry", "没有这条记录，或已经结束。") from error
    actions.end_entry(incident_id=incident_id, entry_id=entry, by=request.actor, at=request.at)


def _call(request: Visit, incident_id: UUID) -> None:
    posted = request.POST
    actions.call(
        incident_id=incident_id,
        number=posted.get("number", ""),
        outcome=posted.get("outcome", ""),
        solved={"yes": True, "no": False}.get(posted.get("solved", "")),
        note=posted.get("note", ""),
        by=request.actor,
        at=request.at,
    )


def _gather(request: Visit, incident_id: UUID) -> None:
    number = request.POST.get("number", "").strip()
    actions.gather_by_hand(incident_id=incident_id, number=number, by=request.actor, at=request.at)


def _end(request: Visit, incident_id: UUID) -> None:
    posted = request.POST
    actions.end(
        incident_id=incident_id,
        conclusion=posted.get("conclusion", ""),
        lessons=posted.get("lessons", ""),
        by=request.actor,
        at=request.at,
    )


_VERBS: dict[str, Callable[[Visit, UUID], None]] = {
    "update": _update,
    "log": _log,
    "done": _done,
    "call": _call,
    "gather": _gather,
    "end": _end,
}
