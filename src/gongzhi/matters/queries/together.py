"""Whistles and supervision of a matter as its page shows them: people, steps and clocks put together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from gongzhi.catalogue.procedure import Procedure, Wording
from gongzhi.grants.roles import ROLES
from gongzhi.matters.facts import Fact, Facts
from gongzhi.matters.queries.rows import (
    CallStep,
    CallView,
    ClockView,
    ScoreView,
    SupervisionView,
    WhistleView,
)
from gongzhi.matters.queries.views import Names


def whistles(
    facts: Facts, names: Names, procedure: Procedure, clocks: Mapping[UUID, Sequence[ClockView]]
) -> tuple[WhistleView, ...]:
    """Newest first. clocks: of a call, by its id."""
    titles = {verb.options["form"]: verb.titles for verb in procedure.verbs if verb.effect == "blow_whistle"}
    return tuple(
        WhistleView(
            id=whistle.id,
            titles=titles.get(whistle.values["form"], Wording(whistle.values["form"])),
            organisation=names.organisation(whistle.organisation_id),
            by_name=names.reference(whistle.by),
            rank=_rank(whistle),
            at=whistle.at,
            text=whistle.values["text"],
            outcome=whistle.values["outcome"],
            note=whistle.values["note"],
            ended_at=whistle.ended_at,
            calls=tuple(
                _call(call, facts, names, clocks.get(call.id, ()))
                for call in facts.all("whistle_call")
                if call.values["whistle_id"] == str(whistle.id)
            ),
        )
        for whistle in reversed(facts.all("whistle"))
    )


def _call(call: Fact, facts: Facts, names: Names, clocks: Sequence[ClockView]) -> CallView:
    def own(kind: str) -> list[Fact]:
        return [fact for fact in facts.all(kind) if fact.values["call_id"] == str(call.id)]

    return CallView(
        organisation=names.organisation(call.organisation_id),
        steps=tuple(
            CallStep(
                code=step.values["step"],
                at=step.at,
                by_name=names.reference(step.by),
                text=step.values["text"],
                metres_away=step.values["metres_away"],
                far=step.values["far"],
            )
            for step in own("whistle_step")
        ),
        clocks=tuple(clocks),
        scores=tuple(
            ScoreView(
                names.organisation(score.organisation_id),
                names.organisation(UUID(score.values["about_id"])),
                score.values["level"],
                score.values["comment"],
            )
            for score in own("whistle_score")
        ),
        ended_at=call.ended_at,
    )


def supervisions(
    facts: Facts, names: Names, procedure: Procedure, clocks: Mapping[UUID, Sequence[ClockView]]
) -> tuple[SupervisionView, ...]:
    """Newest first: orders, and requests that wait."""
    orders = [
        SupervisionView(
            id=order.id,
            titles=_title(procedure, "kind", order.values["form"]),
            ground=_title(procedure, "ground", order.values["ground"]),
            unit=names.organisation(UUID(order.values["supervised_id"])),
            by_name=names.reference(order.by),
            rank=_rank(order),
            at=order.at,
            demand=order.values["demand"],
            reply=next(
                (
                    reply.values["text"]
                    for reply in facts.all("supervision_reply")
                    if reply.values["supervision_id"] == str(order.id)
                ),
                "",
            ),
            clocks=tuple(clocks.get(order.id, ())),
            ended_at=order.ended_at,
            lifted=order.values["lifted"],
        )
        for order in facts.all("supervision")
    ]
    asked = [
        SupervisionView(
            id=request.id,
            titles=Wording(),
            ground=_title(procedure, "ground", request.values["ground"]),
            unit=names.organisation(UUID(request.values["unit_id"])),
            by_name=names.reference(request.by),
            rank=Wording(),
            at=request.at,
            demand=request.values["reason"],
            asked_by=names.organisation(request.organisation_id),
        )
        for request in facts.currents("supervision_request", decision="")
    ]
    return tuple(sorted([*orders, *asked], key=lambda view: view.at, reverse=True))


def _title(procedure: Procedure, field: str, code: str) -> Wording:
    """As the procedure's own choice says it."""
    for verb in procedure.verbs:
        found = verb.form_field(field) if verb.effect in ("supervise", "ask_supervision") else None
        choice = found.choice(code) if found else None
        if choice:
            return choice.titles
    return Wording(code)


def _rank(fact: Fact) -> Wording:
    role = ROLES.get(fact.values["rank"])
    return Wording(role.zh, role.en) if role else Wording()
