"""往来: platforms above us and installations below, how they are reached, and every message that went or came."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel.refusals import Conflict
from gongzhi.portals.centre import sides
from gongzhi.portals.centre.frame import EXCHANGE, page
from gongzhi.superiors import actions, queries
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_PAGE = 50


@door(policy="staff", roles=EXCHANGE)
@require_safe
def exchange(request: Visit) -> HttpResponse:
    """Newest first; ?superior= and ?state= narrow it, ?before= goes on."""
    return _page(request)


@door(policy="staff", roles=EXCHANGE)
@require_POST
def send_again(request: Visit, message_id: UUID) -> HttpResponse:
    """A failed message, under the same id. One that went meanwhile is said to have gone."""
    try:
        actions.send_again(message_id=message_id, by=request.actor, at=request.at)
    except Conflict as refusal:
        return _page(request, problem=problems.text(refusal), status=refusal.status)
    messages.success(request, _("已重新排队发送。"))
    return HttpResponseRedirect(reverse("centre:exchange"))


def _page(request: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET
    connected = sides.connections(queries.superiors(visible_to=request.actor))
    codes = [one.row.code for one in connected]
    code = asked.get("superior", "") if asked.get("superior", "") in codes else ""
    state = asked.get("state", "") if asked.get("state", "") in sides.states() else ""
    rows = queries.messages(
        visible_to=request.actor,
        code=code,
        state=state,
        before=_uuid(asked.get("before", "")),
        limit=_PAGE + 1,
    )
    more = asked.copy()
    more["before"] = str(rows[_PAGE - 1].id) if len(rows) > _PAGE else ""
    values: dict[str, object] = {
        "connections": connected,
        "subordinates": queries.subordinates(visible_to=request.actor),
        "said": sides.said(rows[:_PAGE], sends_again=True),
        "states": sides.states().items(),
        "state": state,
        "code": code,
        "more": more.urlencode() if more["before"] else "",
        "problem": problem,
    }
    return page(request, "centre/exchange.html", "exchange", values, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
