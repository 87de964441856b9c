"""The clocks of one matter: started, stopped, paused by the table of its procedure; computed by gongzhi.calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.hours import ROUND_THE_CLOCK
from gongzhi.calendar.question import Extension, Pause, Question
from gongzhi.calendar.shares import percent_at
from gongzhi.calendar.units import Limit, Unit
from gongzhi.catalogue.procedure import Clock, ClockMove, Procedure, Wording
from gongzhi.kernel import ids
from gongzhi.matters.models.clocks import ClockRun
from gongzhi.timetable.queries import Timetable

UNKNOWN = Wording("计时", "Clock")  # of a source that our procedure does not have
Limits = Mapping[str, Any]  # "mandate.response" → [value, unit]; "superior" → an instant


def question(run: ClockRun, timetable: Timetable) -> Question | None:
    """What the run asks of the calendar; None for a deadline that was given."""
    if run.limit_value is None:
        return None
    return Question(
        start=run.started_at,
        limit=Limit(run.limit_value, Unit(run.limit_unit)),
        holidays=timetable.holidays,
        hours=ROUND_THE_CLOCK if run.always else timetable.hours(run.bearer_id),
        pauses=tuple(_pause(*span) for span in run.pauses),
        extensions=tuple(Extension(Limit(value, Unit(unit))) for value, unit in run.extensions),
        provisional_allowed=True,
    )


def reckon(run: ClockRun, procedure: Procedure, timetable: Timetable) -> None:
    """Compute due time, provisional year and the ladder's next step again. Idempotent."""
    asked = question(run, timetable)
    if asked is not None:
        answer = deadline(asked)
        run.due_at, run.unpublished_year = answer.due_at, answer.unpublished_year
    bound = run.ceiling_at is not None and run.due_at is not None and run.due_at >= run.ceiling_at
    if bound:
        run.due_at, run.unpublished_year = run.ceiling_at, None
    run.next_step_at = None
    step = next_step(run, procedure)
    if step is not None and run.stopped_at is None:
        if (
            bound and run.due_at is not None
        ):  # the superior's time has no calendar: its share is of plain time
            run.next_step_at = run.started_at + (run.due_at - run.started_at) * step / 100
        else:
            run.next_step_at = percent_at(asked, step) if asked else (run.due_at if step >= 100 else None)


def next_step(run: ClockRun, procedure: Procedure) -> int | None:
    """The lowest percent of the ladder not taken yet."""
    left = procedure.ladder(run.code).difference(run.steps)
    return min(left) if left else None


def _pause(began: str, ended: str | None) -> Pause:
    return Pause(datetime.fromisoformat(began), datetime.fromisoformat(ended) if ended else None)


def started(
    clock: Clock,
    *,
    matter_id: UUID,
    at: datetime,
    limits: Limits,
    bearer_id: UUID | None,
    procedure: Procedure,
    timetable: Timetable,
    of: UUID | None = None,
    ceiling: datetime | None = None,
) -> ClockRun:
    """A new run of a clock, not saved. The mandate's limit comes first where the clock says so. ceiling: a promise is
    due no later."""
    found = limits.get(clock.limit) or (clock.value, clock.unit)
    given = found if isinstance(found, datetime) else None
    value, unit = (None, "") if given else found
    run = ClockRun(
        id=ids.uuid7(at),
        matter_id=matter_id,
        code=clock.code,
        of=of,
        started_at=at,
        limit_value=value,
        limit_unit=unit,
        always=clock.calendar == "always",
        bearer_id=bearer_id if clock.per or clock.bearer in ("lead", "handler") else None,
        promised=clock.promised,
        due_at=given,
        ceiling_at=given or (ceiling if clock.promised and not clock.per else None),
    )
    reckon(run, procedure, timetable)
    return run


@dataclass(frozen=True, slots=True)
class Concern:
    """A fact that has clocks of its own, and whom they judge. limit: [value, unit] where somebody set one."""

    per: str
    of: UUID
    bearer_id: UUID | None = None
    limit: Sequence[Any] | None = None


