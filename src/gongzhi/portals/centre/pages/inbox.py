"""The inbox: queues with counts, the list, and beside it the case that is open."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.access import decisions
from gongzhi.access.actor import Actor
from gongzhi.access.prepared import fetch
from gongzhi.acts import queries as acts
from gongzhi.catalogue import queries as catalogue
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Order, Page, QueueCount
from gongzhi.portals.centre import choices, lines
from gongzhi.portals.centre.cases import shown_case
from gongzhi.portals.centre.frame import page, works_on_cases
from gongzhi.portals.centre.reading import QUEUE_ALL, Asked, asked
from gongzhi.web.doors import door
from gongzhi.web.forms import Option
from gongzhi.web.visits import Visit

ROWS = 60
_SAVED = "SELECT id, name, query FROM centre_savedfilter WHERE account_id = %s AND ended_at IS NULL ORDER BY saved_at"


@dataclass(frozen=True, slots=True)
class Queue:
    code: str
    title: str
    url: str
    here: bool
    count: int | None = None
    late: int = 0
    capped_at: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    name: str
    url: str
    end_url: str
    here: bool


@door(policy="staff")
@require_safe
def inbox(request: Visit) -> HttpResponse:
    """Every part is in the address: queue, filters, place in the list, open case."""
    if not works_on_cases(request.actor):
        return HttpResponseRedirect(reverse("centre:overview"))
    since = acts.head()  # before anything is read: what comes later is told by the stream
    counts = matters.counts(visible_to=request.actor, at=request.at)
    wanted = asked(request.GET, default_queue=_first(counts, request.GET))
    order: Order = "due" if wanted.queue != QUEUE_ALL or _asks_for_open(wanted) else "newest"
    found = matters.page(
        visible_to=request.actor,
        filters=wanted.filters,
        at=request.at,
        order=order,
        after=wanted.after,
        limit=ROWS,
    )
    case, gone = _open(request, wanted.number)
    values: dict[str, object] = {
        "since": since,
        "rail": {"queues": _queues(counts, wanted), "saved": _saved(request)},
        "inbox": {**_inbox(request, wanted, counts, found), "order": order},
        "filters": _filters(wanted),
        "rows": _rows(request, wanted, found),
        "case": case,
        "gone": gone,
    }
    return page(request, "centre/inbox.html", "inbox", values, status=404 if gone else 200)


def _open(request: Visit, number: str) -> tuple[dict[str, object] | None, str]:
    """The case beside the list, or why there is none: Back leads to addresses of cases that were handed on since, and
    the list must not be lost with them. One that never was is said alike."""
    if not number:
        return None, ""
    try:
        return shown_case(request, number, alone=False), ""
    except NotFound:
        return None, _("这件事已不在您的范围内。")


def _asks_for_open(wanted: Asked) -> bool:
    """What is still to be done is read by deadline; only what may be closed, by age."""
    state = next(
        (one for one in catalogue.procedure("case").states if one.code == wanted.filters.state), None
    )
    return wanted.filters.overdue or (state is not None and not state.final)


def _first(counts: list[QueueCount], query: QueryDict) -> str:
    """Without a queue in the address: the first with work; a search goes over everything."""
    if query.get("q"):
        return QUEUE_ALL
    return next((queue.code for queue in counts if queue.count), counts[0].code if counts else QUEUE_ALL)


def _queues(counts: list[QueueCount], wanted: Asked) -> list[Queue]:
    said = choices.language()
    queues = [
        Queue(
            code=queue.code,
            title=queue.titles.in_language(said),
            url=f"?queue={queue.code}",
            here=queue.code == wanted.queue,
            count=queue.count,
            late=queue.late,
            capped_at=queue.count if queue.capped else 0,
        )
        for queue in counts
    ]
    return [*queues, Queue(QUEUE_ALL, _("全部"), f"?queue={QUEUE_ALL}", wanted.queue == QUEUE_ALL)]


def _saved(request: Visit) -> list[Saved]:
    mine = fetch(_SAVED, [request.actor.id])
    present = request.GET.urlencode()
    return [
        Saved(name, f"?{query}", reverse("centre:end_filter", args=[id_]), query == present)
        for id_, name, query in mine
    ]


def _inbox(request: Visit, wanted: Asked, counts: list[QueueCount], found: Page) -> dict[str, object]:
    said = choices.language()
    titles = {queue.code: queue.titles.in_language(said) for queue in counts}
    return {
        "title": titles.get(wanted.queue, _("全部")),
        "bulk": _bulk(request.actor),
        "fragment_url": _with(request.GET, case="", open=wanted.number, queue=wanted.queue),
        "older": _with(request.GET, after=found.next) if found.next else "",
        "newest": _with(request.GET, after="") if wanted.after else "",
        "exports": decisions.may_do(request.actor, "matters.export"),
    }


def _rows(request: Visit, wanted: Asked, found: Page) -> SafeString:
    address = _with(request.GET, case="", queue=wanted.queue)
    open_number = wanted.number or request.GET.get("open", "")
    return lines.drawn(found.rows, at=request.at, address=address, open_number=open_number)


def _bulk(actor: Actor) -> list[Option]:
    """Verbs that may be done to many at once, for the roles this actor holds; each case is judged by itself."""
    said = choices.language()
    return [
        Option(verb.code, verb.titles.in_language(said))
        for verb in catalogue.procedure("case").verbs
        if verb.bulk and any(actor.has_role(who.role) for who in verb.who)
    ]


def _filters(wanted: Asked) -> dict[str, object]:
    said = choices.language()
    states = catalogue.procedure("case").states
    return {
        "queue": wanted.queue,
        "text": wanted.filters.text,
        "state": wanted.filters.state,
        "category": wanted.filters.category,
        "area": wanted.filters.area,
        "late": wanted.filters.overdue,
        "active": wanted.active,
        "states": [Option(state.code, state.titles.in_language(said)) for state in states],
        "categories": choices.categories(),
        "areas": choices.areas(),
    }


def _with(query: QueryDict, **changes: str) -> str:
    """The present address with changes; empty values drop the key."""
    kept = {key: value for key, value in query.items() if key not in changes}
    return "?" + urlencode(kept | {key: value for key, value in changes.items() if value})
