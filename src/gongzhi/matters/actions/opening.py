"""Taking reports in, set-based: opening one is a batch of one. Everything that can fail is done before the first row."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.files import actions as files
from gongzhi.matters import births, codes
from gongzhi.matters.arrivals import answers, external, first_of_each, known, opened_event, reporters
from gongzhi.matters.births import Newborn
from gongzhi.matters.reports import Opened, Report
from gongzhi.timetable import queries as timetables


def open_many(reports: Sequence[Report], *, by: Actor, at: datetime) -> list[Opened]:
    """Open a matter for each report, in order, in one transaction and a handful of statements; one act each.

    Doors decide who may report (everybody may); reports are checked and prepared before. A report whose (origin,
    external_id) is here already is answered with the matter it became, `new` False.
    """
    try:
        return _open(reports, by, at)
    except IntegrityError as error:
        if "matters_external_once" not in str(error):
            raise
        return _open(reports, by, at)  # another transaction brought the same one in just now


def _open(reports: Sequence[Report], by: Actor, at: datetime) -> list[Opened]:
    table = timetables.current()
    procedures = births.procedure_ids(report.procedure for report in reports)
    # Only an external id that another transaction brings at this moment is tried a second time.
    with transaction.atomic(savepoint=any(report.external_id for report in reports)):
        here = known(external(report) for report in reports)
        fresh = first_of_each(reports, here)
        numbers = codes.take_numbers(len(fresh))
        newborns = [
            births.born(
                report,
                number=number,
                procedure_id=procedures[report.procedure.code, report.procedure.version],
                reporter_id=reporter,
                at=at,
            )
            for report, reporter, number in zip(fresh, reporters(fresh, by, at), numbers, strict=True)
        ]
        nursery: births.Nursery = {}
        for birth in newborns:
            births.wind_up(birth, table, nursery)
        births.insert(newborns, by=by.reference)
        record_many([_draft(birth, by) for birth in newborns])
        _attach(newborns, by, at)
    return answers(reports, newborns, here)


def _draft(birth: Newborn, by: Actor) -> Draft:
    return Draft(
        verb="matters.open",
        subject=Subject("matters.matter", birth.id),
        by=by,
        at=birth.opened_at,
        event=opened_event(birth),
        area_path=birth.report.area_path,
    )


def _attach(newborns: Sequence[Newborn], by: Actor, at: datetime) -> None:
    for birth in newborns:
        if birth.report.file_ids:
            files.attach(
                file_ids=birth.report.file_ids,
                subject=Subject("matters.matter", birth.id),
                by=by,
                at=at,
                area_path=birth.report.area_path,
            )
