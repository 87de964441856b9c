"""What a unit asks for and another decides."""

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import ExtensionRequest, ReturnRequest


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
