"""The written table of a procedure: state × verb × outcome, with who, the second person, each clock and what the reporter is
told. Generated from the same rows the engine judges by, so it cannot say something else. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongzhi.catalogue.procedure import Branch, ClockMove, Procedure, SecondPerson, Verb, Who, Wording


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can happen. field, value: the form's answer that leads here; guard: the condition that does; all ""
    when nothing else matches. tells is empty when the reporter is not told.
    """

    state: str
    verb: str
    titles: Wording
    who: tuple[Who, ...]
    second_person: tuple[SecondPerson, ...]
    guards: tuple[str, ...]
    field: str
    value: str
    guard: str
    to_state: str
    clocks: tuple[ClockMove, ...]
    tells: Wording


def lines(procedure: Procedure) -> tuple[Line, ...]:
    """By state in the procedure's order, then by verb, then branches before what happens otherwise. Moves of clocks that
    cannot run in a state are left out: nothing happens to them.
    """
    alive = _alive(procedure)
    return tuple(
        _line(procedure, alive, state.code, verb, branch)
        for state in procedure.states
        for verb in procedure.verbs_from(state.code)
        for branch in _outcomes(verb)
    )


def _outcomes(verb: Verb) -> Iterator[Branch]:
    yield from verb.branches
    if not _exhausted(verb):
        yield Branch(verb.to_state)


def _exhausted(verb: Verb) -> bool:
    """Branches on one required choice that name each of its answers leave nothing to happen otherwise."""
    for field in verb.form:
        named = {branch.value for branch in verb.branches if branch.field == field.code and not branch.guard}
        if field.required and field.choices and named >= {choice.code for choice in field.choices}:
            return True
    return False


def _alive(procedure: Procedure) -> frozenset[tuple[str, str]]:
    """(state, clock) for every clock that runs or rests in that state on some road. What moves one clock does not ask for
    the others: each walks the states alone."""
    first = procedure.clock_moves("open", from_state="", to_state=procedure.initial)
    started = {move.clock for move in first if move.kind == "start"}
    steps = {state.code: tuple(_steps(procedure, state.code)) for state in procedure.states}
    return frozenset(
        (state, clock.code)
        for clock in procedure.clocks
        for state, runs in _walked(steps, procedure.initial, clock.code, clock.code in started)
        if runs
    )


def _steps(procedure: Procedure, state: str) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """(state afterwards, clocks that stop, clocks that begin) of everything that can happen in a state."""
    for verb in procedure.verbs_from(state):
        for branch in _outcomes(verb):
            end = branch.to_state or state
            moves = procedure.clock_moves(verb.code, from_state=state, to_state=end)
            stopped = frozenset(move.clock for move in moves if move.kind == "stop")
            begun = frozenset(move.clock for move in moves if move.kind in ("start", "continue"))
            yield end, stopped, begun


def _walked(
    steps: Mapping[str, tuple[tuple[str, frozenset[str], frozenset[str]], ...]],
    initial: str,
    clock: str,
    started: bool,
) -> set[tuple[str, bool]]:
    """Every (state, whether the clock runs) on some road."""
    front = [(initial, started)]
    seen = set(front)
    while front:
        state, runs = front.pop()
        for end, stopped, begun in steps[state]:
            after = (end, clock in begun or (runs and clock not in stopped))
            if after not in seen:
                seen.add(after)
                front.append(after)
    return seen


def _line(
    procedure: Procedure, alive: frozenset[tuple[str, str]], state: str, verb: Verb, branch: Branch
) -> Line:
    to_state = branch.to_state or state
    moves = procedure.clock_moves(verb.code, from_state=state, to_state=to_state)
    heard = any(notify.to == "reporter" for notify in verb.notify)
    return Line(
        state=state,
        verb=verb.code,
        titles=verb.titles,
        who=verb.who,
        second_person=verb.second_person,
        guards=verb.guards,
        field=branch.field,
        value=branch.value,
        guard=branch.guard,
        to_state=to_state,
        clocks=tuple(
            move for move in moves if move.kind in ("start", "continue") or (state, move.clock) in alive
        ),
        tells=(verb.tells if branch.tells is None else branch.tells) if heard else Wording(),
    )
