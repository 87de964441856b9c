"""One's own matters: find, read, talk, rate, ask again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.files import queries as kept_files
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.matters import actions, queries
from gongzhi.matters.queries import Filters
from gongzhi.matters.queries.rows import Kin
from gongzhi.portals.resident import following, keeping, promising, showing
from gongzhi.web import forms, problems, rates
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.visits import Visit, network

_TRIES = 10
_TRIES_SECONDS = 600


@door(policy="public")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Visit) -> HttpResponse:
    """Number and follow code, or number and phone. The same answer for an unknown number and a wrong proof."""
    values = {name: request.POST.get(name, "").strip()[:40] for name in ("number", "code", "phone")}
    problem = ""
    if request.method == "POST":
        try:
            rates.take(
                purpose="resident.follow",
                who=network(request),
                capacity=_TRIES,
                per_seconds=_TRIES_SECONDS,
                at=request.at,
            )
            reader = queries.follow(number=values["number"], code=values["code"], phone=values["phone"])
            number = numbers.parse(values["number"])
            following.remember(request, number=number, reader=reader)
            return HttpResponseRedirect(reverse("resident:matter", args=[number]))
        except Refusal as refusal:
            problem = problems.text(refusal)
    context = {"values": values, "problem": problem, "proved": following.proved(request)}
    return render(request, "resident/follow.html", context, status=404 if problem else 200)


@door(policy="signed_in")
@require_safe
def mine(request: Visit) -> HttpResponse:
    """Everything the signed-in person reported, newest first."""
    if request.actor.party_id is None:
        raise NotFound("resident.no_person", "这个账号没有关联到个人。")
    found = queries.page(
        visible_to=following.only_as_reporter(request.actor),
        filters=Filters(),
        at=request.at,
        order="newest",
        after=request.GET.get("after", "")[:500],
        limit=20,
    )
    lines = [showing.line(row, at=request.at) for row in found.rows]
    return render(request, "resident/mine.html", {"lines": lines, "next": found.next})


@door(policy="public")
@require_safe
def matter(request: Visit, number: str) -> HttpResponse:
    return _page(request, number)


@door(policy="public")
@require_POST
def verb(request: Visit, number: str, verb: str) -> HttpResponse:
    """Rate, add, reopen: once, however often it is sent."""
    reader = following.reader_of(request, number)
    view = queries.case(visible_to=reader, number=number, at=request.at, timeline_limit=1)
    offer = next((offer for offer in view.offers if offer.code == verb), None)

    def work() -> Answer:
        form = forms.read(
            request,
            offer.form if offer else (),
            keep=lambda upload: keeping.keep(upload, by=reader, at=request.at),
        )
        actions.perform(number=number, verb=verb, form=form, by=reader, at=request.at)
        return Answer(200)

    try:
        if once := request.POST.get("_once", ""):
            print_ = fingerprint(request.path.encode())
            answer_once(actor=reader.reference, key=once, print_=print_, at=request.at, work=work)
        else:
            work()
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, number, refused=(verb, refusal))
    messages.success(request, _("已收到，谢谢您。"))
    return HttpResponseRedirect(reverse("resident:matter", args=[number]))


@door(policy="public")
@require_safe
def file(request: Visit, number: str, file_id: UUID) -> HttpResponseBase:
    """A file of one's own matter, decided at each download."""
    found = kept_files.open_for(
        following.reader_of(request, number), file_id, thumbnail=request.GET.get("thumbnail") == "1"
    )
    response = FileResponse(
        found.stream, content_type=found.type, filename=found.name, as_attachment=not found.inline
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


def _page(request: Visit, number: str, *, refused: tuple[str, Refusal] | None = None) -> HttpResponse:
    reader = following.reader_of(request, number)
    view = queries.case(visible_to=reader, number=number, at=request.at)
    outlook = queries.outlook(visible_to=reader, number=number, at=request.at)
    verbs = showing.offered(view)
    complaint = ""
    if refused:
        code, refusal = refused
        complaint = problems.text(refusal)
        for form in verbs:
            if form.code == code:
                forms.refill(form, posted=request.POST, refusal=refusal)
                complaint = ""
    positions = [entry.act.position for entry in view.timeline]
    number_ = view.header.number
    context = {
        "number": view.header.number,
        "title": view.header.title,
        "text": view.text,
        "state": view.header.state.public.in_language(showing.language()),
        "place": view.address or showing.area_name(view.header.area_path),
        "promise": promising.promise(view, outlook, request.at),
        "terms": promising.terms(view, outlook, request.at),
        "story": showing.story(view),
        "files": [_shown(number_, kept) for kept in view.files if kept.purpose != "evidence"],
        "evidence": [_shown(number_, kept) for kept in view.files if kept.purpose == "evidence"],
        "kin": [_piece(request, view, one) for one in view.kin] if view.as_reporter else [],
        "verbs": [(form, reverse("resident:verb", args=[view.header.number, form.code])) for form in verbs],
        "position": positions[0] if positions else None,
        "complaint": complaint,
    }
    status = refused[1].status if refused else 200
    return render(request, "resident/matter.html", context, status=status)


def _piece(request: Visit, view: queries.CaseView, one: Kin) -> dict[str, str]:
    """Whoever proved the whole has proved its pieces: they are one report."""
    if view.header.number in following.proved(request) and one.number not in following.proved(request):
        following.remember_piece(request, number=one.number, matter_id=one.id)
    return {
        "number": one.number,
        "title": one.title,
        "state": one.state.public.in_language(showing.language()),
        "url": reverse("resident:matter", args=[one.number]),
    }


def _shown(number: str, kept: kept_files.FileRow) -> dict[str, Any]:
    url = reverse("resident:file", args=[number, kept.id])
    return {
        "url": url,
        "small": "?thumbnail=1" if kept.has_thumbnail else "",
        "name": kept.name,
        "is_image": kept.type.startswith("image/"),
    }
