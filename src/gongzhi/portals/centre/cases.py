"""The case pane and the case page are one thing, drawn in two places."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.kernel.refusals import Refusal
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import CaseView
from gongzhi.portals.centre import choices, ruling, showing, sides, timelines, together
from gongzhi.web import forms, problems
from gongzhi.web.visits import Visit


def shown_case(
    request: Visit,
    number: str,
    *,
    alone: bool,
    notice: str = "",
    refused: tuple[str, Mapping[str, Any], Refusal] | None = None,
) -> dict[str, object]:
    """Everything the template draws. refused: verb, what was posted and why not: its form comes back as it was."""
    view = matters.case(visible_to=request.actor, number=number, at=request.at)
    verbs = showing.verbs(view, actor=request.actor)
    complaint = _put_back(verbs, refused) if refused else ""
    told = timelines.timeline(view)
    inside = together.clocked(view)
    return {
        **_header(view),
        "alone": alone,
        "close_url": _without_case(request),
        "fragment_url": reverse("centre:case", args=[view.header.number]) + ("?alone=1" if alone else ""),
        "chips": [
            showing.clock_chip(clock, request.at)
            for clock in view.clocks
            if clock.status != "stopped" and clock.due_at is not None and clock.of not in inside
        ]
        or [showing.row_chip(view.header, request.at)],
        "timeline": timelines.quietened(told),
        "recorded_later": timelines.mostly_later(told),
        "facts": showing.facts(view),
        "reporter": showing.reporter(view),
        "whistles": together.whistles(view, request.at),
        "supervisions": together.supervisions(view, request.at),
        "sides": sides.of_case(request.actor, number),
        "files": showing.files(view),
        "alike": _alike(request, view, verbs),
        "precedents": _precedents(request, view, verbs),
        "verbs": verbs,
        "notice": complaint or notice,
        "notice_tone": "error" if complaint else "success",
    }


def _header(view: CaseView) -> dict[str, object]:
    header, said = view.header, choices.language()
    positions = [entry.act.position for entry in view.timeline]
    url = reverse("centre:case", args=[header.number])
    return {
        "number": header.number,
        "version": header.version,
        "url": url,
        "title": header.title,
        "text": view.text,
        "state": header.state.titles.in_language(said),
        "area": choices.area_title(header.area_path) or header.area,
        "address": view.address,
        "place_state": view.place_state,
        "lead": header.lead,
        "handler": view.handler,
        "helpers": view.assistants,
        "position": positions[0] if positions else None,
        "procedure": _("办理程序第 %(version)s 版") % {"version": view.procedure_version},
        "procedure_url": reverse("centre:procedure", args=[view.procedure_code, view.procedure_version]),
    }


def _alike(request: Visit, view: CaseView, verbs: list[showing.ShownVerb]) -> list[showing.Alike]:
    """Only while there is something to decide: what is closed is nobody's double any more."""
    if view.as_reporter or view.header.closed_at is not None:
        return []
    mergeable = any(shown.form.code == "merge" for shown in verbs)
    found = matters.alike(visible_to=request.actor, row=view.header, at=request.at)
    return [showing.alike(row, metres, at=request.at, mergeable=mergeable) for row, metres in found]


def _precedents(request: Visit, view: CaseView, verbs: list[showing.ShownVerb]) -> list[ruling.Ruled]:
    """Beside the forms that argue or rule who is responsible."""
    if not any(shown.form.code in ("ask_return", "decide_return") for shown in verbs):
        return []
    header = view.header
    found = matters.nearest(visible_to=request.actor, category=header.category, unit_id=header.lead_id)
    return [ruling.ruled(one) for one in found]


def _put_back(verbs: list[showing.ShownVerb], refused: tuple[str, Mapping[str, Any], Refusal]) -> str:
    """Reopen the refused form; when the verb is no longer on offer, the refusal stands above the case."""
    verb, posted, refusal = refused
    for shown in verbs:
        if shown.form.code == verb:
            forms.refill(shown.form, posted=posted, refusal=refusal)
            return ""
    return problems.text(refusal)


def _without_case(request: Visit) -> str:
    query = request.GET.copy()
    query.pop("case", None)
    return f"{reverse('centre:inbox')}?{query.urlencode()}"
