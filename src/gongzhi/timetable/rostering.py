"""The writes about people's time: on duty, away, deputies. By the head of the unit or the system administrator; one's
own leave by oneself, too. One act each.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do, require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.grants import lending
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.timetable import events
from gongzhi.timetable.crew import members
from gongzhi.timetable.models import Deputyship, Leave, RosterPlace
from gongzhi.timetable.models.duty import DAY_MINUTES, LEAVE_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Each week on `weekday` (0 = Monday) from the day `from_on`, or once `on_date`. ends_minute ≤ begins_minute means
    the next morning."""

    begins_minute: int
    ends_minute: int
    weekday: int | None = None
    on_date: date | None = None
    from_on: date | None = None
    until_on: date | None = None


@transaction.atomic
def put_on_duty(
    *, organisation_id: UUID, account_id: UUID | None, hours: Hours, by: Actor, at: datetime
) -> RosterPlace:
    """One place of the roster. account None, with a date: nobody is on duty that day.

    Raises NotAllowed, Invalid (hours, or somebody of another unit), Conflict for the very same place.
    """
    require_to(by, "timetable.roster", organisation_id=organisation_id)
    ends = hours.ends_minute if hours.ends_minute > hours.begins_minute else hours.ends_minute + DAY_MINUTES
    _judge(hours, account_id)
    if account_id is not None:
        _of_the_unit(organisation_id, account_id, at, "account")
    place = RosterPlace(
        id=ids.uuid7(at),
        organisation_id=organisation_id,
        account_id=account_id,
        weekday=hours.weekday if hours.on_date is None else None,
        on_date=hours.on_date,
        begins_minute=hours.begins_minute,
        ends_minute=ends,
        from_on=hours.on_date or hours.from_on or in_china(at).date(),
        until_on=hours.until_on,
        set_at=at,
    )
    same = RosterPlace.objects.filter(
        organisation_id=organisation_id,
        account=place.account_id,
        weekday=place.weekday,
        on_date=place.on_date,
        begins_minute=place.begins_minute,
        ended_at=None,
    )
    if same.exists():
        raise Conflict("timetable.place_twice", "值班表上已有同样的一班。")
    place.save(force_insert=True)
    event = events.RosterSet(
        place.id,
        organisation_id,
        account_id,
        place.weekday,
        place.on_date.isoformat() if place.on_date else "",
        place.begins_minute,
        place.ends_minute,
        place.from_on.isoformat(),
        place.until_on.isoformat() if place.until_on else "",
    )
    _record("put_on_duty", organisation_id, by, at, event)
    return place


@transaction.atomic
def take_off_duty(*, place_id: UUID, by: Actor, at: datetime) -> None:
    """Raises NotFound when the place has ended or is of a unit the actor does not head."""
    place = RosterPlace.objects.select_for_update().filter(id=place_id, ended_at=None).first()
    if place is None or not may_do(by, "timetable.roster", organisation_id=place.organisation_id):
        raise NotFound("timetable.no_place", "没有这一班，或已从值班表上取消。")
    RosterPlace.objects.filter(id=place_id).update(ended_at=max(at, place.set_at))
    event = events.RosterEnded(place.id, place.organisation_id)
    _record("take_off_duty", place.organisation_id, by, at, event)


