"""Every case routed and dated under two sets of rules; what differs is counted. Pure and deterministic."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gongzhi.lab.cases import Case, Rules
from gongzhi.lab.lateness import late
from gongzhi.mandates.rules import route

_EVERY = 2_000


@dataclass(slots=True)
class Load:
    """One unit under one set of rules. judged: cases of which it can be said whether they are late. returns: cases
    the list gives to this unit although its return of just that case was granted."""

    cases: int = 0
    judged: int = 0
    late: int = 0
    returns: int = 0


@dataclass(slots=True)
class Side:
    """units: None is nobody (gap or consultation). right, again, elsewhere: cases that had been returned and go at first to
    the unit that led them in the end, to one that had returned them, or to neither."""

    units: dict[UUID | None, Load] = field(default_factory=dict)
    gaps: Counter[tuple[str, str]] = field(default_factory=Counter)
    consultations: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: int = 0
    again: int = 0
    elsewhere: int = 0


@dataclass(slots=True)
class Outcome:
    """moves: (category, from, to) → cases. dates_changed: cases late under one set of rules and not under the other."""

    cases: int = 0
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    moves: Counter[tuple[str, UUID | None, UUID | None]] = field(default_factory=Counter)
    newly_late: int = 0
    no_longer_late: int = 0

    @property
    def moved(self) -> int:
        return sum(self.moves.values())


def replay(
    cases: Iterable[Case],
    *,
    before: Rules,
    after: Rules,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """at: the instant at which both lists are asked, and until which what is open counts. A case that would have gone
    to another unit is taken to be answered when it was answered: lateness shows the limits, not the other unit's pace."""
    outcome = Outcome()
    for case in cases:
        was, was_late = _count(outcome.before, case, before, at)
        now, now_late = _count(outcome.after, case, after, at)
        if was != now:
            outcome.moves[case.category, was, now] += 1
        outcome.newly_late += bool(now_late) and not was_late
        outcome.no_longer_late += bool(was_late) and not now_late
        outcome.cases += 1
        if not outcome.cases % _EVERY:
            progress(outcome.cases)
    return outcome


def _count(side: Side, case: Case, rules: Rules, at: datetime) -> tuple[UUID | None, bool | None]:
    found = route(rules.table, case.category, case.area_path, at)
    lead = found.organisation_id
    load = side.units.get(lead)
    if load is None:
        load = side.units[lead] = Load()
    load.cases += 1
    if found.state == "gap":
        side.gaps[case.category, case.area_path] += 1
    elif found.state == "consultation":
        side.consultations[case.category, case.area_path] += 1
    if case.returned:
        load.returns += lead in case.returned
        side.right += lead is not None and lead == case.lead
        side.again += lead in case.returned and lead != case.lead
        side.elsewhere += lead != case.lead and lead not in case.returned
    if case.run is None:
        return lead, None
    bearer = lead or case.lead
    answer = late(case.run, rules, limit=found.handling or rules.handling, bearer=bearer, at=at)
    load.judged += answer is not None
    load.late += bool(answer)
    return lead, answer
