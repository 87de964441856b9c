"""What must hold of a matter after every step, whoever did what. Read straight from the rows, and as its reporter reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.access.actor import Actor, Held
from gongzhi.access.prepared import fetch
from gongzhi.acts.rows import acts_of, contents_of, sequenced
from gongzhi.matters import loading, queries, telling
from gongzhi.matters.facts import Facts
from gongzhi.matters.models import ClockRun, Closure, Matter
from gongzhi.matters.queries import views
from gongzhi.matters.tests.town import Town
from gongzhi.timetable import queries as timetables

PROMISE = "handling"
DECIDED = ("extension_request", "return_request", "suspension_request", "exclusion_request", "appeal_request")
ANSWERED = ("verifying", "calling_back", "closed")
_ACTS = "SELECT id, verb FROM acts_act WHERE subject_kind = 'matters.matter' AND subject_id = %s ORDER BY id"
# These acts say what happened to the clocks, files and notices; the version of the matter is not theirs to raise.
BESIDE = ("matters.escalate", "files.attach")


Page = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that is stored about one matter."""

    matter: Matter
    values: tuple[Any, ...]
    facts: Facts
    runs: tuple[ClockRun, ...]
    run_values: tuple[dict[str, Any], ...]
    acts: tuple[tuple[UUID, str], ...]

    def same(self, other: "Rows") -> bool:
        return all(
            getattr(self, name) == getattr(other, name) for name in ("values", "facts", "run_values", "acts")
        )

    def promise(self) -> list[ClockRun]:
        return [run for run in self.runs if run.code == PROMISE]


def read(number: str) -> Rows:
    matter = loading.rows("category", "lead").get(number=number)
    runs = tuple(ClockRun.objects.filter(matter=matter).order_by("started_at", "id"))
    return Rows(
        matter,
        tuple(getattr(matter, field.attname) for field in Matter._meta.concrete_fields),
        loading.facts_of(matter.id),
        runs,
        tuple({f.attname: getattr(run, f.attname) for f in ClockRun._meta.concrete_fields} for run in runs),
        tuple(fetch(_ACTS, [str(matter.id)])),
    )


def assert_whole(town: Town, rows: Rows, at: datetime) -> None:
    matter, facts = rows.matter, rows.facts
    state = town.procedure.state(matter.state)
    leads = [fact.organisation_id for fact in facts.currents("assignment", role="lead")]
    assert leads == ([matter.lead_id] if matter.lead_id else []), "one lead, the one the matter names"
    assert sum(verb not in BESIDE for _, verb in rows.acts) == matter.version, "an act for every change"
    assert matter.stage == state.stage
    assert (matter.closed_at is not None) == state.final
    assert Closure.objects.filter(matter=matter, ended_at__isnull=True).count() == state.final
    if matter.handler_id:
        assert matter.lead_id
        assert len(facts.currents("signature")) == 1
    _assert_clocks(rows, at, final=state.final)
    _assert_decisions(facts)
    _assert_no_leftovers(rows, final=state.final)
    assisting = [fact.organisation_id for fact in facts.currents("assignment", role="assist")]
    assert matter.lead_id is None or matter.lead_id not in assisting, "a lead does not assist itself"
    assert len(assisting) == len(set(assisting))


def _assert_clocks(rows: Rows, at: datetime, *, final: bool) -> None:
    running = [run for run in rows.runs if run.stopped_at is None]
    if final:
        assert not running, f"still running in the end: {[run.code for run in running]}"
        assert rows.matter.due_at is None
    else:
        assert running, "somebody always has a deadline"
        assert rows.matter.due_at == min((run.due_at for run in running if run.due_at), default=None)
    assert len(rows.promise()) <= 1, "the person's clock never restarts"
    for run in rows.runs:
        spans = [(datetime.fromisoformat(a), datetime.fromisoformat(b) if b else None) for a, b in run.pauses]
        assert all(end is None or begin <= end for begin, end in spans)
        assert all(end is not None for _, end in spans[:-1])
        assert run.due_at is None or run.due_at >= run.started_at or run.ceiling_at == run.due_at
        assert run.stopped_at is None or run.next_step_at is None
        resting = bool(spans) and spans[-1][1] is None
        if run.stopped_at is None and not resting:
            assert run.due_at is not None, f"{run.code} runs without an end"
        if resting and run.due_at is not None:  # used up before it came to rest
            assert run.due_at <= spans[-1][0] or run.due_at == run.ceiling_at


def _assert_no_leftovers(rows: Rows, *, final: bool) -> None:
    """What waits for a decision was asked by who leads now; who is out of it has no part in it any more."""
    facts = rows.facts
    for kind in ("extension_request", "suspension_request", "return_request"):
        waiting = facts.currents(kind, decision="")
        assert all(fact.organisation_id == rows.matter.lead_id for fact in waiting), (
            f"{kind} of a former lead"
        )
    if final and rows.matter.state != "merged":  # a merge may be undone: then it goes on as it was
        assert not facts.currents("task"), "a task of a matter that is over"
    if rows.matter.state in ("diverted", "withdrawn"):
        assert not facts.currents("assignment", role="assist"), "a helper of a matter that went elsewhere"


