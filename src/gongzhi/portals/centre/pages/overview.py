"""Where those begin who work on no cases: auditors, administrators, integrators; and the record they read."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gongzhi.kernel.refusals import Invalid
from gongzhi.matters import queries as matters
from gongzhi.portals.centre import overview as overviews
from gongzhi.portals.centre import recording
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.policies import RECORDS
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_LINES = 60


@door(policy="staff")
@require_safe
def overview(request: Visit) -> HttpResponse:
    """One block per duty; who holds none of these duties is led to the inbox by its words."""
    parts = overviews.parts(request.actor, request.at)
    return page(request, "centre/overview.html", "overview", {"parts": parts})


@door(policy="staff", permission=RECORDS)
@require_safe
def records(request: Visit) -> HttpResponse:
    """Newest first, thirty days at most from where the page begins; or the whole life of one case by its number."""
    number, system = request.GET.get("number", "").strip()[:40], request.GET.get("system") == "1"
    if number:
        lines = recording.lines(request.actor, matters.trail(visible_to=request.actor, number=number))
    else:
        lines = recording.recorded(request.actor, before=_before(request), limit=_LINES, system=system)
    values: dict[str, object] = {
        "lines": lines,
        "older": None if number else recording.last(lines, _LINES),
        "number": number,
        "system": system,
    }
    return page(request, "centre/records.html", "records", values)


def _before(request: Visit) -> UUID | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    try:
        wanted = UUID(text)
    except ValueError:
        wanted = UUID(int=0)
    if wanted.version != 7:
        raise Invalid("centre.bad_place", "翻页位置不正确，请从第一页重新开始。", field="before")
    return wanted
