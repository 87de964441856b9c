"""质检抽样 at the desk: frames and what they found for who supervises, a blind list and one form for who evaluates."""

import secrets
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.access.decisions import may_do
from gongzhi.indicators.rates import share_of
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Refusal
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.incidents import complaints
from gongzhi.portals.centre.shares import Share, share
from gongzhi.sampling import actions, entering, evaluators, queries, results
from gongzhi.sampling.actions import Freezing
from gongzhi.sampling.entering import Finding
from gongzhi.sampling.policies import EVALUATE, EVALUATORS, FREEZERS, READERS, REVISITORS
from gongzhi.sampling.results import UnitResult
from gongzhi.sampling.rules import Found
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

OPEN_TO = READERS | EVALUATORS | REVISITORS
_FIELDS = ("kind", "title", "since", "until", "size", "seed")
_DAYS = 30


@door(policy="staff", roles=OPEN_TO)
@require_safe
def listed(request: Visit) -> HttpResponse:
    """Frames of the area, the tasks of one's own."""
    actor = request.actor
    reads = actor.has_role(*READERS)
    values: dict[str, object] = {
        "reads": reads,
        "freezes": actor.has_role(*FREEZERS),
        "frames": results.frames(visible_to=actor) if reads else [],
        "kinds": kinds(),
        "evaluates": may_do(actor, EVALUATE),
        "tasks": queries.my_tasks(visible_to=actor) if may_do(actor, EVALUATE) else [],
    }
    return page(request, "centre/quality.html", "quality", values)


@door(policy="staff", roles=FREEZERS)
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: Visit) -> HttpResponse:
    """kind decides who can be named: it is chosen first."""
    today = in_china(request.at).date()
    if request.method != "POST":
        kind = "revisit" if request.GET.get("kind") == "revisit" else "quality"
        given = {
            "kind": kind,
            "title": "",
            "since": (today - timedelta(days=_DAYS)).isoformat(),
            "until": (today - timedelta(days=1)).isoformat(),
            "size": "20",
            "seed": secrets.token_hex(8),
        }
        return _form(request, given, [], {})
    posted = request.POST
    until = _day(posted.get("until", ""))
    freezing = Freezing(
        kind=posted.get("kind", ""),
        title=posted.get("title", ""),
        area_path=next((held.area_path for held in request.actor.held if held.role in FREEZERS), ""),
        since_on=_day(posted.get("since", "")),
        until_on=until + timedelta(days=1) if until else None,
        size=_number(posted.get("size", "")),
        seed=posted.get("seed", ""),
        evaluators=tuple(id_ for text in posted.getlist("evaluators") if (id_ := _uuid(text))),
    )
    try:
        frame = actions.freeze(freezing=freezing, by=request.actor, at=request.at)
    except Refusal as refusal:
        written = {name: posted.get(name, "") for name in _FIELDS}
        named = posted.getlist("evaluators")
        return _form(request, written, named, complaints(refusal), status=refusal.status)
    messages.success(request, _("样本已抽出并冻结。"))
    return HttpResponseRedirect(reverse("centre:quality_frame", args=[frame.id]))


def _form(
    request: Visit, given: dict[str, str], named: list[str], wrong: dict[str, str], *, status: int = 200
) -> HttpResponse:
    people = evaluators.able(given["kind"], request.at)
    values: dict[str, object] = {
        "values": given,
        "wrong": wrong,
        "kind_title": kinds().get(given["kind"], ""),
        "people": [(str(id_), name, str(id_) in named) for id_, name in people.items()],
    }
    return page(request, "centre/quality_new.html", "quality", values, status=status)


@door(policy="staff", roles=READERS)
@require_safe
def frame(request: Visit, frame_id: UUID) -> HttpResponse:
    """What was found per unit, where evaluators differ; with ?verify drawn again from the kept population."""
    view = results.frame(visible_to=request.actor, frame_id=frame_id)
    values: dict[str, object] = {
        "view": view,
        "frame": view.frame,
        "last_day": view.frame.until_on - timedelta(days=1),
        "kind_title": kinds()[view.frame.kind],
        "strata": [(_stratum(name), population, drawn) for name, population, drawn in view.strata],
        "units": [(one.unit or _("（无）"), one.drawn, _shares(one, view.frame.kind)) for one in view.units],
        "disagreements": [
            (one, [_found(one.found[seat]) for seat in sorted(one.found)]) for one in view.disagreements
        ],
        "verified": results.verified(visible_to=request.actor, frame_id=frame_id)
        if "verify" in request.GET
        else None,
    }
    return page(request, "centre/quality_frame.html", "quality", values)


@door(policy="staff", permission=EVALUATE)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: Visit, task_id: UUID) -> HttpResponse:
    """One case, blind, and one form; what was entered is not changed."""
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        posted = request.POST
        level = posted.get("level", "")
        finding = Finding(
            outcome=posted.get("outcome", ""),
            contacted=_yes(posted.get("contacted", "")),
            solved=_yes(posted.get("solved", "")),
            level=int(level) if level in ("1", "2", "3", "4", "5") else None,
            note=posted.get("note", ""),
        )
        try:
            entering.enter(task_id=task_id, finding=finding, by=request.actor, at=request.at)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            wrong, status = complaints(refusal), refusal.status
        else:
            messages.success(request, _("已记下。"))
            return HttpResponseRedirect(reverse("centre:quality"))
    values: dict[str, object] = {
        "task": queries.task(visible_to=request.actor, task_id=task_id),
        "wrong": wrong,
        "posted": request.POST,
        "levels": levels(),
    }
    return page(request, "centre/quality_task.html", "quality", values, status=status)


def kinds() -> dict[str, str]:
    return {"quality": _("电话质检"), "revisit": _("上门复访")}


def levels() -> dict[str, str]:
    return {
        "5": _("非常满意"),
        "4": _("满意"),
        "3": _("基本满意"),
        "2": _("不满意"),
        "1": _("非常不满意"),
    }


def _shares(one: UnitResult, kind: str) -> list[Share]:
    parts = (one.contacted, one.solved, one.content) if kind == "quality" else (one.solved,)
    return [share(share_of(Fraction(part), one.asked, digits=2)) for part in parts]


def _found(found: Found) -> str:
    if not found.reached:
        return _("没有联系上")
    words = [_("已解决") if found.solved else _("未解决")]
    if found.contacted is not None:
        words.append(_("联系过") if found.contacted else _("没有联系过"))
    if found.level is not None:
        words.append(levels()[str(found.level)])
    return "、".join(words)


def _stratum(name: str) -> str:
    path, _bar, category = name.rpartition("|")
    area = choices.area_title(f"{path}/") if path else _("（无）")
    return f"{area} · {choices.category_title(category)}"


def _yes(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 5 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