def _assert_decisions(facts: Facts) -> None:
    for fact in facts:
        if fact.kind in DECIDED and fact.values["decision"]:
            assert fact.values["decided_by"] != fact.by, "nobody decides what they asked"
            theirs = fact.values["decider_organisation_id"]
            assert not theirs or UUID(theirs) != fact.organisation_id, "nobody decides for their own unit"


def assert_stepped(before: Rows, after: Rows, verb: str) -> None:
    """One step is one act; promises move by what is recorded only; nothing is closed over work that is open."""
    fresh = [name for id_, name in after.acts if (id_, name) not in before.acts and name != "files.attach"]
    assert fresh == [f"matters.{verb}"], fresh
    _assert_promise(before, after)
    _assert_nothing_open(before, after)
    gone = {fact.id for fact in before.facts} - {fact.id for fact in after.facts}
    assert not gone, "facts are ended, never deleted"


def _assert_promise(before: Rows, after: Rows) -> None:
    for old, new in zip(before.promise(), after.promise(), strict=False):
        assert (old.id, old.started_at, old.limit_value, old.limit_unit) == (
            new.id,
            new.started_at,
            new.limit_value,
            new.limit_unit,
        )
        if old.due_at != new.due_at:
            recorded = ("pauses", "extensions", "ceiling_at", "stopped_at", "unpublished_year")
            assert any(getattr(old, name) != getattr(new, name) for name in recorded)


def _assert_nothing_open(before: Rows, after: Rows) -> None:
    """A matter that is answered or over waits for nobody's work."""
    if after.matter.state == before.matter.state:
        return
    tasks, parts = after.facts.currents("task"), after.facts.currents("assignment", role="assist")
    heard = {str(report.values["assignment_id"]) for report in after.facts.all("stage_report")}
    if after.matter.state in ANSWERED and not _by_the_superior(after.acts):
        assert not tasks, "answered over an open task"
        assert all(str(part.id) in heard for part in parts), "answered over a helper nobody heard"


def _by_the_superior(acts: Sequence[tuple[UUID, str]]) -> bool:
    return acts[-1][1] == "matters.order_closed"


def seen_by_reporter(rows: Rows, at: datetime) -> Page:
    """What stands on the page of who follows it by its code."""
    follower = Actor(kind="token", id=rows.matter.id, party_id=rows.matter.id, held=(Held("resident"),))
    view = queries.case(visible_to=follower, number=rows.matter.number, at=at)
    assert view.as_reporter
    for clock in view.clocks:
        assert clock.explained or clock.status == "stopped" or _given(rows, clock.code), clock
    return {
        "state": view.header.state.public,
        "lead": view.header.lead,
        "promises": [(one.code, one.due_at) for one in view.clocks if one.status == "running"],
        "facts": {(fact.kind, fact.id) for fact in view.facts if fact.kind != "urge"},
    }


def _given(rows: Rows, code: str) -> bool:
    return any(run.code == code and run.limit_value is None for run in rows.runs)


def assert_told(before: Page, after: Page, rows: Rows, *, since: Rows, at: datetime) -> None:
    """A change that the reporter can see comes with a notice to them, or it was their own doing."""
    changed = {name for name in after if before[name] != after[name]}
    reporter = rows.matter.reporter_id
    if reporter is None or not changed:
        return
    known = {id_ for id_, _ in since.acts}
    fresh = [id_ for id_, _ in rows.acts if id_ not in known]
    acts, contents = acts_of(fresh), contents_of(fresh)
    told = telling.outgoing([sequenced(0, acts[id_], contents.get(id_)) for id_ in fresh], at=at)
    if any(one.to.person_id == reporter for one in told):
        return
    own = all(acts[id_].by == _account_of(reporter) for id_ in fresh)
    assert own, f"seen and not told: { {name: (before[name], after[name]) for name in changed} }"


def _account_of(person_id: UUID) -> str:
    rows = fetch("SELECT id FROM parties_account WHERE person_id = %s", [person_id])
    return f"account:{rows[0][0]}" if rows else ""


def assert_explained(town: Town, rows: Rows, at: datetime) -> None:
    """Every clock that runs says why it is due when it is, in both languages."""
    table, reader = timetables.current(), town["dispatcher"]
    situation = loading.situation_of(rows.matter, rows.facts, at=at, timetable=table, reader=reader)
    for run in rows.runs:
        for language in ("zh-hans", "en"):
            view = views.clock_view(run, situation, table, language)
            assert view.basis.zh
            assert view.basis.en
            assert view.explained or run.limit_value is None
            assert view.used_percent is None or view.used_percent >= 0
