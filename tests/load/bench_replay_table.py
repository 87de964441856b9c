"""A year of a city's cases through the whole table: order, acceptance, dispatch, signature, contact, answer, call-back,
closing, each at the file's own time and each judged: who, state, second person, guards, branch, every clock.

First by the table alone (pure: rules, guards, clocks, calendar; no database), for every case, and compared with what the
file says of lateness. Then by the real engine, which also locks, reads and writes: a sample, and where its time goes.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.load.harness import Row
from tests.load.replayed import ROAD, Life, lives
from tests.load.scratch import scratch

SHARED = Path(os.environ.get("GONGZHI_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
REAL = SHARED / "boston_311_2015" / "cases_to_october.csv.gz"
GOAL_PER_SECOND = 1_000
ENGINE_SAMPLE = 200
YEARS = range(2014, 2019)
# The facts that later verbs ask for, by the verb that leaves them; what they say where it is not the form.
LEAVES = {
    "receive_order": "superior_order",
    "dispatch": "assignment",
    "sign": "signature",
    "contact": "contact",
    "answer": "answer",
    "call_back": "call_back",
}
SAYS: Mapping[str, Mapping[str, Any]] = {
    "receive_order": {"closes": False},
    "dispatch": {"role": "lead", "designated": False},
}


def rows(quick: bool) -> Iterable[Row]:
    """Quick: 10,000 cases. Baseline: the same rows read and their times understood, nothing judged."""
    with scratch():
        from gongzhi.matters.tests import town as towns

        town = towns.build()
        _publish_years()
        began = time.perf_counter()
        year = list(lives(REAL, 10_000 if quick else 1_000_000))
        reading = len(year) / (time.perf_counter() - began)
        where = "the city's file" if REAL.exists() else "made up"
        yield _judged(town, year, where, reading)
        yield from _performed(town, year[:: max(1, len(year) // ENGINE_SAMPLE)][:ENGINE_SAMPLE])


def _publish_years() -> None:
    """Of the file; without them the calendar cannot count there."""
    from gongzhi.access.actor import SYSTEM
    from gongzhi.calendar.holidays import YearTable
    from gongzhi.matters.tests.town import AT
    from gongzhi.timetable.actions import load_year

    for year in YEARS:
        load_year(table=YearTable(year, frozenset(), frozenset(), "bench"), by=SYSTEM, at=AT)


def _judged(town: Any, year: Sequence[Life], where: str, reading: float) -> Row:
    table = Table.of(town)
    began, cpu, verbs = time.perf_counter(), time.process_time(), 0
    late: Counter[tuple[bool, bool]] = Counter()
    for life in year:
        run = table.lived(life)
        verbs += run.verbs
        if life.target and life.closed and life.late is not None:
            late[run.late, life.late] += 1
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    said = sum(late.values())
    alike = late[True, True] + late[False, False]
    print(
        f"   ({verbs:,} verbs judged and allowed, {verbs / seconds:,.0f}/s; {len(year) / cpu:,.0f} cases a second of processor;"
        f" late as the file says: {alike:,} of {said:,})",
        flush=True,
    )
    assert alike >= 0.999 * said, late
    return Row.at_least(
        f"replay by the table alone ({len(year):,} cases, {where})",
        len(year) / seconds,
        "/s",
        goal=GOAL_PER_SECOND,
        baseline=reading,
    )


@dataclass(frozen=True, slots=True)
class Lived:
    verbs: int
    late: bool


class Nothing:
    """Lookups of a town without lists, evidence or complaints: as for the cases of the file."""

    def why_not_receive(self, organisation_id: UUID) -> None:
        return None

    def evidence_count(self) -> int:
        return 1

    def avoided(self) -> frozenset[UUID]:
        return frozenset()


@dataclass(slots=True)
class Table:
    """Everything the judge needs, in memory."""

    procedure: Any
    timetable: Any
    lead: UUID
    reporter: UUID
    doers: Mapping[str, Any]
    lookups: Any = field(default_factory=Nothing)

    @classmethod
    def of(cls, town: Any) -> "Table":
        from gongzhi.calendar.holidays import Holidays, YearTable
        from gongzhi.calendar.hours import OFFICE
        from gongzhi.matters.rules import Doer
        from gongzhi.timetable.queries import Timetable

        years = [YearTable(year, frozenset(), frozenset(), "bench") for year in YEARS]
        pairs = {
            "dispatcher": {("dispatcher", "desk"), ("dispatcher", "area")},
            "handler": {("handler", "lead"), ("handler", "handler")},
            "quality": {("quality", "area")},
            "system": {("", "system")},
        }
        doers = {name: Doer(f"account:{uuid4()}", frozenset(pair)) for name, pair in pairs.items()}
        return cls(town.procedure, Timetable(Holidays.of(years), OFFICE, {}), uuid4(), uuid4(), doers)

    def lived(self, life: Life) -> Lived:
        """One life. Raises the refusal when the table does not allow what the city did."""
        from gongzhi.matters import rules
        from gongzhi.matters.clocks import Clocks
        from gongzhi.matters.facts import Fact, Facts
        from gongzhi.matters.situation import Situation

        procedure, matter, done = self.procedure, uuid4(), 0
        clocks = Clocks(procedure=procedure, timetable=self.timetable, matter_id=matter, runs=[])
        state, facts, lead = procedure.initial, [], None
        limits: dict[str, Any] = {}
        opening = procedure.clock_moves("open", from_state="", to_state=state)
        clocks.move(opening, at=life.opened, limits=limits, bearer_id=None)
        for code, who, form, at in life.steps():
            verb = procedure.verb(code)
            situation = Situation(
                number=life.number, procedure=procedure, state=state, facts=Facts(tuple(facts)), at=at,
                lookups=self.lookups, lead_id=lead, reporter_id=self.reporter,
            )  # fmt: skip
            doer = self.doers[who]
            if (refusal := rules.judge(situation, doer, verb, form).reason) is not None:
                raise refusal
            outcome = rules.outcome(situation, verb, form)
            if code == "receive_order" and life.target:
                limits["superior"] = life.target
                clocks.bind(life.target)
            if code == "dispatch":
                lead = self.lead
            moves = procedure.clock_moves(code, from_state=state, to_state=outcome.to_state)
            clocks.move(moves, at=at, limits=limits, bearer_id=None)
            if code in LEAVES:
                unit = None if code == "receive_order" else self.lead
                values = SAYS.get(code, form)
                facts.append(Fact(LEAVES[code], matter, at, doer.reference, unit, None, values))
            state, done = outcome.to_state, done + 1
        over = procedure.state(state).final
        assert over == (life.closed is not None)
        assert not over or all(run.stopped_at for run in clocks.runs)
        promise = next((run for run in clocks.runs if run.code == "superior"), None)
        late = bool(promise and promise.stopped_at and promise.due_at and promise.stopped_at > promise.due_at)
        return Lived(done, late)


def _performed(town: Any, some: Sequence[Life]) -> Iterable[Row]:
    """The engine itself. Baseline: the same lives written in bulk, as an import does it."""
    from django.db import connection

    from gongzhi.matters import actions
    from gongzhi.matters.reports import Life as Past

    def report(life: Life, origin: str) -> Any:
        return town.report(opened_at=life.opened, origin=origin, external_id=life.number, channel="import")

    past = [
        Past(
            report=report(life, "bulk"),
            organisation_id=town.organisations["bureau"].id,
            dispatched_at=life.opened,
            target_at=life.target,
            closed_at=life.closed,
            outcome="solved" if life.closed else "",
            reply="",
        )
        for life in some
    ]
    began = time.perf_counter()
    actions.replay_many(past, by=town["dispatcher"], at=town.clock)
    bulk = len(some) / (time.perf_counter() - began)

    spent: Counter[str] = Counter()
    unit = str(town.organisations["bureau"].id)

    def timed(execute: Any, sql: str, *rest: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            spent["statements"] += 1
            spent["database"] += time.perf_counter() - started

    began = time.perf_counter()
    with connection.execute_wrapper(timed):
        opened = actions.open_many(
            [report(life, "table") for life in some], by=town["reporter"], at=town.clock
        )
        for life, one in zip(some, opened, strict=True):
            for verb, who, form, at in life.steps():
                given = {**form, "organisation": unit} if verb == "dispatch" else form
                actions.perform(number=one.number, verb=verb, form=given, by=town[who], at=at)
                spent["verbs"] += 1
    seconds = time.perf_counter() - began
    share = spent["database"] / seconds
    print(
        f"   ({spent['verbs']:,} verbs by the engine, {1000 * seconds / spent['verbs']:.1f} ms each, {share:.0%} of it waiting for"
        f" {spent['statements'] / spent['verbs']:.0f} statements)",
        flush=True,
    )
    assert len(ROAD) < spent["verbs"] / len(some) + 2
    yield Row.at_least(
        f"replay by the engine, one verb at a time ({len(some)} cases)",
        len(some) / seconds,
        "/s",
        baseline=bulk,
    )
    yield Row("  one verb, locked, judged, written, with its act", 1000 * seconds / spent["verbs"], "ms")
