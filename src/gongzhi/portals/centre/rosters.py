"""A unit's week as the page draws it: who is on duty each day, who is away, who may be named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.access.decisions import may_do
from gongzhi.kernel.clock import in_china
from gongzhi.parties import queries as parties
from gongzhi.parties.models import Organisation
from gongzhi.timetable import duty, handing_over, queries, standing
from gongzhi.timetable.crew import members
from gongzhi.timetable.duty import Shift
from gongzhi.timetable.models import Leave, RosterPlace
from gongzhi.web.forms import Option

WATCHING = ("dispatcher", "supervisor", "street_leader", "system_admin")
WORKING = ("handler", "unit_head", "community_worker")
DAYS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """place: id to take it off. once: stands for this date only."""

    place: UUID
    hours: str
    who: str
    once: bool
    away: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    today: bool
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Away:
    id: UUID
    who: str
    deputy: str
    period: str
    now: bool
    endable: bool


@dataclass(frozen=True, slots=True)
class Now:
    who: str
    why: str


def reads_some(actor: Actor) -> bool:
    """Whether there is a roster for the actor to read."""
    return actor.has_role(*WATCHING) or bool(_own(actor))


def _own(actor: Actor) -> set[UUID]:
    return {held.organisation_id for held in actor.held if held.role in WORKING and held.organisation_id}


def units_of(actor: Actor) -> list[Organisation]:
    """Units whose roster the actor reads, own ones first."""
    own = _own(actor)
    every = parties.organisations(visible_to=ANONYMOUS)
    if actor.has_role(*WATCHING):
        return sorted(every, key=lambda unit: unit.id not in own)
    return list(every.filter(id__in=own)) if own else []


def may_manage(actor: Actor, unit: Organisation) -> bool:
    return may_do(actor, "timetable.roster", organisation_id=unit.id)


def week(
    unit: Organisation,
    *,
    first: date,
    leaves: Sequence[Leave],
    names: dict[UUID, str],
    actor: Actor,
    at: datetime,
) -> list[Day]:
    """Seven days from `first`. Three statements however many serve."""
    places = list(queries.roster(visible_to=actor).filter(organisation_id=unit.id).select_related("account"))
    shifts = {_shift(place): place for place in places}
    today = in_china(at).date()
    return [
        Day(
            _title(day),
            day == today,
            [_line(shifts[shift], day, leaves) for shift in duty.places_on(shifts, day)],
        )
        for day in (first + timedelta(days=number) for number in range(DAYS))
    ]


def now_on_duty(unit: Organisation, *, names: dict[UUID, str], at: datetime) -> list[Now]:
    """Whom the unit is reached by at this instant."""
    reach = standing.Reach(at)
    found = reach.members(unit.id, area_path=unit.area_path)
    why = {
        "on_duty": _("值班"),
        "deputy": _("代理"),
        "own": _("在岗"),
        "unit_head": _("负责人"),
        "desk": _("派单台"),
        "colleague": _("同事"),
        "last": _("请假中"),
    }
    known = {**parties.account_names([one.who.account_id for one in found]), **names}
    return [Now(known.get(one.who.account_id, "—"), why[one.reason]) for one in found]


def away(leaves: Sequence[Leave], *, actor: Actor, manages: bool, at: datetime) -> list[Away]:
    return [
        Away(
            leave.id,
            _name(leave.account),
            _name(leave.deputy) if leave.deputy else "",
            f"{_moment(leave.begins_at)} – {_moment(leave.ends_at)}",
            leave.begins_at <= at,
            manages or leave.account_id == actor.id,
        )
        for leave in leaves
    ]


def crew(unit: Organisation, at: datetime) -> list[Option]:
    return [Option(str(id_), name) for id_, name in members(unit.id, at).items()]


def leavers(unit: Organisation, *, actor: Actor, manages: bool, names: dict[UUID, str]) -> list[Option]:
    """From whom the actor may hand work over, with how much it is; first those who hold work here and have gone."""
    work = {
        id_: count for id_, count in handing_over.open_work(unit.id).items() if manages or id_ == actor.id
    }
    gone = parties.account_names([id_ for id_ in work if id_ not in names])
    said = {id_: _("%(who)s（已不在岗）") % {"who": name} for id_, name in gone.items()} | names
    return [
        Option(str(id_), _("%(who)s（%(count)s 项）") % {"who": name, "count": work[id_]})
        for id_, name in said.items()
        if id_ in work
    ]


def weekdays() -> list[Option]:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return [Option(str(number), name) for number, name in enumerate(names)]


def _shift(place: RosterPlace) -> Shift:
    return Shift(**{name: getattr(place, name) for name in Shift.__dataclass_fields__})


def _line(place: RosterPlace, day: date, leaves: Sequence[Leave]) -> Line:
    gone = next(
        (leave for leave in leaves if leave.account_id == place.account_id and _touches(leave, day)), None
    )
    deputy = _name(gone.deputy) if gone and gone.deputy else ""
    said = (_("请假，由 %(deputy)s 代理") % {"deputy": deputy} if deputy else _("请假中")) if gone else ""
    return Line(
        place.id,
        f"{_clock(place.begins_minute)}–{_clock(place.ends_minute)}",
        _name(place.account) if place.account else _("无人值班"),
        place.on_date is not None,
        said,
    )


def _touches(leave: Leave, day: date) -> bool:
    return in_china(leave.begins_at).date() <= day <= in_china(leave.ends_at - timedelta(seconds=1)).date()


def _clock(minute: int) -> str:
    """Past midnight is said: 32:00 is nobody's clock."""
    text = f"{minute % 1440 // 60:02}:{minute % 60:02}"
    return _("次日 %(time)s") % {"time": text} if minute > 1440 else "24:00" if minute == 1440 else text


def _title(day: date) -> str:
    return f"{weekdays()[day.weekday()].title} {day.month}-{day.day:02}"


def _moment(at: datetime) -> str:
    return in_china(at).strftime("%Y-%m-%d %H:%M")


def _name(account: object) -> str:
    return getattr(account, "display_name", "") or getattr(account, "username", "—")
