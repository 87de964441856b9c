"""What a unit asks for and another decides."""

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import (
    AppealRequest,
    ExclusionRequest,
    ExtensionRequest,
    ReturnRequest,
    SuspensionRequest,
)


@effect("ask_extension", leaves="extension_request")
def ask_extension(step: Step) -> None:
    """More time for the clock named by the verb's options (by default the one the person was promised)."""
    step.add(
        ExtensionRequest,
        organisation_id=step.matter.lead_id,
        clock=step.verb.options.get("clock", "handling"),
        value=step.form["value"],
        unit=step.verb.options.get("unit", "work_day"),
        reason=step.form["reason"],
    )


@effect("ask_return", leaves="return_request")
def ask_return(step: Step) -> None:
    step.end(ExtensionRequest, decision="")
    step.add(
        ReturnRequest,
        organisation_id=step.matter.lead_id,
        proposed_id=step.form.get("proposed"),
        reason=step.form["reason"],
    )


@effect("ask_suspension", leaves="suspension_request")
def ask_suspension(step: Step) -> None:
    step.add(
        SuspensionRequest,
        organisation_id=step.matter.lead_id,
        ground=step.form["ground"],
        review_on=step.form["review_on"],
        reason=step.form["reason"],
    )


@effect("ask_exclusion", leaves="exclusion_request")
def ask_exclusion(step: Step) -> None:
    step.add(
        ExclusionRequest,
        organisation_id=step.matter.lead_id,
        ground=step.form["ground"],
        reason=step.form["reason"],
        evidence=step.attach("evidence"),
    )


@effect("ask_appeal", leaves="appeal_request")
def ask_appeal(step: Step) -> None:
    step.add(
        AppealRequest,
        organisation_id=step.matter.lead_id,
        about=step.form["about"],
        reason=step.form["reason"],
        evidence=step.attach("evidence"),
    )
