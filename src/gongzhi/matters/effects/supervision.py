"""督办 and 催办: a street asks, the district decides; nothing a superior does takes anything away from what is there."""

from uuid import UUID

from gongzhi.kernel.clock import in_china
from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.facts import Fact
from gongzhi.matters.models import Supervision, SupervisionReply, SupervisionRequest, Urge

SUPERVISION = "supervision"


@effect("ask_supervision", leaves="supervision_request")
def ask_supervision(step: Step) -> None:
    unit = step.form.get("unit") or step.matter.lead_id
    step.add(
        SupervisionRequest,
        organisation_id=step.situation.lookups.street(),
        unit_id=unit,
        ground=step.form["ground"],
        reason=step.form["reason"],
    )
    step.names["unit"] = step.situation.lookups.names_of([unit] if unit else [])


@effect("decide_supervision", leaves="supervision")
def decide_supervision(step: Step) -> None:
    asked = next(
        fact
        for fact in step.situation.facts.currents("supervision_request")
        if fact.id == step.form["request"]
    )
    granted = step.form["decision"] == "granted"
    SupervisionRequest.objects.filter(id=asked.id).update(
        decision=step.form["decision"],
        decided_at=step.at,
        decided_by=step.by.reference,
        decider_organisation_id=step.organisation_id,
        ruling=step.form["reason"],
        ended_at=None if granted else step.at,
    )
    unit = UUID(asked.values["unit_id"])
    if granted:
        _begin(step, unit, asked.values["ground"])
    step.names["request"] = step.situation.lookups.names_of([unit])


@effect("supervise", leaves="supervision")
def supervise(step: Step) -> None:
    unit = step.form.get("unit") or step.matter.lead_id
    if unit:
        _begin(step, unit, step.form["ground"])
        step.names["unit"] = step.situation.lookups.names_of([unit])


@effect("report_supervision", leaves="supervision_reply")
def report_supervision(step: Step) -> None:
    supervision = step.situation.facts.current("supervision")
    if supervision is None:
        return
    step.add(
        SupervisionReply,
        organisation_id=UUID(supervision.values["supervised_id"]),
        supervision_id=supervision.id,
        text=step.form["text"],
        evidence=step.attach("evidence"),
    )
    Supervision.objects.filter(id=supervision.id).update(replied_at=step.at)
    step.concerns.append(Concern(SUPERVISION, supervision.id))


@effect("lift_supervision")
def lift_supervision(step: Step) -> None:
    supervision = step.situation.facts.current("supervision")
    if supervision is not None:
        _over(step, supervision, step.form["reason"])


@effect("urge", leaves="urge")
def urge(step: Step) -> None:
    step.add(Urge, on=in_china(step.at).date(), text=step.form.get("text", ""))


def _begin(step: Step, unit: UUID, ground: str) -> None:
    """The one before it ends first: there is one at a time, and its clock with it."""
    before = step.situation.facts.current("supervision")
    if before is not None:
        _over(step, before, "")
    supervision_id = step.add(
        Supervision,
        organisation_id=step.organisation_id,
        form=step.form["kind"],
        ground=ground,
        rank=step.role,
        demand=step.form["demand"],
        supervised_id=unit,
    )
    days = step.form.get("days")
    limit = [days, "work_day"] if days else None
    step.concerns.append(Concern(SUPERVISION, supervision_id, bearer_id=unit, limit=limit))


def _over(step: Step, supervision: Fact, why: str) -> None:
    Supervision.objects.filter(id=supervision.id).update(ended_at=step.at, lifted=why)
    step.clocks.stop_of(supervision.id, step.at)
