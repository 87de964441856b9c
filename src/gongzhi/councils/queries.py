"""The reads: meetings, one of them whole, and which matters want to be talked about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may, visible
from gongzhi.councils.models import Council, Decision, Item, Seat
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import FACTS, Matter

_LISTED_MAX, _PROPOSED_MAX = 100, 30


@dataclass(frozen=True, slots=True)
class Listed:
    council: Council
    items: int
    decisions: int


@dataclass(frozen=True, slots=True)
class View:
    council: Council
    items: tuple[Item, ...]
    seats: tuple[Seat, ...]
    decisions: tuple[Decision, ...]
    keeps: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """why: tied (several claim it) · unowned (nobody does) · late."""

    number: str
    title: str
    why: str


def listed(*, visible_to: Actor) -> list[Listed]:
    """Those to come first, then the newest; three queries."""
    rows = list(
        visible(Council.objects.all(), visible_to)
        .annotate(over=Q(ended_at__isnull=False))
        .order_by("over", "-planned_at", "-id")[:_LISTED_MAX]
    )
    items = dict(Item.objects.filter(council__in=rows).values_list("council").annotate(n=Count("id")))
    decided = Decision.objects.filter(item__council__in=rows).values_list("item__council")
    decisions = dict(decided.annotate(n=Count("id")))
    return [Listed(row, items.get(row.id, 0), decisions.get(row.id, 0)) for row in rows]


def view(*, visible_to: Actor, council_id: UUID) -> View:
    """Raises NotFound. Four queries, however long the agenda."""
    council = visible(Council.objects.filter(id=council_id), visible_to).first()
    if council is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    items = Item.objects.filter(council=council).select_related("matter").order_by("position")
    seats = Seat.objects.filter(council=council).select_related("organisation")
    decisions = Decision.objects.filter(item__council=council).select_related("owner", "matter", "item")
    return View(
        council=council,
        items=tuple(items),
        seats=tuple(seats.order_by("organisation__code")),
        decisions=tuple(decisions.order_by("at", "id")),
        keeps=council.ended_at is None and may(visible_to, "keep", council),
    )


def agenda(*, visible_to: Actor, at: datetime) -> list[Proposed]:
    """Open matters nobody or several own, then those late the longest, as far as this reader may see them."""
    rows = visible(Matter.objects.filter(closed_at__isnull=True), visible_to).select_related("words")
    routing = FACTS["routing"].objects.filter(ended_at__isnull=True)  # type: ignore[attr-defined]
    found: dict[str, Proposed] = {}
    for why, state in (("tied", "consultation"), ("unowned", "gap")):
        unsettled = rows.filter(lead__isnull=True, id__in=routing.filter(state=state).values("matter_id"))
        for matter in unsettled.order_by("opened_at", "id")[:_PROPOSED_MAX]:
            found.setdefault(matter.number, Proposed(matter.number, matter.words.title, why))
    for matter in rows.filter(due_at__lt=at).order_by("due_at", "id")[:_PROPOSED_MAX]:
        found.setdefault(matter.number, Proposed(matter.number, matter.words.title, "late"))
    return list(found.values())[:_PROPOSED_MAX]
