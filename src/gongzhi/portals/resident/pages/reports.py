"""Saying what is wrong, and the page that confirms it."""

import json
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.files import actions as files
from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import NotFound, Refusal, TooMany
from gongzhi.matters import queries as matters
from gongzhi.matters.queries.public import public
from gongzhi.portals.resident import following, showing
from gongzhi.web import problems, rates
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.visits import Visit, network

_FIELDS = ("text", "address", "lon", "lat", "category", "phone", "name", "confidential", "anonymous")
_PHOTOS_MAX = 6
_REPORTS_A_MINUTE = 10
_SHOWN_PUBLIC = 6


@door(policy="public")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Visit) -> HttpResponse:
    """The first page: one box, where, send. What is wrong comes back beside what was written."""
    if request.method != "POST":
        return _form(request, {})
    values = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    once = request.POST.get("_once", "") or str(uuid4())
    # A first visit has no session yet; the form's own random token, from the same network, is what is repeated.
    visitor = f"network:{rates.bucket_key('resident.once', network(request))[:40]}"

    def work() -> Answer:
        opened = intake.take_in(raw=_raw(request, values), by=request.actor, at=request.at)
        return Answer(201, json.dumps({"number": opened.number, "code": opened.follow_code}).encode())

    try:
        if request.actor.id is None:
            rates.take(
                purpose="resident.report",
                who=network(request),
                capacity=_REPORTS_A_MINUTE,
                per_seconds=60,
                at=request.at,
            )
        answer = answer_once(
            actor=request.actor.reference if request.actor.id else visitor,
            key=once,
            print_=fingerprint(json.dumps(values, sort_keys=True).encode()),
            at=request.at,
            work=work,
        )
    except Refusal as refusal:
        return _form(request, values, refusal=refusal)
    opened = json.loads(answer.body)
    reader = matters.follow(number=opened["number"], code=opened["code"])
    following.remember(request, number=opened["number"], reader=reader)
    request.session["sent"] = opened
    return HttpResponseRedirect(reverse("resident:sent"))


@door(policy="public")
@require_safe
def sent(request: Visit) -> HttpResponse:
    """Received, number, who, by when, what happens next. Only for the visit that sent it."""
    opened = request.session.get("sent")
    if not opened:
        raise NotFound("resident.nothing_sent", "没有刚提交的诉求。如需查看进度，请用编号查询。")
    reader = following.reader_of(request, opened["number"])
    view = matters.case(visible_to=reader, number=opened["number"], at=request.at)
    context = {
        "number": opened["number"],
        "code": opened["code"],
        "promise": showing.promise(view),
        "chips": showing.chips(view, request.at),
        "title": view.header.title,
        "place": view.address or showing.area_name(view.header.area_path),
        "outside": not view.header.area_path,
    }
    return render(request, "resident/sent.html", context)


def _raw(request: Visit, values: dict[str, str]) -> RawReport:
    known = request.actor.party_id if not (values["phone"] or values["name"]) else None
    return RawReport(
        text=values["text"],
        category=values["category"],
        channel="web",
        address=values["address"],
        lon=values["lon"] or None,
        lat=values["lat"] or None,
        reporter_id=known,
        phone=values["phone"],
        name=values["name"],
        anonymous=bool(values["anonymous"]),
        confidential=bool(values["confidential"]),
        language=showing.language(),
        file_ids=tuple(_kept(request, upload) for upload in request.FILES.getlist("photos")[:_PHOTOS_MAX]),
    )


def _kept(request: Visit, upload: "UploadedFile[bytes]") -> UUID:
    kept = files.keep(
        stream=upload,  # type: ignore[arg-type]  # an upload reads like the binary stream it wraps
        name=upload.name or "",
        purpose="report",
        visibility="public",
        by=request.actor,
        at=request.at,
    )
    return kept.id


def _form(request: Visit, values: dict[str, str], *, refusal: Refusal | None = None) -> HttpResponse:
    around = [showing.public_line(row, at=request.at) for row in public(limit=_SHOWN_PUBLIC)]
    context = {
        "values": values,
        "once": str(uuid4()),
        "categories": showing.categories(),
        "wrong": {name: problems.text(error) for name, error in problems.field_errors(refusal).items()}
        if refusal
        else {},
        "problem": problems.text(refusal) if refusal else "",
        "around": around,
        "proved": following.proved(request),
        "signed_in": request.actor.id is not None,
    }
    response = render(request, "resident/report.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.params.get("seconds", 60))
    return response
