"""Are the clocks of a procedure whole? Known triggers, sourced limits, and on no road does one run past the end."""

from collections.abc import Iterator

from gongzhi.catalogue import vocabulary
from gongzhi.catalogue.procedure import Clock, Procedure
from gongzhi.kernel.refusals import Invalid

Place = tuple[str, bool]  # state, does the clock run (or rest)


def names(procedure: Procedure, states: set[str]) -> Iterator[Invalid]:
    """Unknown triggers, units, limits, calendars; limits without number or basis; ladders on unknown clocks."""
    triggers = {verb.code for verb in procedure.verbs}
    triggers |= {f"{edge}:{state}" for state in states for edge in ("enter", "leave")}
    for clock in procedure.clocks:
        place = f"clocks[{clock.code}]"
        used = [*clock.starts, *clock.stops, *clock.pauses, *clock.resumes, *clock.continues]
        checks = (
            (used, triggers),
            ([clock.limit], vocabulary.LIMIT_SOURCES),
            ([clock.unit], vocabulary.DURATION_UNITS),
            ([clock.calendar], vocabulary.CALENDARS),
            ([clock.bearer], vocabulary.BEARERS),
            ([clock.basis.kind], vocabulary.BASIS_KINDS),
        )
        for given, known in checks:
            yield from (_unknown(place, name, known) for name in given if name not in known)
        if clock.value <= 0:
            yield Invalid("catalogue.bad_limit", "%(place)s：时限必须大于零。", field=place, place=place)
        if not clock.basis.text or not clock.basis.since_on:
            yield Invalid(
                "catalogue.no_basis", "%(place)s：时限要写明依据和起始日期。", field=place, place=place
            )
    codes = {clock.code for clock in procedure.clocks}
    for step in procedure.escalation:
        if step.clock not in codes:
            yield _unknown("escalation", step.clock, codes)
        known = {f"role:{role}" for role in vocabulary.ROLE_CODES} | vocabulary.RELATION_CODES
        if step.to not in known:
            yield _unknown("escalation", step.to, known)
        if step.at_percent <= 0:
            yield Invalid(
                "catalogue.bad_percent",
                "%(place)s：百分比必须大于零。",
                field="escalation",
                place="escalation",
            )


def _unknown(place: str, name: str, known: frozenset[str] | set[str]) -> Invalid:
    return Invalid(
        "catalogue.unknown_name",
        "%(place)s：不认识的名称“%(name)s”。可用：%(known)s。",
        field=place,
        place=place,
        name=name,
        known="、".join(sorted(known)),
    )


def problems(procedure: Procedure) -> Iterator[Invalid]:
    """Clocks that never start, or that some road leads into an end while they run."""
    for clock in procedure.clocks:
        place = f"clocks[{clock.code}]"
        road = _road_past_the_end(procedure, clock)
        if road is None:
            yield Invalid(
                "catalogue.clock_never_starts", "%(place)s：没有动作启动它。", field=place, place=place
            )
        elif road:
            yield Invalid(
                "catalogue.clock_never_stopped",
                "%(place)s：沿 %(road)s 走到结束时它仍在走，请在 stops 中加上停表的动作或状态。",
                field=place,
                place=place,
                road=road,
            )


def _road_past_the_end(procedure: Procedure, clock: Clock) -> str | None:
    """ "" when every road stops the clock, the offending road else; None when nothing ever starts it."""
    runs = _after(procedure, clock, "open", "", procedure.initial, running=False)
    roads: dict[Place, str] = {(procedure.initial, runs): procedure.initial}
    front: list[Place] = list(roads)
    final = {state.code for state in procedure.states if state.final}
    while front:
        state, running = front.pop()
        if running and state in final:
            return roads[(state, running)]
        for verb in procedure.verbs_from(state):
            for target in verb.targets:
                end = target or state
                after = (end, _after(procedure, clock, verb.code, state, end, running=running))
                if after not in roads:
                    roads[after] = (
                        f"{roads[(state, running)]} → {end}" if end != state else roads[(state, running)]
                    )
                    front.append(after)
    return "" if any(running for _, running in roads) else None


def _after(procedure: Procedure, clock: Clock, verb: str, start: str, end: str, *, running: bool) -> bool:
    for move in procedure.clock_moves(verb, from_state=start, to_state=end):
        if move.clock == clock.code and move.kind in ("start", "continue", "stop"):
            running = move.kind != "stop"
    return running
