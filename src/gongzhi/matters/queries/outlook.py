"""What a reporter may expect next: who has it or probably will, and by when each next step comes."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import loading
from gongzhi.matters.models import ClockRun
from gongzhi.matters.queries import views
from gongzhi.matters.queries.rows import ClockView
from gongzhi.parties.models import Organisation
from gongzhi.timetable import queries as timetables

# Steps that happen to the reporter: it is accepted, somebody contacts them, it is done again. Others are the house's own.
_TOLD = ("acceptance", "response", "rework")


@dataclass(frozen=True, slots=True)
class Outlook:
    """lead: the unit it was given to; else `probable`, the one the mandates name (the desk may still decide otherwise).
    clocks: running ones a reporter is told, the nearest first."""

    lead: str
    probable: str
    clocks: tuple[ClockView, ...]


def outlook(*, visible_to: Actor, number: str, at: datetime) -> Outlook:
    """Raises NotFound. A constant number of statements."""
    try:
        parsed = numbers.parse(number[:40])
    except ValueError:
        parsed = ""
    matter = loading.rows("category", "lead").filter(number=parsed).first()
    if matter is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    require(visible_to, "view", matter)
    facts, table = loading.facts_of(matter.id), timetables.current()
    situation = loading.situation_of(matter, facts, at=at, timetable=table, reader=visible_to)
    runs = ClockRun.objects.filter(matter=matter, stopped_at__isnull=True).order_by("due_at", "id")
    told = [run for run in runs if run.promised or run.code in _TOLD]
    routing = facts.current("routing")
    probable = ""
    if matter.lead is None and matter.closed_at is None and routing and routing.organisation_id:
        names = Organisation.objects.filter(id=routing.organisation_id).values_list("name", flat=True)
        probable = names.first() or ""
    return Outlook(
        lead=matter.lead.name if matter.lead else "",
        probable=probable,
        clocks=tuple(views.clock_view(run, situation, table, visible_to.language) for run in told),
    )
