"""Is a procedure whole? Every state reachable and leavable, every clock ended, every name known, every change told."""

from collections import Counter
from collections.abc import Iterable, Iterator

from gongzhi.catalogue import clock_checking, vocabulary
from gongzhi.catalogue.procedure import Procedure, Verb, Wording
from gongzhi.kernel.refusals import Invalid


def problems(procedure: Procedure, *, guards: frozenset[str] = frozenset()) -> Iterator[Invalid]:
    """Everything wrong. guards: names known to the process; empty = only their shape is checked."""
    named = list(_names(procedure, guards))
    yield from named
    if named:  # the graph means nothing while names are wrong
        return
    yield from _graph(procedure)
    yield from _told(procedure)
    yield from clock_checking.problems(procedure)


def missing_guards(procedures: Iterable[Procedure], known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Guards that live procedures name and nobody implements, by "code@version". `doctor` stops on any."""
    found = {f"{p.code}@{p.version}": tuple(n for n in p.guards if n not in known) for p in procedures}
    return {name: missing for name, missing in found.items() if missing}


def transitions(procedure: Procedure) -> Iterator[tuple[str, Verb, str]]:
    """Every (from, verb, to) the table allows, `to` resolved."""
    for verb in procedure.verbs:
        for state in verb.from_states:
            for target in verb.targets:
                yield state, verb, target or state


def _unknown(place: str, name: str, known: Iterable[str]) -> Invalid:
    return Invalid(
        "catalogue.unknown_name",
        "%(place)s：不认识的名称“%(name)s”。可用：%(known)s。",
        field=place,
        place=place,
        name=name,
        known="、".join(sorted(known)) or "—",
    )


def _names(procedure: Procedure, guards: frozenset[str]) -> Iterator[Invalid]:
    if not vocabulary.CODE.fullmatch(procedure.code):
        yield Invalid(
            "catalogue.bad_code", "%(place)s：代码只能用小写字母、数字和下划线。", field="code", place="code"
        )
    yield from _duplicates(procedure)
    states = {state.code for state in procedure.states}
    if procedure.initial not in states:
        yield _unknown("initial", procedure.initial, states)
    for state in procedure.states:
        place = f"states[{state.code}]"
        yield from _worded(place, state.titles, state.public)
        yield from _known(place, [state.stage], vocabulary.STAGE_CODES)
        yield from _known(place, [state.holder] if state.holder else [], vocabulary.RELATION_CODES)
        yield from _known(place, state.holder_roles, vocabulary.ROLE_CODES)
    for verb in procedure.verbs:
        yield from _verb_names(verb, procedure, states, guards)
    for number in procedure.numbers:
        yield from _known(f"numbers[{number.code}]", [number.unit], vocabulary.NUMBER_UNITS)
        yield from _known(f"numbers[{number.code}]", [number.basis.kind], vocabulary.BASIS_KINDS)
    yield from clock_checking.names(procedure, states)


def _duplicates(procedure: Procedure) -> Iterator[Invalid]:
    lists = {
        "states": [state.code for state in procedure.states],
        "verbs": [verb.code for verb in procedure.verbs],
        "clocks": [clock.code for clock in procedure.clocks],
        "numbers": [number.code for number in procedure.numbers],
        "escalation": [f"{step.clock} {step.at_percent}% {step.to}" for step in procedure.escalation],
        **{f"verbs[{v.code}].form": [f.code for f in v.form] for v in procedure.verbs},
        **{
            f"verbs[{v.code}].form[{f.code}]": [c.code for c in f.choices]
            for v in procedure.verbs
            for f in v.form
        },
    }
    for place, codes in lists.items():
        for code, count in Counter(codes).items():
            if count > 1:
                yield Invalid(
                    "catalogue.duplicate_code",
                    "%(place)s：代码“%(name)s”出现了 %(count)s 次，请改成各不相同。",
                    field=place,
                    place=place,
                    name=code,
                    count=count,
                )


def _known(place: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Invalid]:
    known = frozenset(known)
    return (_unknown(place, name, known) for name in names if name not in known)


def _worded(place: str, *wordings: Wording) -> Iterator[Invalid]:
    if not all(wording.zh and wording.en for wording in wordings):
        yield Invalid("catalogue.untitled", "%(place)s：中文和英文名称都要填写。", field=place, place=place)


def _verb_names(
    verb: Verb, procedure: Procedure, states: set[str], guards: frozenset[str]
) -> Iterator[Invalid]:
    place = f"verbs[{verb.code}]"
    yield from _worded(place, verb.titles)
    targets = [target for target in verb.targets if target]
    yield from _known(place, [*verb.from_states, *targets], states)
    yield from _known(place, [verb.effect], vocabulary.declared_effects() or {verb.effect})
    yield from _known(place, [who.relation for who in verb.who], vocabulary.RELATION_CODES)
    yield from _known(place, [who.role for who in verb.who if who.role], vocabulary.ROLE_CODES)
    yield from _known(place, [second.verb for second in verb.second_person], _codes(procedure))
    yield from _known(place, [n.delivery for n in verb.notify], vocabulary.DELIVERIES)
    named = [*verb.guards, *(branch.guard for branch in verb.branches if branch.guard)]
    yield from (_unknown(place, n, guards) for n in named if not vocabulary.GUARD.fullmatch(n))
    if guards:
        yield from _known(place, [n for n in named if vocabulary.GUARD.fullmatch(n)], guards)
    for field in verb.form:
        yield from _known(f"{place}.form[{field.code}]", [field.kind], vocabulary.FIELD_KINDS)
        if field.kind == "choice" and not field.choices:
            yield Invalid("catalogue.no_choices", "%(place)s：选择字段要列出选项。", field=place, place=place)
    for branch in verb.branches:
        yield from _branch_names(place, verb, branch.guard, branch.field, branch.value)


def _codes(procedure: Procedure) -> set[str]:
    return {verb.code for verb in procedure.verbs}


def _branch_names(place: str, verb: Verb, guard: str, field: str, value: str) -> Iterator[Invalid]:
    if guard:
        return
    found = verb.form_field(field)
    if found is None:
        yield _unknown(place, field, [entry.code for entry in verb.form])
    elif found.choices and found.choice(value) is None:
        yield _unknown(place, value, [choice.code for choice in found.choices])


def _graph(procedure: Procedure) -> Iterator[Invalid]:
    steps = {(start, end) for start, _, end in transitions(procedure) if start != end}
    reachable = _closure({procedure.initial}, steps)
    finals = {state.code for state in procedure.states if state.final}
    ending = _closure(finals, {(end, start) for start, end in steps})
    for state in procedure.states:
        place = f"states[{state.code}]"
        if state.code not in reachable:
            yield Invalid(
                "catalogue.unreachable_state",
                "%(place)s：没有任何动作能到达这个状态，请补一个动作或删除它。",
                field=place,
                place=place,
            )
        if state.code not in ending:
            yield Invalid(
                "catalogue.no_way_out",
                "%(place)s：从这个状态走不到任何结束状态，请补一个离开它的动作。",
                field=place,
                place=place,
            )


def _closure(start: set[str], steps: set[tuple[str, str]]) -> set[str]:
    seen, front = set(start), set(start)
    while front:
        front = {end for begin, end in steps if begin in front} - seen
        seen |= front
    return seen


def _told(procedure: Procedure) -> Iterator[Invalid]:
    """A change the reporter can see and is not told of is a defect."""
    public = {state.code: state.public for state in procedure.states}
    for verb in procedure.verbs:
        heard = any(notify.to == "reporter" and notify.delivery == "now" for notify in verb.notify)
        rows = [
            (branch.to_state, verb.tells if branch.tells is None else branch.tells)
            for branch in verb.branches
        ]
        rows.append((verb.to_state, verb.tells))
        for start in verb.from_states:
            for end, tells in rows:
                if end and public[end] != public[start] and not (heard and tells):
                    place = f"verbs[{verb.code}]"
                    yield Invalid(
                        "catalogue.untold",
                        "%(place)s：%(start)s → %(end)s 诉求人看得见，却没有告知（tells），或没有当时通知（notify: reporter，delivery: now）。",
                        field=place,
                        place=place,
                        start=start,
                        end=end,
                    )
