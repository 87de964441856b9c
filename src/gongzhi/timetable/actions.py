"""The writes: load a holiday year, set working hours. One act each; the same again changes nothing."""

from datetime import datetime

from django.db import connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.calendar.holidays import YearTable
from gongzhi.calendar.hours import WorkingHours
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid
from gongzhi.parties.models import Organisation
from gongzhi.timetable.events import HoursSet, YearLoaded
from gongzhi.timetable.models import HolidayYear, UnitHours


def load_year(*, table: YearTable, by: Actor, at: datetime) -> HolidayYear:
    """Put a published year in force; the same dates again change nothing, other dates become the next edition.

    Raises NotAllowed for anyone but the system administrator, Invalid without a source.
    """
    require_to(by, "timetable.manage")
    if not table.source.strip():
        raise Invalid("timetable.no_source", "请注明放假安排的来源文件（名称、文号）。", field="source")
    with transaction.atomic():
        _one_at_a_time(f"timetable.year.{table.year}")
        newest = HolidayYear.objects.filter(year=table.year).order_by("-edition").first()
        days_off, make_up_days = sorted(table.days_off), sorted(table.make_up_days)
        if newest and (newest.days_off, newest.make_up_days) == (days_off, make_up_days):
            return newest
        row = HolidayYear.objects.create(
            id=ids.uuid7(at),
            year=table.year,
            edition=newest.edition + 1 if newest else 1,
            days_off=days_off,
            make_up_days=make_up_days,
            source=table.source.strip(),
            loaded_at=at,
        )
        acts.record(
            verb="timetable.load_year",
            subject=Subject("timetable.holidayyear", row.id),
            by=by,
            at=at,
            event=YearLoaded(
                year=row.year,
                edition=row.edition,
                days_off=[day.isoformat() for day in days_off],
                make_up_days=[day.isoformat() for day in make_up_days],
                source=row.source,
            ),
        )
        return row


def set_hours(
    *, organisation: Organisation | None, hours: WorkingHours, by: Actor, at: datetime
) -> UnitHours:
    """From `at` on this unit (None: everybody without their own) works these hours; the same again changes nothing.

    Raises NotAllowed for anyone but the system administrator.
    """
    require_to(by, "timetable.manage")
    work, rest = ([list(spell) for spell in spells] for spells in (hours.on_work_days, hours.on_rest_days))
    with transaction.atomic():
        _one_at_a_time(f"timetable.hours.{organisation.id if organisation else ''}")
        now = UnitHours.objects.filter(organisation=organisation, valid_until=None).first()
        if now and (now.on_work_days, now.on_rest_days) == (work, rest):
            return now
        if now:
            UnitHours.objects.filter(pk=now.pk).update(valid_until=max(at, now.valid_from))
        row = UnitHours.objects.create(
            id=ids.uuid7(at), organisation=organisation, on_work_days=work, on_rest_days=rest, valid_from=at
        )
        acts.record(
            verb="timetable.set_hours",
            subject=Subject("timetable.unithours", row.id),
            by=by,
            at=at,
            event=HoursSet(organisation.code if organisation else "", work, rest),
        )
        return row


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
