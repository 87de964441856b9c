"""裁定先例: how quarrels about who is responsible were ruled, to be found again."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.matters import queries as matters
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.ruling import ruled
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

PER_PAGE = 50


@door(policy="staff", permission="matters.precedents")
@require_safe
def precedents(request: Visit) -> HttpResponse:
    """Newest first; words, category and outcome narrow it."""
    text, category, decision = (request.GET.get(name, "")[:100] for name in ("q", "category", "decision"))
    if decision not in ("granted", "refused"):
        decision = ""
    rows = matters.precedents(
        visible_to=request.actor,
        text=text,
        category=category,
        decision=decision,
        before=_cursor(request.GET.get("before", "")),
        limit=PER_PAGE + 1,
    )
    last = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    kept = {"q": text, "category": category, "decision": decision}
    values: dict[str, object] = {
        "rows": [ruled(row) for row in rows[:PER_PAGE]],
        "categories": choices.categories(),
        "outcomes": [("granted", _("同意退回")), ("refused", _("不同意退回"))],
        "kept": kept,
        "narrowed": any(kept.values()),
        "older": f"?{urlencode({**kept, 'before': f'{last.decided_at.isoformat()}~{last.id}'})}"
        if last
        else "",
    }
    return page(request, "centre/precedents.html", "mandates", values)


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    """A cursor that is none begins at the newest."""
    at, _sep, id_ = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(id_)) if instant.tzinfo else None
    except ValueError:
        return None
