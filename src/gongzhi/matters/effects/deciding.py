"""Decisions on what a unit asked. The database refuses a decider of the applicant's organisation, too."""

from datetime import date
from typing import Any
from uuid import UUID

from gongzhi.kernel.clock import in_china
from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.inside import end_tasks, end_wishes_of_the_lead
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.facts import Fact
from gongzhi.matters.models import (
    AppealRequest,
    Assignment,
    ExclusionRequest,
    ExtensionRequest,
    ReturnRequest,
    Signature,
    SuspensionRequest,
    SuspensionReview,
)


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
        end_tasks(step)
        end_wishes_of_the_lead(step)
        step.end(Assignment, role="lead")
        step.end(Signature)
        step.matter.handler = None
        step.matter.lead = None
    elif step.form.get("designated"):
        Assignment.objects.filter(matter=step.matter, role="lead", ended_at__isnull=True).update(
            designated=True
        )


@effect("decide_suspension")
def decide_suspension(step: Step) -> None:
    """Granted: it rests until the day it is looked at again."""
    asked = step.situation.facts.current("suspension_request", decision="")
    if asked is None:
        return
    SuspensionRequest.objects.filter(id=asked.id).update(**_decision(step, asked))
    if step.form["decision"] == "granted":
        step.concerns.append(_review(step, asked.id, asked.values["review_on"]))


@effect("review_suspension", leaves="suspension_review")
def review_suspension(step: Step) -> None:
    asked = step.situation.facts.current("suspension_request", decision="granted")
    if asked is None:
        return
    goes_on = step.form["decision"] == "goes_on"
    step.add(
        SuspensionReview,
        request_id=asked.id,
        goes_on=goes_on,
        review_on=step.form.get("review_on") if goes_on else None,
        note=step.form["note"],
    )
    if goes_on:
        step.concerns.append(_review(step, asked.id, step.form["review_on"]))
    else:
        step.end(SuspensionRequest, decision="granted")


def _review(step: Step, request_id: UUID, review_on: str) -> Concern:
    """The clock runs until the end of that day: natural days, the first not counted (民法典 第二百零一条)."""
    days = (date.fromisoformat(review_on) - in_china(step.at).date()).days
    return Concern("suspension", request_id, limit=[max(days, 1), "day"])


@effect("decide_exclusion")
def decide_exclusion(step: Step) -> None:
    """Granted: it leaves the denominators of the rates; nothing else changes."""
    asked = step.situation.facts.current("exclusion_request", decision="")
    if asked is not None:
        ExclusionRequest.objects.filter(id=asked.id).update(**_decision(step, asked))


@effect("decide_appeal")
def decide_appeal(step: Step) -> None:
    """Granted: what was contested no longer counts against the unit. The row that was contested stays as it was."""
    asked = step.situation.facts.current("appeal_request", decision="")
    if asked is not None:
        AppealRequest.objects.filter(id=asked.id).update(**_decision(step, asked))


def _decision(step: Step, asked: Fact) -> dict[str, Any]:
    own = asked.organisation_id if asked.organisation_id in step.doer.organisations else None
    return {
        "decision": step.form["decision"],
        "decided_at": step.at,
        "decided_by": step.by.reference,
        "decider_organisation_id": own or step.organisation_id,
        "ruling": step.form["reason"],
    }
