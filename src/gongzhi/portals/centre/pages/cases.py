"""One case, and one verb on it."""

import json
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.acts import queries as acts
from gongzhi.catalogue.procedure import Field
from gongzhi.files import actions as files
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.matters import actions as matters
from gongzhi.matters import queries
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.cases import shown_case
from gongzhi.portals.centre.frame import page
from gongzhi.web import forms
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.visits import Visit, is_fragment

_VERSION_DIGITS_MAX = 9


@door(policy="staff")
@require_safe
def case(request: Visit, number: str) -> HttpResponse:
    """The whole page, or only the case when a part of a page asks."""
    if is_fragment(request):
        shown = shown_case(request, number, alone=request.GET.get("alone") == "1")
        return render(request, "centre/case_body.html", {"case": shown})
    since = acts.head()  # before anything is read: what comes later is told by the stream
    values = {"since": since, "case": shown_case(request, number, alone=True)}
    return page(request, "centre/case.html", "inbox", values)


@door(policy="staff")
@require_POST
def verb(request: Visit, number: str, verb: str) -> HttpResponse:
    """Do one verb once: a form sent twice has one effect. A refusal gives the form back with what was written."""
    try:
        done = _perform(request, number, verb)
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(request, number, verb, refusal)
    notice = _("已办：%(verb)s") % {"verb": done}
    if not is_fragment(request):
        messages.success(request, notice)
        return HttpResponseRedirect(reverse("centre:case", args=[number]))
    try:
        shown = shown_case(request, number, alone=False, notice=notice)
    except NotFound:  # handed on to where this reader has no sight
        text = _("%(notice)s。这件事已不在您的范围内。") % {"notice": notice}
        response = render(request, "centre/gone.html", {"text": text})
    else:
        response = render(request, "centre/case_body.html", {"case": shown})
    response["HX-Trigger"] = "acted"
    return response


def _perform(request: Visit, number: str, verb: str) -> str:
    """Returns the title of the verb done."""
    view = queries.case(visible_to=request.actor, number=number, at=request.at, timeline_limit=1)
    offer = next((offer for offer in view.offers if offer.code == verb), None)
    fields: tuple[Field, ...] = offer.form if offer else ()
    version = request.POST.get("_version", "")
    shared = any(forms.is_shared(request.POST, field.code) for field in fields if field.kind == "files")

    def work() -> Answer:
        done = matters.perform(
            number=number,
            verb=verb,
            form=forms.read(request, fields, keep=lambda upload: _kept(request, upload, shared=shared)),
            by=request.actor,
            at=request.at,
            version=int(version) if version.isdecimal() and len(version) <= _VERSION_DIGITS_MAX else None,
        )
        return Answer(200, json.dumps({"state": done.state}).encode())

    once = request.POST.get("_once", "")
    if once:
        answer_once(
            actor=request.actor.reference,
            key=once,
            print_=fingerprint(request.path.encode()),
            at=request.at,
            work=work,
        )
    else:
        work()
    return offer.titles.in_language(choices.language()) if offer else verb


def _kept(request: Visit, upload: "UploadedFile[Any]", *, shared: bool) -> UUID:
    stream = cast("BinaryIO | None", upload.file)
    if stream is None:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    kept = files.keep(
        stream=stream,
        name=upload.name or "",
        purpose="evidence",
        visibility="public" if shared else "internal",
        by=request.actor,
        at=request.at,
    )
    return kept.id


def _refused(request: Visit, number: str, verb: str, refusal: Refusal) -> HttpResponse:
    shown = shown_case(request, number, alone=not is_fragment(request), refused=(verb, request.POST, refusal))
    if is_fragment(request):
        # 422 is the one error status whose answer replaces the form itself; the words say what happened.
        return render(request, "centre/case_body.html", {"case": shown}, status=422)
    response = page(request, "centre/case.html", "inbox", {"case": shown}, status=refusal.status)
    response["X-Problem"] = refusal.code
    return response
