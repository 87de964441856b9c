"""Reports on their way in: which are here already, whose they are, what each is answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongzhi.access.actor import Actor
from gongzhi.matters import codes, events
from gongzhi.matters.births import Newborn
from gongzhi.matters.models import Matter
from gongzhi.matters.reports import NewReporter, Opened, Report
from gongzhi.parties.bulk import find_or_register_many

External = tuple[str, str]


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
