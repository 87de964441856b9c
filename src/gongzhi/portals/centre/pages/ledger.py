"""The ledger in short: how far it is ordered, how far sealed, one position."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gongzhi.acts import queries as acts
from gongzhi.portals.centre import sealing
from gongzhi.portals.centre.frame import page
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_POSITION_DIGITS_MAX = 15


@door(policy="staff")
@require_safe
def ledger(request: Visit) -> HttpResponse:
    """Says how far along a position is; what stands there is told by the proof, not by this page."""
    text = request.GET.get("position", "")
    position = int(text) if text.isdecimal() and len(text) <= _POSITION_DIGITS_MAX else None
    head, sealed = acts.head() + 1, sealing.sealed()
    values: dict[str, object] = {
        "head": head,
        "sealed": sealed,
        "position": position,
        "site": f"{request.scheme}://{request.get_host()}",
        "folder": "$GONGZHI_HOME/ledger",
        "state": ""
        if position is None
        else "sealed"
        if position < sealed
        else "ordered"
        if position < head
        else "none",
    }
    return page(request, "centre/ledger.html", "ledger", values)
