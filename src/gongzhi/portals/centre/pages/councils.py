"""会商 at the desk: what wants to be talked about, calling, who came, decisions that are matters."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongzhi.councils import actions, queries
from gongzhi.councils.actions import Calling
from gongzhi.councils.models import Decision, Item
from gongzhi.councils.policies import KEEPERS, MEMBERS, READERS
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.incidents import complaints
from gongzhi.web.doors import door
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.visits import Visit

_OPEN_TO = READERS | MEMBERS


@door(policy="staff", roles=_OPEN_TO)
@require_safe
def listed(request: Visit) -> HttpResponse:
    """Meetings to come and past, and for whoever keeps them what wants an agenda."""
    keeps = request.actor.has_role(*KEEPERS)
    words = {"tied": _("几个单位都认领"), "unowned": _("没有单位负责"), "late": _("已超期")}
    proposed = queries.agenda(visible_to=request.actor, at=request.at) if keeps else []
    values: dict[str, object] = {
        "keeps": keeps,
        "councils": queries.listed(visible_to=request.actor),
        "kinds": _kinds(),
        "proposed": [(one, words[one.why]) for one in proposed],
    }
    return page(request, "centre/councils.html", "councils", values)


def _kinds() -> dict[str, str]:
    return {"consultation": _("会商"), "council": _("议事会")}


@door(policy="staff", roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Visit) -> HttpResponse:
    """GET: the form, with what was ticked in the list. POST: the meeting is called and the units are asked."""
    if request.method != "POST":
        return _form(request, {"kind": "consultation", "numbers": request.GET.getlist("number")}, {})
    posted = request.POST
    values: dict[str, object] = {
        name: posted.get(name, "") for name in ("kind", "title", "planned_at", "place", "words")
    }
    values |= {"numbers": posted.getlist("number"), "organisations": posted.getlist("organisations")}
    calling = Calling(
        kind=posted.get("kind", ""),
        title=posted.get("title", ""),
        area_path=next((held.area_path for held in request.actor.held if held.role in KEEPERS), ""),
        planned_at=_instant(posted.get("planned_at", "")),
        place=posted.get("place", ""),
        numbers=tuple(number.strip() for number in posted.getlist("number") if number.strip()),
        words=tuple(line.strip() for line in posted.get("words", "").splitlines() if line.strip()),
        organisations=tuple(_uuids(posted.getlist("organisations"))),
    )
    try:
        council = actions.call(calling=calling, by=request.actor, at=request.at)
    except Refusal as refusal:
        return _form(request, values, complaints(refusal), status=refusal.status)
    messages.success(request, _("已召集。"))
    return HttpResponseRedirect(reverse("centre:council", args=[council.id]))


def _form(
    request: Visit, values: dict[str, object], wrong: dict[str, str], *, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "values": values,
        "wrong": wrong,
        "kinds": _kinds(),
        "organisations": choices.organisations(request.actor),
    }
    return page(request, "centre/council_new.html", "councils", context, status=status)


@door(policy="staff", roles=_OPEN_TO)
@require_safe
def council(request: Visit, council_id: UUID) -> HttpResponse:
    return _shown(request, council_id)


@door(policy="staff", roles=_OPEN_TO)
@require_POST
def verb(request: Visit, council_id: UUID, verb: str) -> HttpResponse:
    """One step, once. A refusal shows the page again with what was written and why not."""
    done = _VERBS.get(verb)
    if done is None:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")

    def work() -> Answer:
        done(request, council_id)
        return Answer(200, b"{}")

    once = request.POST.get("_once", "")
    try:
        if once:
            print_ = fingerprint(request.path.encode())
            answer_once(actor=request.actor.reference, key=once, print_=print_, at=request.at, work=work)
        else:
            work()
    except Refusal as refusal:
        return _shown(request, council_id, refused=(verb, refusal))
    messages.success(request, _("已记下。"))
    return HttpResponseRedirect(reverse("centre:council", args=[council_id]))


def _shown(request: Visit, council_id: UUID, refused: tuple[str, Refusal] | None = None) -> HttpResponse:
    view = queries.view(visible_to=request.actor, council_id=council_id)
    decided = {item.id: [one for one in view.decisions if one.item_id == item.id] for item in view.items}
    states = {"invited": _("已请"), "came": _("到会"), "excused": _("请假"), "absent": _("缺席")}
    values: dict[str, object] = {
        "view": view,
        "council": view.council,
        "kind": _kinds()[view.council.kind],
        "items": [_shown_item(item, decided[item.id]) for item in view.items],
        "seats": [(seat, states[seat.state]) for seat in view.seats],
        "states": states,
        "organisations": choices.organisations(request.actor) if view.keeps else [],
        "once": str(uuid4()),
    }
    if refused:
        values |= {
            "refused": refused[0],
            "problem": " ".join(complaints(refused[1]).values()),
            "posted": request.POST,
        }
    return page(
        request, "centre/council.html", "councils", values, status=refused[1].status if refused else 200
    )


def _shown_item(item: Item, decisions: Sequence[Decision]) -> dict[str, object]:
    return {"item": item, "decisions": decisions, "number": item.matter.number if item.matter else ""}


def _decide(request: Visit, council_id: UUID) -> None:
    posted = request.POST
    actions.decide(
        council_id=council_id,
        item_id=_uuid(posted.get("item", "")),
        text=posted.get("text", ""),
        owner_id=_uuid(posted.get("owner", "")),
        due_on=_day(posted.get("due_on", "")),
        by=request.actor,
        at=request.at,
    )


def _postpone(request: Visit, council_id: UUID) -> None:
    posted = request.POST
    actions.postpone(
        council_id=council_id,
        item_id=_uuid(posted.get("item", "")),
        note=posted.get("text", ""),
        by=request.actor,
        at=request.at,
    )


def _seat(request: Visit, council_id: UUID) -> None:
    posted = request.POST
    actions.seat(
        council_id=council_id,
        organisation_id=_uuid(posted.get("organisation", "")),
        state=posted.get("state", ""),
        who=posted.get("who", ""),
        by=request.actor,
        at=request.at,
    )


def _item(request: Visit, council_id: UUID) -> None:
    posted = request.POST
    actions.add_item(
        council_id=council_id,
        number=posted.get("number", ""),
        words=posted.get("words", ""),
        by=request.actor,
        at=request.at,
    )


def _end(request: Visit, council_id: UUID) -> None:
    minutes = request.POST.get("minutes", "")
    actions.end(council_id=council_id, minutes=minutes, by=request.actor, at=request.at)


_VERBS: dict[str, Callable[[Visit, UUID], None]] = {
    "decide": _decide,
    "postpone": _postpone,
    "seat": _seat,
    "item": _item,
    "end": _end,
}
_NOBODY = UUID(int=0)


def _uuid(text: str) -> UUID:
    """An id nothing has for what is none: the action then says what is missing."""
    return next(iter(_uuids([text])), _NOBODY)


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
