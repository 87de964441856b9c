"""Decisions on what a unit asked. The database refuses a decider of the applicant's organisation, too."""

from typing import Any

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.facts import Fact
from gongzhi.matters.models import Assignment, ExtensionRequest, ReturnRequest, Signature


@effect("decide_extension")
def decide_extension(step: Step) -> None:
    asked = step.situation.facts.current("extension_request", decision="")
    if asked is None:
        return
    ExtensionRequest.objects.filter(id=asked.id).update(**_decision(step, asked))
    if step.form["decision"] == "granted":
        step.clocks.extend(asked.values["clock"], asked.values["value"], asked.values["unit"])


@effect("decide_return")
def decide_return(step: Step) -> None:
    """Granted: nobody leads until the desk dispatches again. Refused: the lead stays, perhaps designated."""
    asked = step.situation.facts.current("return_request", decision="")
    if asked is not None:
        ReturnRequest.objects.filter(id=asked.id).update(**_decision(step, asked))
    if step.form["decision"] == "granted":
        step.end(Assignment, role="lead")
        step.end(Signature)
        step.matter.handler = None
        step.matter.lead = None
    elif step.form.get("designated"):
        Assignment.objects.filter(matter=step.matter, role="lead", ended_at__isnull=True).update(
            designated=True
        )


def _decision(step: Step, asked: Fact) -> dict[str, Any]:
    own = asked.organisation_id if asked.organisation_id in step.doer.organisations else None
    return {
        "decision": step.form["decision"],
        "decided_at": step.at,
        "decided_by": step.by.reference,
        "decider_organisation_id": own or step.organisation_id,
        "ruling": step.form["reason"],
    }