@dataclass(slots=True, kw_only=True)
class Clocks:
    """All runs of one matter during one transition. `save` writes what was made or touched."""

    procedure: Procedure
    timetable: Timetable
    matter_id: UUID
    runs: list[ClockRun]
    ceiling: datetime | None = None
    made: list[ClockRun] = field(default_factory=list)
    touched: dict[UUID, ClockRun] = field(default_factory=dict)

    def running(self, code: str, of: UUID | None = None) -> ClockRun | None:
        """The run that has not stopped; it may be paused."""
        return next((run for run in self._all_running(code) if run.of == of), None)

    def move(
        self,
        moves: Sequence[ClockMove],
        *,
        at: datetime,
        limits: Limits,
        bearer_id: UUID | None,
        concerns: Sequence[Concern] = (),
        ended_at: datetime | None = None,
    ) -> None:
        """Do to the clocks what the procedure says one transition does. concerns: the facts it is about. ended_at: when
        the matter, final until now, became so: what stopped then may go on."""
        for move in moves:
            clock = self.procedure.clock(move.clock)
            own = [concern for concern in concerns if concern.per == clock.per]
            if move.kind == "start" and clock.per:
                for concern in own:
                    given = {clock.limit: concern.limit} if concern.limit else limits
                    self._start(clock, at, given, concern.bearer_id, concern.of)
            elif move.kind == "start":
                self._start(clock, at, limits, bearer_id, None)
            elif move.kind == "continue":
                self._go_on(clock, ended_at)
            else:
                meant = {concern.of for concern in own} if clock.per and move.by_verb else None
                for run in self._all_running(move.clock):
                    if meant is None or run.of in meant:
                        self._change(run, move.kind, at)

    def _all_running(self, code: str) -> list[ClockRun]:
        return [run for run in self.runs if run.code == code and run.stopped_at is None]

    def extend(self, code: str, value: int, unit: str) -> None:
        """Give a running clock more time; nothing happens to one that does not run."""
        run = self.running(code)
        if run is not None:
            run.extensions = [*run.extensions, [value, unit]]
            self._again(run)

    def stop_of(self, fact_id: UUID, at: datetime) -> None:
        """Every clock of that fact stops: the fact itself is over."""
        for run in [run for run in self.runs if run.of == fact_id and run.stopped_at is None]:
            self._change(run, "stop", at)

    def bind(self, ceiling: datetime) -> None:
        """A superior's deadline: no promise that runs or will run is due later; the clock it gave is due then."""
        self.ceiling = ceiling
        for run in self.runs:
            if run.stopped_at is not None:
                continue
            given = run.limit_value is None and run.ceiling_at is not None
            if given or (run.promised and run.of is None):
                run.ceiling_at, run.due_at = ceiling, ceiling if given else run.due_at
                self._again(run)

    def due_at(self) -> datetime | None:
        """The nearest deadline that runs now."""
        dues = [run.due_at for run in self.runs if run.stopped_at is None and run.due_at is not None]
        return min(dues, default=None)

    def save(self) -> None:
        """What stopped first: a clock may stop and start anew in one transition."""
        changed = [run for run in self.touched.values() if run not in self.made]
        if changed:
            fields = [
                "pauses",
                "extensions",
                "due_at",
                "ceiling_at",
                "unpublished_year",
                "stopped_at",
                "next_step_at",
                "steps",
            ]
            ClockRun.objects.bulk_update(changed, fields)
        if self.made:
            ClockRun.objects.bulk_create(self.made)

    def _start(
        self, clock: Clock, at: datetime, limits: Limits, bearer_id: UUID | None, of: UUID | None
    ) -> None:
        ran = any(one.code == clock.code and one.of == of for one in self.runs)
        if self.running(clock.code, of) is not None or (ran and not clock.repeats):
            return
        fresh = started(
            clock,
            matter_id=self.matter_id,
            at=at,
            limits=limits,
            bearer_id=bearer_id,
            procedure=self.procedure,
            timetable=self.timetable,
            of=of,
            ceiling=self.ceiling,
        )
        self.runs.append(fresh)
        self.made.append(fresh)

    def _go_on(self, clock: Clock, ended_at: datetime | None) -> None:
        for run in self.runs:
            stopped_then = run.stopped_at is not None and ended_at is not None and run.stopped_at >= ended_at
            if run.code == clock.code and stopped_then and self.running(run.code, run.of) is None:
                run.stopped_at = None
                self._again(run)

    def _change(self, run: ClockRun, kind: str, at: datetime) -> None:
        resting = bool(run.pauses) and run.pauses[-1][1] is None
        if kind == "pause" and not resting:
            run.pauses = [*run.pauses, [at.isoformat(), None]]
        elif kind == "resume" and resting:
            run.pauses = [*run.pauses[:-1], [run.pauses[-1][0], at.isoformat()]]
        elif kind == "stop":
            run.stopped_at = at
            if not resting:  # when it was due stays as it was
                run.next_step_at = None
                self.touched[run.id] = run
                return
            # what is asked later is when it would have been due: the pause ends with the clock
            run.pauses = [*run.pauses[:-1], [run.pauses[-1][0], at.isoformat()]]
        else:
            return
        self._again(run)

    def _again(self, run: ClockRun) -> None:
        reckon(run, self.procedure, self.timetable)
        self.touched[run.id] = run
