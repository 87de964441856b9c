"""Lives that were lived elsewhere: set-based, with their own times."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.acts.inserting import Rows, insert_rows
from gongzhi.catalogue.procedure import Procedure
from gongzhi.kernel import ids
from gongzhi.matters import births, codes, events
from gongzhi.matters.arrivals import (
    answers,
    external,
    first_of_each,
    known,
    opened_event,
    reporters,
)
from gongzhi.matters.births import Newborn
from gongzhi.matters.models import ClockRun
from gongzhi.matters.reports import Life, Opened
from gongzhi.timetable import queries as timetables

_FACT = ("id", "matter_id", "at", "by", "organisation_id")
_PROMISE = "handling"  # the clock that a deadline given by the source stands for


def replay_many(lives: Sequence[Life], *, by: Actor, at: datetime) -> list[Opened]:
    """Insert matters with their past, set-based: acts carry the times of the source, say that they are imported and
    from which row. Lives whose (origin, external_id) is here already add nothing (`new` is False).

    A life that was closed there is closed here; one that was with a unit waits for that unit to sign; nobody is told.
    Times out of order are put in order: nothing happens before it was opened.
    """
    reports = [life.report for life in lives]
    procedures, table = births.procedure_ids(report.procedure for report in reports), timetables.current()
    with transaction.atomic():
        here = known(external(report) for report in reports)
        fresh = first_of_each(reports, here)
        wanted = {id(report) for report in fresh}
        living = [life for life in lives if id(life.report) in wanted]
        numbers = codes.take_numbers(len(fresh))
        lived: list[tuple[Newborn, Life]] = []
        nursery: births.Nursery = {}
        for life, reporter, number in zip(living, reporters(fresh, by, at), numbers, strict=True):
            procedure = life.report.procedure
            newborn = births.born(
                life.report,
                number=number,
                procedure_id=procedures[procedure.code, procedure.version],
                reporter_id=reporter,
                at=at,
            )
            _age(newborn, life)
            if newborn.state.code == procedure.initial and not life.target_at:
                births.wind_up(newborn, table, nursery)  # it waits at the desk like one that came in here
            lived.append((newborn, life))
        births.insert([newborn for newborn, _ in lived], by=by.reference)
        _facts(lived, by.reference)
        record_many([draft for newborn, life in lived for draft in _drafts(newborn, life, by)])
    return answers(reports, [newborn for newborn, _ in lived], here)


def _age(newborn: Newborn, life: Life) -> None:
    """Bring it to where its life has got to."""
    procedure, opened_at = life.report.procedure, newborn.opened_at
    newborn.lead_id = life.organisation_id
    newborn.version = 1 + sum(when is not None for when in (life.dispatched_at, life.closed_at))
    if life.closed_at:
        newborn.state = procedure.state(_target(procedure, "close"))
        newborn.closed_at = max(life.closed_at, opened_at)
    elif life.dispatched_at and life.organisation_id:
        newborn.state = procedure.state(_target(procedure, "dispatch"))
    if life.target_at:
        newborn.clocks = (births.Ticking.of(_promised(newborn, life)),)


def _promised(newborn: Newborn, life: Life) -> ClockRun:
    return ClockRun(
        id=ids.uuid7(newborn.opened_at),
        matter_id=newborn.id,
        code=_PROMISE,
        started_at=newborn.opened_at,
        due_at=life.target_at,
        promised=True,
        stopped_at=newborn.closed_at,
    )


def _target(procedure: Procedure, code: str) -> str:
    verb = procedure.verb(code)
    return verb.to_state if verb else procedure.initial


def _facts(lived: Sequence[tuple[Newborn, Life]], by: str) -> None:
    assignments, ended, answered = [], [], []
    for newborn, life in lived:
        if life.organisation_id:
            when = max(life.dispatched_at or newborn.opened_at, newborn.opened_at)
            row = (*_common(newborn, life, when, by), "lead", "", False, None, life.report.area_path)
            assignments.append(row)
        if newborn.closed_at:
            ended.append((*_common(newborn, life, newborn.closed_at, by), life.outcome, ""))
        if newborn.closed_at and life.reply:
            row = _common(newborn, life, newborn.closed_at, by)
            answered.append((*row, life.outcome or "explained", life.reply, [], False))
    columns = ("role", "reason", "designated", "mandate_id", "area_path")
    insert_rows(
        Rows("matters_assignment", (*_FACT, *columns), assignments),
        Rows("matters_closure", (*_FACT, "outcome", "note"), ended),
        Rows("matters_answer", (*_FACT, "result", "reply", "evidence", "now"), answered),
    )


def _common(newborn: Newborn, life: Life, at: datetime, by: str) -> tuple[Any, ...]:
    return ids.uuid7(at), newborn.id, at, by, life.organisation_id


def _drafts(newborn: Newborn, life: Life, by: Actor) -> Iterator[Draft]:
    report = life.report
    source = events.ImportedFrom(report.origin, report.external_id, report.source)
    yield _draft(newborn, "open", newborn.opened_at, opened_event(newborn, source), by)
    procedure, state, version = report.procedure, report.procedure.initial, 1
    for verb, when in (("dispatch", life.dispatched_at), ("close", life.closed_at)):
        if when is None:
            continue
        before, state, version = state, _target(procedure, verb), version + 1
        event = events.Performed(
            number=newborn.number,
            procedure=f"{procedure.code}@{procedure.version}",
            verb=verb,
            from_state=before,
            to_state=state,
            version=version,
            imported=source,
        )
        yield _draft(newborn, verb, max(when, newborn.opened_at), event, by)


def _draft(newborn: Newborn, verb: str, at: datetime, event: object, by: Actor) -> Draft:
    return Draft(
        verb=f"matters.{verb}",
        subject=Subject("matters.matter", newborn.id),
        by=by,
        at=at,
        event=event,
        area_path=newborn.report.area_path,
    )
