"""Saying what is wrong, and the page that confirms it."""

import json
from hashlib import sha256
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.incidents import queries as incidents
from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound, Refusal, TooMany
from gongzhi.matters import queries as matters
from gongzhi.matters.queries.public import public
from gongzhi.portals.resident import following, keeping, promising, showing
from gongzhi.portals.resident.surroundings import chosen, surroundings
from gongzhi.web import problems, rates
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, answered, fingerprint
from gongzhi.web.visits import Visit, network

_FIELDS = (
    *("text", "address", "lon", "lat", "place", "category", "phone", "name"),
    *("confidential", "anonymous", "complains", "accused_unit", "accused_words"),
)
_REPORTS_A_MINUTE = 10
_LOOKS_A_MINUTE = 60
_SHOWN_PUBLIC = 6


@door(policy="public")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Visit) -> HttpResponse:
    """The first page: one box, where, send. What is wrong comes back beside what was written."""
    if request.method != "POST":
        return _form(request, dict.fromkeys(_FIELDS, ""))
    values = {name: request.POST.get(name, "").strip() for name in _FIELDS}

    def work() -> Answer:
        opened = intake.take_in(raw=_raw(request, values), by=request.actor, at=request.at)
        return Answer(201, json.dumps({"number": opened.number, "code": opened.follow_code}).encode())

    once, sender = _once(request), _sender(request)
    try:
        if request.actor.id is None:
            _limit(request, "resident.report", _REPORTS_A_MINUTE)
        answer = answer_once(
            actor=sender,
            key=once,
            print_=fingerprint(json.dumps(values, sort_keys=True).encode()),
            at=request.at,
            work=work,
        )
    except Refusal as refusal:
        first = answered(actor=sender, key=once) if refusal.code == "web.key_reused" else None
        return _form(
            request, values, refusal=refusal, first=json.loads(first.body)["number"] if first else ""
        )
    if answer.repeated:
        messages.success(request, _("这张表刚才已经收到，没有再登记一次。"))
    opened = json.loads(answer.body)
    reader = matters.follow(number=opened["number"], code=opened["code"])
    following.remember(request, number=opened["number"], reader=reader)
    request.session["sent"] = opened
    return HttpResponseRedirect(reverse("resident:sent"))


@door(policy="public")
@require_POST
def around(request: Visit) -> HttpResponse:
    """Part of the form: where we think it is, and what is already being done close by. Silent when asked too often."""
    try:
        _limit(request, "resident.around", _LOOKS_A_MINUTE)
    except TooMany:
        return HttpResponse(status=204)
    values = {name: request.POST.get(name, "") for name in ("text", "address", "lon", "lat")}
    context = {"around": surroundings(values, at=request.at), "values": {"place": ""}}
    return render(request, "resident/around.html", context)


@door(policy="public")
@require_safe
def sent(request: Visit) -> HttpResponse:
    """Received, number, who, by when, what happens next. Only for the visit that sent it."""
    opened = request.session.get("sent")
    if not opened:
        raise NotFound("resident.nothing_sent", "没有刚提交的诉求。如需查看进度，请用编号查询。")
    reader = following.reader_of(request, opened["number"])
    view = matters.case(visible_to=reader, number=opened["number"], at=request.at)
    outlook = matters.outlook(visible_to=reader, number=opened["number"], at=request.at)
    context = {
        "number": opened["number"],
        "code": opened["code"],
        "promise": promising.promise(view, outlook, request.at),
        "terms": promising.terms(view, outlook, request.at),
        "title": view.header.title,
        "place": view.address or showing.area_name(view.header.area_path),
        "area": showing.area_name(view.header.area_path) if view.address else "",
    }
    return render(request, "resident/sent.html", context)


def _limit(request: Visit, purpose: str, a_minute: int) -> None:
    rates.take(purpose=purpose, who=network(request), capacity=a_minute, per_seconds=60, at=request.at)


def _sender(request: Visit) -> str:
    """Whose keys these are: the account's, else this browser's, known by the secret of its forms."""
    if request.actor.id is not None:
        return request.actor.reference
    secret = str(request.META.get("CSRF_COOKIE", ""))
    return f"visit:{sha256(secret.encode()).hexdigest()[:40]}"


def _once(request: Visit) -> str:
    """The form's own key; anything that is not one of ours is a form without."""
    try:
        return str(UUID(request.POST.get("_once", "")))
    except ValueError:
        return str(uuid4())


def _raw(request: Visit, values: dict[str, str]) -> RawReport:
    known = request.actor.party_id if not (values["phone"] or values["name"]) else None
    lon, lat, area = chosen(values)
    return RawReport(
        text=values["text"],
        category=values["category"],
        channel="web",
        address=values["address"],
        area=area,
        lon=lon,
        lat=lat,
        reporter_id=known,
        phone=values["phone"],
        name=values["name"],
        anonymous=bool(values["anonymous"]),
        confidential=bool(values["confidential"]),
        language=showing.language(),
        complains=bool(values["complains"]),
        accused_unit=values["accused_unit"],
        accused_words=values["accused_words"],
        file_ids=keeping.keep_photos(request.FILES.getlist("photos"), by=request.actor, at=request.at),
    )


def _form(
    request: Visit, values: dict[str, str], *, refusal: Refusal | None = None, first: str = ""
) -> HttpResponse:
    """first: the matter this very form has opened before it was sent again with other content."""
    wrong = (
        {name: problems.text(error) for name, error in problems.field_errors(refusal).items()}
        if refusal
        else {}
    )
    context = {
        "values": values,
        "once": str(uuid4()),
        "first": first,
        "first_number": numbers.grouped(first) if first else "",
        "categories": showing.categories(),
        "units": showing.units(request.actor),
        "wrong": wrong,
        "wrong_place": next((wrong[name] for name in ("lon", "lat", "area") if name in wrong), ""),
        "problem": problems.text(refusal) if refusal else "",
        "photos_again": bool(refusal and request.FILES),
        "banners": incidents.banners(at=request.at),
        "around": surroundings(values, at=request.at),
        "recent": [showing.public_line(row, at=request.at) for row in public(open=True, limit=_SHOWN_PUBLIC)],
        "proved": following.proved(request),
        "signed_in": request.actor.id is not None,
    }
    response = render(request, "resident/report.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.params.get("seconds", 60))
    return response
