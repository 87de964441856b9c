"""吹哨报到: a street calls units together; each signs, gets in touch, comes, reports; both sides score the other."""

from uuid import UUID

from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.facts import Fact
from gongzhi.matters.guards.whistles import calls_of, last_whistle, own_calls, scorable, steps_of
from gongzhi.matters.models import (
    SupervisionRequest,
    Whistle,
    WhistleCall,
    WhistleScore,
    WhistleStep,
)
from gongzhi.places.coordinates import metres_between

CALL = "whistle_call"
REFUSED = "refused_call"  # the ground of a request nobody had to write


@effect("blow_whistle", leaves="whistle")
def blow_whistle(step: Step) -> None:
    """options.form of the verb is the kind. Each unit gets a call with clocks of its own."""
    called: list[UUID] = step.form["organisations"]
    whistle_id = step.add(
        Whistle,
        organisation_id=step.situation.lookups.street(),
        form=step.verb.options["form"],
        rank=step.role,
        text=step.form["text"],
    )
    for organisation_id in called:
        call_id = step.add(WhistleCall, organisation_id=organisation_id, whistle_id=whistle_id)
        step.concerns.append(Concern(CALL, call_id, bearer_id=organisation_id))
    step.names["organisations"] = step.situation.lookups.names_of(called)


@effect("call_step")
def call_step(step: Step) -> None:
    """options.step: signed, contacted or finished. Someone of two called units speaks for both."""
    evidence = step.attach("evidence")
    for call in _waiting(step, step.verb.options["step"]):
        _went(step, call, step.verb.options["step"], text=step.form.get("text", ""), evidence=evidence)


@effect("check_in")
def check_in(step: Step) -> None:
    """On site. Far from the matter's place: recorded and marked, for people to judge."""
    evidence, place = step.attach("evidence"), step.form.get("place")
    metres = _metres(step, place)
    far = metres is not None and metres > step.situation.procedure.number("check_in_far").value
    for call in _waiting(step, "arrived"):
        _went(
            step,
            call,
            "arrived",
            text=step.form.get("text", ""),
            evidence=evidence,
            lon=place[0] if place else None,
            lat=place[1] if place else None,
            metres_away=metres,
            far=far,
        )


@effect("refuse_call")
def refuse_call(step: Step) -> None:
    """The unit does not come. That goes to the district by itself, as a request of the street's."""
    whistle = last_whistle(step.situation)
    asked = {
        fact.values["unit_id"] for fact in step.situation.facts.currents("supervision_request", decision="")
    }
    for call in _waiting(step, "finished"):
        _went(step, call, "refused", text=step.form["reason"])
        step.end(WhistleCall, id=call.id)
        if whistle and str(call.organisation_id) not in asked:
            step.add(
                SupervisionRequest,
                organisation_id=whistle.organisation_id,
                unit_id=call.organisation_id,
                ground=REFUSED,
                reason=step.form["reason"],
            )


@effect("end_whistle")
def end_whistle(step: Step) -> None:
    """Called off: whoever was called is free and sees the matter no longer. Done: they stay until they have scored."""
    whistle = step.situation.facts.current("whistle")
    if whistle is None:
        return
    outcome = step.form["outcome"]
    step.concerns += [Concern(CALL, call.id) for call in calls_of(step.situation, whistle)]
    Whistle.objects.filter(id=whistle.id).update(
        ended_at=step.at, outcome=outcome, note=step.form.get("note", "")
    )
    if outcome == "called_off":
        step.end(WhistleCall, whistle_id=whistle.id)


@effect("score_unit", leaves="whistle_score")
def score_unit(step: Step) -> None:
    whistle = last_whistle(step.situation)
    for call in calls_of(step.situation, whistle) if whistle else ():
        if whistle and call.organisation_id == step.form["organisation"]:
            _score(step, call, whistle.organisation_id, call.organisation_id)
    step.names["organisation"] = step.situation.lookups.names_of([step.form["organisation"]])


@effect("score_street", leaves="whistle_score")
def score_street(step: Step) -> None:
    """The last thing a called unit does."""
    for whistle, call in scorable(step.situation):
        _score(step, call, call.organisation_id, whistle.organisation_id)
        step.end(WhistleCall, id=call.id)


def _score(step: Step, call: Fact, whose: UUID | None, about: UUID | None) -> None:
    step.add(
        WhistleScore,
        organisation_id=whose,
        call_id=call.id,
        about_id=about,
        level=int(step.form["level"]),
        comment=step.form["comment"],
    )


def _waiting(step: Step, name: str) -> list[Fact]:
    """The doer's own calls that have not gone this step."""
    return [call for call in own_calls(step.situation) if name not in steps_of(step.situation, call)]


def _went(step: Step, call: Fact, name: str, **said: object) -> None:
    step.add(WhistleStep, organisation_id=call.organisation_id, call_id=call.id, step=name, **said)
    step.concerns.append(Concern(CALL, call.id))


def _metres(step: Step, place: list[float] | None) -> int | None:
    if place is None or step.matter.lon is None or step.matter.lat is None:
        return None
    return round(metres_between((place[0], place[1]), (step.matter.lon, step.matter.lat)))
