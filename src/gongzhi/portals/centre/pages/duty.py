"""值班: the week of a unit, who is away, who deputises, and handing over what somebody leaves behind."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.kernel.clock import SHANGHAI, in_china
from gongzhi.kernel.refusals import Invalid, NotFound, Refusal
from gongzhi.notices import planning
from gongzhi.parties.models import Organisation
from gongzhi.portals.centre import rosters
from gongzhi.portals.centre.frame import ON_DUTY, page
from gongzhi.timetable import handing_over, queries, rostering
from gongzhi.timetable.crew import members
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_FORMS = ("place", "leave", "handover")
_WEEKDAYS = tuple("0123456")
_YEARS = range(2000, 2101)


@door(policy="staff", roles=ON_DUTY)
@require_safe
def duty(request: Visit) -> HttpResponse:
    """The roster of one's own unit; the desk and leaders choose another with ?unit=."""
    return _page(request, _unit(request, request.GET.get("unit", "")))


@door(policy="staff", roles=ON_DUTY)
@require_POST
def change(request: Visit, unit_id: UUID, what: str) -> HttpResponse:
    """One write, then back to the week; what is refused is said on the same page and nothing typed is lost."""
    unit = _unit(request, str(unit_id))
    try:
        said = _CHANGES[what](request, unit) if what in _CHANGES else ""
    except Refusal as refusal:
        return _page(request, unit, (what, refusal))
    if not said:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    messages.success(request, said)
    return HttpResponseRedirect(
        f"{reverse('centre:duty')}?unit={unit.id}&week={request.POST.get('week', '')}"
    )


def _page(request: Visit, unit: Organisation, refused: tuple[str, Refusal] | None = None) -> HttpResponse:
    """refused: which form and why not: what was chosen in it stays chosen, and nothing in the others."""
    first = _monday(request)
    manages = rosters.may_manage(request.actor, unit)
    names = members(unit.id, request.at)
    leaves = list(queries.leaves(visible_to=request.actor, at=request.at).filter(organisation_id=unit.id))
    own = request.actor.id in names
    values: dict[str, object] = {
        "unit": unit,
        "units": rosters.units_of(request.actor),
        "first": first.isoformat(),
        "before": (first - timedelta(days=7)).isoformat(),
        "after": (first + timedelta(days=7)).isoformat(),
        "days": rosters.week(
            unit, first=first, leaves=leaves, names=names, actor=request.actor, at=request.at
        ),
        "now": rosters.now_on_duty(unit, names=names, at=request.at),
        "away": rosters.away(leaves, actor=request.actor, manages=manages, at=request.at),
        "sees_leaves": own or manages,
        "manages": manages,
        "leaver": "" if manages else str(request.actor.id),
        "may_record": manages or own,
        "crew": rosters.crew(unit, request.at),
        "leavers": rosters.leavers(unit, actor=request.actor, manages=manages, names=names),
        "weekdays": rosters.weekdays(),
        **{name: request.POST if refused and refused[0] == name else {} for name in _FORMS},
        "problem": problems.text(refused[1]) if refused else "",
    }
    return page(request, "centre/duty.html", "duty", values, status=422 if refused else 200)


def _unit(request: Visit, wanted: str) -> Organisation:
    units = rosters.units_of(request.actor)
    found = next((unit for unit in units if not wanted or str(unit.id) == wanted), None)
    if found is None:
        raise NotFound("centre.no_unit", "没有找到这个单位，或者它的值班表不归您看。")
    return found


def _monday(request: Visit) -> date:
    try:
        day = _date(request.GET.get("week", "") or request.POST.get("week", ""), "week")
    except Invalid:
        day = in_china(request.at).date()
    return day - timedelta(days=day.weekday())


def _put(request: Visit, unit: Organisation) -> str:
    given = request.POST
    on_date = _date(given.get("on_date", ""), "on_date") if given.get("on_date") else None
    hours = rostering.Hours(
        begins_minute=_minute(given.get("begins", ""), "begins"),
        ends_minute=_minute(given.get("ends", ""), "ends"),
        weekday=int(given["weekday"]) if given.get("weekday", "x") in _WEEKDAYS and not on_date else None,
        on_date=on_date,
    )
    account = _account(given, "account") if given.get("account") else None
    rostering.put_on_duty(
        organisation_id=unit.id, account_id=account, hours=hours, by=request.actor, at=request.at
    )
    return _("已排入值班表。")


def _take_off(request: Visit, _unit: Organisation) -> str:
    rostering.take_off_duty(place_id=_id(request.POST, "place"), by=request.actor, at=request.at)
    return _("已从值班表上取消。")


def _leave(request: Visit, unit: Organisation) -> str:
    given = request.POST
    rostering.record_leave(
        organisation_id=unit.id,
        account_id=_account(given, "account"),
        deputy_id=_account(given, "deputy") if given.get("deputy") else None,
        kind=given.get("kind", "annual"),
        begins_at=_moment(given.get("begins_at", ""), "begins_at"),
        ends_at=_moment(given.get("ends_at", ""), "ends_at"),
        by=request.actor,
        at=request.at,
    )
    return _("请假已登记，期间由代理人接收提醒。")


def _back(request: Visit, _unit: Organisation) -> str:
    rostering.end_leave(leave_id=_id(request.POST, "leave"), by=request.actor, at=request.at)
    return _("请假已结束。")


def _hand_over(request: Visit, unit: Organisation) -> str:
    counts = handing_over.hand_over(
        organisation_id=unit.id,
        account_id=_account(request.POST, "account"),
        to_account_id=_account(request.POST, "to"),
        by=request.actor,
        at=request.at,
    )
    return _("已移交 %(count)s 项，时限不变。") % {"count": sum(counts.values())}


_CHANGES: Mapping[str, Callable[[Visit, Organisation], str]] = {
    "place": _put,
    "off": _take_off,
    "leave": _leave,
    "back": _back,
    "handover": _hand_over,
}


def _account(given: Mapping[str, str], field: str) -> UUID:
    return _id(given, field)


def _id(given: Mapping[str, str], field: str) -> UUID:
    try:
        return UUID(given.get(field, ""))
    except ValueError as error:
        raise Invalid("centre.choose_person", "请从列表中选择人员。", field=field) from error


def _minute(clock: str, field: str) -> int:
    try:
        return planning.minute(clock)
    except ValueError as error:
        raise Invalid("centre.clock", "请按 08:30 的样子填写时间。", field=field) from error


def _date(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("centre.date", "请填写日期。", field=field) from error
    if day.year not in _YEARS:
        raise Invalid("centre.date", "请填写日期。", field=field)
    return day


def _moment(text: str, field: str) -> datetime:
    """What a datetime-local field sends, on the Chinese wall clock."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise Invalid("centre.moment", "请填写日期和时间。", field=field) from error
    if moment.year not in _YEARS:
        raise Invalid("centre.moment", "请填写日期和时间。", field=field)
    return moment
