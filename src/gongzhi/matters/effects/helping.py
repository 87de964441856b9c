"""Assisting units: called in, heard, released (北京市接诉即办工作条例 第十四条). The lead stays responsible."""

from uuid import UUID

from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Assignment, StageReport
from gongzhi.parties.models import Organisation

ASSISTANCE = "assistance"


@effect("call_assistants")
def call_assistants(step: Step) -> None:
    """Each unit gets a part and a clock of its own."""
    called: list[UUID] = step.form["organisations"]
    days = step.form.get("days")
    for organisation_id in called:
        assignment_id = step.add(
            Assignment, role="assist", organisation_id=organisation_id, reason=step.form["work"]
        )
        limit = [days, "work_day"] if days else None
        step.concerns.append(Concern(ASSISTANCE, assignment_id, bearer_id=organisation_id, limit=limit))
    names = Organisation.objects.filter(id__in=called).order_by("code").values_list("name", flat=True)
    step.names["organisations"] = "、".join(names)


@effect("report_stage", leaves="stage_report")
def report_stage(step: Step) -> None:
    """Done: the unit's part ends, and its clock. Someone of two assisting units speaks for both."""
    done = step.form.get("done", False)
    evidence = step.attach("evidence")
    for part in step.situation.facts.currents("assignment", role="assist"):
        if part.organisation_id not in step.doer.organisations:
            continue
        step.add(
            StageReport,
            organisation_id=part.organisation_id,
            assignment_id=part.id,
            done=done,
            text=step.form["text"],
            evidence=evidence,
        )
        if done:
            _end(step, part.id)


@effect("release_assistant")
def release_assistant(step: Step) -> None:
    for part in step.situation.facts.currents("assignment", role="assist"):
        if part.organisation_id == step.form["organisation"]:
            _end(step, part.id)
    step.names["organisation"] = Organisation.objects.get(id=step.form["organisation"]).name


def _end(step: Step, assignment_id: UUID) -> None:
    step.end(Assignment, id=assignment_id)
    step.concerns.append(Concern(ASSISTANCE, assignment_id))
