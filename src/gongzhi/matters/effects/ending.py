"""Opening and closing. The Closure row itself is written by `perform` for every final state."""

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.reviewing import end_appraisals
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Closure, Diversion, Reopening, Withdrawal


@effect("open")
def open_(step: Step) -> None:
    """Opening is set-based: see actions.opening. As a verb on an open matter it does not exist."""
    raise NotImplementedError("a matter is opened by open_many")


@effect("close", leaves="closure")
def close(step: Step) -> None:
    """Nothing beside the closure."""


@effect("reopen", leaves="reopening")
def reopen(step: Step) -> None:
    step.end(Closure)
    end_appraisals(step)
    step.end(Diversion)
    step.end(Withdrawal)
    step.add(Reopening, organisation_id=step.organisation_id, reason=step.form["reason"])