@transaction.atomic
def record_leave(
    *,
    organisation_id: UUID,
    account_id: UUID,
    deputy_id: UUID | None,
    kind: str,
    begins_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime,
) -> Leave:
    """Somebody of the unit is away. Recorded by a head of the unit, the deputy holds what the absent holds there until
    they are back; by anybody else, the deputy is told and acts by what they hold themselves.

    Raises NotAllowed (others' leave), Invalid (period, kind, deputy), Conflict when it overlaps a leave recorded before.
    """
    if by.kind != "account" or by.id != account_id:
        require_to(by, "timetable.roster", organisation_id=organisation_id)
    _of_the_unit(organisation_id, account_id, at, "account")
    if kind not in LEAVE_KINDS:
        raise Invalid("timetable.leave_kind", "没有这种请假类别。", field="kind")
    if ends_at <= begins_at or ends_at <= at:
        raise Invalid("timetable.leave_period", "结束时间应晚于开始时间和现在。", field="ends_at")
    if deputy_id == account_id:
        raise Invalid("timetable.deputy_self", "代理人不能是本人。", field="deputy")
    if deputy_id is not None:
        _of_the_unit(organisation_id, deputy_id, at, "deputy")
    overlapping = Leave.objects.filter(
        account_id=account_id, ended_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at
    )
    if overlapping.exists():
        raise Conflict("timetable.leave_twice", "这段时间已登记过请假。", field="begins_at")
    lent = []
    if deputy_id is not None and lending.may_lend(by, organisation_id):
        grants = lending.lendable(
            account_id=account_id, to_account_id=deputy_id, organisation_id=organisation_id, at=at
        )
        for grant in grants:
            one = lending.lend(
                grant=grant,
                organisation_id=organisation_id,
                to_account_id=deputy_id,
                valid_from=begins_at,
                valid_until=ends_at,
                by=by,
                at=at,
            )
            lent += [one.id] if one else []
    leave = Leave.objects.create(
        id=ids.uuid7(at),
        organisation_id=organisation_id,
        account_id=account_id,
        deputy_id=deputy_id,
        kind=kind,
        begins_at=begins_at,
        ends_at=ends_at,
        lent=lent,
        recorded_at=at,
    )
    event = events.LeaveRecorded(leave.id, organisation_id, deputy_id, begins_at, ends_at, tuple(lent))
    _record("record_leave", organisation_id, by, at, event)
    return leave


@transaction.atomic
def end_leave(*, leave_id: UUID, by: Actor, at: datetime) -> None:
    """Back earlier, or never gone; what was lent ends at once. Raises NotFound when it is over or not the actor's to end."""
    leave = Leave.objects.select_for_update().filter(id=leave_id, ended_at=None, ends_at__gt=at).first()
    own = leave is not None and by.id == leave.account_id
    if leave is None or not (own or may_do(by, "timetable.roster", organisation_id=leave.organisation_id)):
        raise NotFound("timetable.no_leave", "没有这条请假，或已经结束。")
    Leave.objects.filter(id=leave_id).update(ended_at=max(at, leave.recorded_at))
    lending.take_back(grant_ids=leave.lent, by=by, at=at)
    _record("end_leave", leave.organisation_id, by, at, events.LeaveEnded(leave.id, leave.organisation_id))


@transaction.atomic
def name_deputy(
    *, organisation_id: UUID, account_id: UUID, deputy_id: UUID | None, by: Actor, at: datetime
) -> None:
    """Who stands in whenever this one cannot be reached; None: nobody any more. Gives no rights."""
    require_to(by, "timetable.roster", organisation_id=organisation_id)
    if deputy_id == account_id:
        raise Invalid("timetable.deputy_self", "代理人不能是本人。", field="deputy")
    for one, field in ((account_id, "account"), (deputy_id, "deputy")):
        if one is not None:
            _of_the_unit(organisation_id, one, at, field)
    now = Deputyship.objects.select_for_update().filter(
        organisation_id=organisation_id, account_id=account_id, valid_until=None
    )
    for before in now:
        Deputyship.objects.filter(id=before.id).update(valid_until=max(at, before.valid_from))
    if deputy_id is not None:
        Deputyship.objects.create(
            id=ids.uuid7(at),
            organisation_id=organisation_id,
            account_id=account_id,
            deputy_id=deputy_id,
            valid_from=at,
        )
    event = events.DeputyNamed(organisation_id, account_id, deputy_id)
    _record("name_deputy", organisation_id, by, at, event)


def _judge(hours: Hours, account_id: UUID | None) -> None:
    if (hours.weekday is None) == (hours.on_date is None) or hours.weekday not in (None, *range(7)):
        raise Invalid("timetable.which_day", "请选择每周的星期几，或者填写一个日期。", field="weekday")
    if not (0 <= hours.begins_minute < DAY_MINUTES and 0 <= hours.ends_minute <= DAY_MINUTES):
        raise Invalid("timetable.hours", "时间应在 00:00 至 24:00 之间。", field="begins")
    if account_id is None and hours.on_date is None:
        raise Invalid("timetable.nobody_weekly", "只有某一天可以写明无人值班。", field="account")


def _of_the_unit(organisation_id: UUID, account_id: UUID, at: datetime, field: str) -> None:
    if account_id not in members(organisation_id, at):
        raise Invalid("timetable.not_of_the_unit", "此人不是本单位在岗人员。", field=field)


def _record(verb: str, organisation_id: UUID, by: Actor, at: datetime, event: object) -> None:
    subject = Subject("parties.organisation", organisation_id)
    record(verb=f"timetable.{verb}", subject=subject, by=by, at=at, event=event)
