"""共性问题专题 at the desk: the year's plan, three lists, milestones, linked cases, volume before and after."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.incidents import complaints
from gongzhi.projects import actions, queries
from gongzhi.projects.actions import Beginning
from gongzhi.projects.policies import KEEPERS, MEMBERS, READERS
from gongzhi.projects.rules import Volume
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_OPEN_TO = READERS | MEMBERS
_FIELDS = ("title", "problem", "plan", "year", "month", "began_on", "lead")


@door(policy="staff", roles=_OPEN_TO)
@require_safe
def listed(request: Visit) -> HttpResponse:
    """By year; for whoever begins them also what keeps coming back."""
    begins = request.actor.has_role(*KEEPERS)
    recurring = queries.recurring(visible_to=request.actor, at=request.at) if begins else []
    values: dict[str, object] = {
        "projects": queries.listed(visible_to=request.actor),
        "begins": begins,
        "recurring": [(one, choices.category_title(one.category)) for one in recurring],
    }
    return page(request, "centre/projects.html", "projects", values)


@door(policy="staff", roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Visit) -> HttpResponse:
    today = in_china(request.at).date()
    if request.method != "POST":
        kinds = request.GET.getlist("category")
        title = "、".join(choices.category_title(code) for code in kinds)
        values = {"categories": kinds, "title": title, "year": str(today.year), "began_on": today.isoformat()}
        return _form(request, values, {})
    posted = request.POST
    beginning = Beginning(
        title=posted.get("title", ""),
        problem=posted.get("problem", ""),
        plan=posted.get("plan", ""),
        year=_number(posted.get("year", "")) or 0,
        month=_number(posted.get("month", "")) if posted.get("month") else None,
        categories=tuple(posted.getlist("categories")),
        area_path=next((held.area_path for held in request.actor.held if held.role in KEEPERS), ""),
        lead_id=_uuid(posted.get("lead", "")),
        began_on=_day(posted.get("began_on", "")),
    )
    try:
        project = actions.begin(beginning=beginning, by=request.actor, at=request.at)
    except Refusal as refusal:
        written = {name: posted.get(name, "") for name in _FIELDS}
        values = {**written, "categories": posted.getlist("categories")}
        return _form(request, values, complaints(refusal), status=refusal.status)
    messages.success(request, _("专题已开始。"))
    return HttpResponseRedirect(reverse("centre:project", args=[project.id]))


def _form(request: Visit, values: object, wrong: dict[str, str], *, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {
        "values": values,
        "wrong": wrong,
        "kinds": choices.categories(),
        "organisations": choices.organisations(request.actor),
        "months": [str(month) for month in range(1, 13)],
    }
    return page(request, "centre/project_new.html", "projects", context, status=status)


@door(policy="staff", roles=_OPEN_TO)
@require_safe
def project(request: Visit, project_id: UUID) -> HttpResponse:
    return _shown(request, project_id)


@door(policy="staff", roles=_OPEN_TO)
@require_POST
def verb(request: Visit, project_id: UUID, verb: str) -> HttpResponse:
    """One step. A refusal shows the page again with what was written and why not."""
    done = _VERBS.get(verb)
    if done is None:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    try:
        done(request, project_id)
    except Refusal as refusal:
        return _shown(request, project_id, refused=(verb, refusal))
    messages.success(request, _("已记下。"))
    return HttpResponseRedirect(reverse("centre:project", args=[project_id]))


def _shown(request: Visit, project_id: UUID, refused: tuple[str, Refusal] | None = None) -> HttpResponse:
    view = queries.view(visible_to=request.actor, project_id=project_id, at=request.at)
    titles = {"task": _("任务清单"), "duty": _("责任清单（专题）"), "policy": _("政策清单")}
    values: dict[str, object] = {
        "view": view,
        "project": view.project,
        "kinds": "、".join(choices.category_title(code) for code in view.project.categories),
        "lists": [
            (code, title, [e for e in view.entries if e.list == code]) for code, title in titles.items()
        ],
        "bars": _bars(view.volume),
        "change": _change(view.volume),
        "organisations": choices.organisations(request.actor) if view.keeps else [],
        "today": in_china(request.at).date(),
    }
    if refused:
        values |= {
            "refused": refused[0],
            "problem": " ".join(complaints(refused[1]).values()),
            "posted": request.POST,
        }
    return page(
        request, "centre/project.html", "projects", values, status=refused[1].status if refused else 200
    )


def _bars(volume: Volume) -> list[tuple[str, int, bool, int]]:
    most = max((month.count for month in volume.months), default=0) or 1
    return [
        (month.first.strftime("%Y-%m"), month.count, month.after, round(100 * month.count / most))
        for month in volume.months
    ]


def _change(volume: Volume) -> str:
    """The finding in one sentence; nothing is claimed from months that are not whole."""
    if volume.before is None or volume.after is None:
        return _("开始还不满一个整月，暂不比较。")
    means = {"before": f"{volume.before:.1f}", "after": f"{volume.after:.1f}"}
    if volume.change is None:
        return _("此前每月 %(before)s 件，此后每月 %(after)s 件。") % means
    words = {**means, "share": f"{abs(volume.change) * 100:.0f}"}
    if volume.change < 0:
        return _("此前每月 %(before)s 件，此后每月 %(after)s 件，下降 %(share)s%%。") % words
    return _("此前每月 %(before)s 件，此后每月 %(after)s 件，上升 %(share)s%%。") % words


def _entry(request: Visit, project_id: UUID) -> None:
    posted = request.POST
    actions.add_entry(
        project_id=project_id,
        list=posted.get("list", ""),
        text=posted.get("text", ""),
        organisation_id=_uuid(posted.get("organisation", "")),
        due_on=_day(posted.get("due_on", "")),
        by=request.actor,
        at=request.at,
    )


def _milestone(request: Visit, project_id: UUID) -> None:
    posted = request.POST
    actions.add_milestone(
        project_id=project_id,
        title=posted.get("text", ""),
        due_on=_day(posted.get("due_on", "")),
        by=request.actor,
        at=request.at,
    )


def _done(request: Visit, project_id: UUID) -> None:
    line = _uuid(request.POST.get("line", "")) or UUID(int=0)
    actions.done(project_id=project_id, line_id=line, by=request.actor, at=request.at)


def _link(request: Visit, project_id: UUID) -> None:
    number = request.POST.get("number", "").strip()
    actions.link(project_id=project_id, number=number, by=request.actor, at=request.at)


def _end(request: Visit, project_id: UUID) -> None:
    conclusion = request.POST.get("conclusion", "")
    actions.end(project_id=project_id, conclusion=conclusion, by=request.actor, at=request.at)


_VERBS: dict[str, Callable[[Visit, UUID], None]] = {
    "entry": _entry,
    "milestone": _milestone,
    "done": _done,
    "link": _link,
    "end": _end,
}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 4 else None


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
