"""Taking reports in, set-based: opening one is a batch of one. Everything that can fail is done before the first row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.files import actions as files
from gongzhi.matters import births, codes, events
from gongzhi.matters.births import Newborn
from gongzhi.matters.models import Matter
from gongzhi.matters.reports import NewReporter, Opened, Report
from gongzhi.parties.bulk import find_or_register_many
from gongzhi.timetable import queries as timetables

External = tuple[str, str]


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
    with transaction.atomic():
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


def external(report: Report) -> External:
    return report.origin, report.external_id


def known(externals: Iterable[External]) -> dict[External, Opened]:
    """What is here already, by where it came from."""
    wanted: dict[str, set[str]] = {}
    for origin, id_ in externals:
        if id_:
            wanted.setdefault(origin, set()).add(id_)
    found: dict[External, Opened] = {}
    for origin, given in wanted.items():
        rows = Matter.objects.filter(~Q(external_id=""), origin=origin, external_id__in=given)
        for key, number, external_id in rows.values_list("id", "number", "external_id"):
            found[origin, external_id] = Opened(key, number, codes.follow_code(key), new=False)
    return found


def first_of_each(reports: Sequence[Report], here: dict[External, Opened]) -> list[Report]:
    """Those to be opened: not here yet, and the first of those that are the same elsewhere."""
    fresh: list[Report] = []
    seen: set[External] = set(here)
    for report in reports:
        if not report.external_id:
            fresh.append(report)
        elif external(report) not in seen:
            seen.add(external(report))
            fresh.append(report)
    return fresh


def reporters(reports: Sequence[Report], by: Actor, at: datetime) -> list[UUID | None]:
    """The person of each report, found or registered."""
    new = [report.reporter for report in reports if isinstance(report.reporter, NewReporter)]
    made = iter(find_or_register_many(new, by=by, at=at) if new else [])
    return [next(made) if isinstance(report.reporter, NewReporter) else report.reporter for report in reports]


def answers(
    reports: Sequence[Report], newborns: Sequence[Newborn], here: dict[External, Opened]
) -> list[Opened]:
    """One answer for each report, in order."""
    opened = iter(newborns)
    answered = dict(here)
    result: list[Opened] = []
    for report in reports:
        found = answered.get(external(report)) if report.external_id else None
        if found is None:
            birth = next(opened)
            found = Opened(birth.id, birth.number, codes.follow_code(birth.id))
            if report.external_id:
                answered[external(report)] = Opened(found.id, found.number, found.follow_code, new=False)
        result.append(found)
    return result


def opened_event(birth: Newborn, imported: events.ImportedFrom | None = None) -> events.Opened:
    report, route = birth.report, birth.report.route
    return events.Opened(
        number=birth.number,
        procedure=f"{report.procedure.code}@{report.procedure.version}",
        state=report.procedure.initial,
        category=report.category,
        channel=report.channel,
        urgency=report.urgency,
        confidential=report.confidential,
        place=report.place_state,
        route=route.state if route else "gap",
        organisation_id=route.organisation_id if route else None,
        table_version=route.table_version if route else 0,
        due_at=birth.due_at.isoformat() if birth.due_at else "",
        imported=imported,
    )


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
