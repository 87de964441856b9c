"""Today: the next task fills the screen, the others follow in the order of their deadlines."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.acts import queries as acts
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Filters, MatterRow
from gongzhi.portals.centre import showing
from gongzhi.portals.centre.frame import page
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_ROWS = 30
_QUEUE = "today"


@dataclass(frozen=True, slots=True)
class Next:
    """way: the place as a link the phone's own map opens (RFC 5870, WGS 84), "" without a point."""

    row: showing.Row
    why: str
    way: str


@door(policy="staff")
@require_safe
def today(request: Visit) -> HttpResponse:
    """For whoever walks the street; who has no such queue finds it empty and is led to the inbox."""
    since = acts.head()
    found = matters.page(
        visible_to=request.actor, filters=Filters(queue=_QUEUE), at=request.at, order="due", limit=_ROWS
    )
    first, rest = found.rows[:1], found.rows[1:]
    address = f"{reverse('centre:inbox')}?queue={_QUEUE}"
    values: dict[str, object] = {
        "since": since,
        "next": next((_next(request, row) for row in first), None),
        "rest": [_shown(request, row) for row in rest],
        "all_url": address,
    }
    return page(request, "centre/today.html", "today", values)


def _next(request: Visit, row: MatterRow) -> Next:
    way = f"geo:{row.lat:.6f},{row.lon:.6f}" if row.lat is not None and row.lon is not None else ""
    return Next(_shown(request, row), _why(request, row), way)


def _shown(request: Visit, row: MatterRow) -> showing.Row:
    return showing.row(row, at=request.at, url=reverse("centre:case", args=[row.number]))


def _why(request: Visit, row: MatterRow) -> str:
    if row.overdue(request.at):
        return _("先做这件：它已经超期，等得最久。")
    if row.due_at is not None:
        return _("先做这件：它最先到期。")
    return _("先做这件：它没有期限，来得最早。")
