"""Clocks that have used up part of their time: a sweep in bulk, not a job per matter."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.catalogue.procedure import Procedure
from gongzhi.kernel import ids
from gongzhi.matters import clocks, events, loading
from gongzhi.matters.models import ClockRun, Escalation
from gongzhi.timetable import queries as timetables


def due_escalations(*, at: datetime, limit: int = 500) -> int:
    """Take the next step of up to `limit` ladders that are due, once each; returns how many. Several workers may run it
    at once; a paused clock climbs nothing. Who is told is up to the reaction on the act.
    """
    with transaction.atomic():
        due = ClockRun.objects.filter(stopped_at__isnull=True, next_step_at__lte=at).order_by("next_step_at")
        locked = due.select_for_update(skip_locked=True, of=("self",))
        runs = list(locked.select_related("matter__procedure")[:limit])
        taken = [(run, *_climb(run, at)) for run in runs]
        Escalation.objects.bulk_create(row for _, rows, _ in taken for row in rows)
        ClockRun.objects.bulk_update(runs, ["steps", "next_step_at"])
        record_many([draft for _, rows, draft in taken if rows])
    return len(runs)


def _climb(run: ClockRun, at: datetime) -> tuple[list[Escalation], Draft]:
    procedure = loading.procedure_of(run.matter)
    percent = clocks.next_step(run, procedure) or 0
    rows = _rows(run, procedure, percent, at)
    run.steps = [*run.steps, percent]
    clocks.reckon(run, procedure, timetables.current())
    return rows, _draft(run, procedure, percent, rows, at)


def _rows(run: ClockRun, procedure: Procedure, percent: int, at: datetime) -> list[Escalation]:
    return [
        Escalation(
            id=ids.uuid7(at),
            matter=run.matter,
            at=at,
            by=SYSTEM.reference,
            run=run,
            clock=run.code,
            at_percent=percent,
            to=step.to,
            due_at=run.due_at,
        )
        for step in procedure.escalation
        if step.clock == run.code and step.at_percent == percent
    ]


def _draft(
    run: ClockRun, procedure: Procedure, percent: int, rows: Sequence[Escalation], at: datetime
) -> Draft:
    event = events.Escalated(
        number=run.matter.number,
        procedure=f"{procedure.code}@{procedure.version}",
        clock=run.code,
        at_percent=percent,
        to=tuple(row.to for row in rows),
        due_at=run.due_at.isoformat() if run.due_at else "",
    )
    return Draft(
        verb="matters.escalate",
        subject=Subject("matters.matter", run.matter_id),
        by=SYSTEM,
        at=at,
        event=event,
        area_path=run.matter.area_path,
    )
