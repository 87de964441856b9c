"""Curves and rates: the finding in the title, intervals for rates, a table behind every chart."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.indicators import queries as indicators
from gongzhi.indicators.curves import Curve, Week
from gongzhi.indicators.derived import derived
from gongzhi.indicators.lasting import durably_solved
from gongzhi.indicators.periods import WEEKS_MAX
from gongzhi.indicators.remembered import Asked, remembered
from gongzhi.kernel.clock import in_china
from gongzhi.portals.centre import choices, judging
from gongzhi.portals.centre.frame import page
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_WEEKS = 13
_GROUPS_MAX = 12


@dataclass(frozen=True, slots=True)
class WeekLine:
    label: str
    opened: int
    closed: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    weeks: list[WeekLine]


@door(policy="staff", permission="indicators.view")
@require_safe
def statistics(request: Visit) -> HttpResponse:
    """Counts only what the reader may see; the last quarter unless asked otherwise."""
    since, until = asked_period(request)
    by: Literal["organisation", "category"] = (
        "organisation" if request.GET.get("by") == "organisation" else "category"
    )
    actor = request.actor
    asked: Asked = {"visible_to": actor, "since": since, "until": until}
    total = remembered(indicators.weekly, **asked)
    groups = remembered(indicators.weekly, **asked, by=by, limit=_GROUPS_MAX)
    table = remembered(indicators.rates, **asked, by="organisation")
    lasting = remembered(durably_solved, **asked, now=request.at.replace(second=0, microsecond=0))
    weeks = total[0].weeks if total else ()
    values: dict[str, object] = {
        "since": since.isoformat(),
        "until": (until - timedelta(days=1)).isoformat(),
        "by": by,
        "period": f"since={since}&until={until - timedelta(days=1)}",
        "finding": _finding(weeks),
        "weeks": _lines(weeks),
        "groups": [Group(_title(curve), _lines(curve.weeks)) for curve in groups],
        "groups_title": _("按单位") if by == "organisation" else _("按类别"),
        "formula": judging.formula(table),
        "units": judging.units(table),
        "durability": judging.durability(lasting),
        "lasting": judging.lasting(lasting),
        "beyond": judging.beyond(derived(visible_to=actor, since=since, until=until, now=request.at)),
    }
    return page(request, "centre/statistics.html", "statistics", values)


def asked_period(request: Visit) -> tuple[date, date]:
    """Half-open; a reversed or unreadable period falls back to the last quarter."""
    today = in_china(request.at).date()
    until = _day(request.GET.get("until", ""), today) + timedelta(days=1)
    since = _day(request.GET.get("since", ""), until - timedelta(weeks=_WEEKS))
    if not timedelta() < until - since <= timedelta(weeks=WEEKS_MAX):
        return today + timedelta(days=1 - 7 * _WEEKS), today + timedelta(days=1)
    return since, until


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1990 <= found.year <= 2100 else otherwise


def _finding(weeks: tuple[Week, ...]) -> str:
    """What the curve says, from its two halves; nothing when there is too little to say."""
    half = len(weeks) // 2
    before, after = sum(w.opened for w in weeks[:half]), sum(w.opened for w in weeks[-half:] if half)
    if not half or not before:
        return _("收件与办结")
    change = round((after - before) * 100 / before)
    late = weeks[-1].overdue
    words = {"percent": abs(change), "late": late}
    if change > 4:
        return _("近 %(weeks)s 周新收比之前多 %(percent)s %%，现有 %(late)s 件超期") % {
            **words,
            "weeks": half,
        }
    if change < -4:
        return _("近 %(weeks)s 周新收比之前少 %(percent)s %%，现有 %(late)s 件超期") % {
            **words,
            "weeks": half,
        }
    return _("新收平稳，现有 %(late)s 件超期") % words


def _lines(weeks: tuple[Week, ...]) -> list[WeekLine]:
    return [WeekLine(f"{week.week_on:%m-%d}", week.opened, week.closed, week.overdue) for week in weeks]


def _title(curve: Curve) -> str:
    return curve.titles[choices.wording()]
