"""Taken back: by the reporter, or by the desk from a unit."""

from collections.abc import Collection

from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.inside import end_tasks, end_wishes_of_the_lead
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import (
    FACTS,
    Assignment,
    Draft,
    Signature,
    SuperiorRequest,
    Supervision,
    SuspensionRequest,
    Whistle,
    WhistleCall,
    Withdrawal,
)
from gongzhi.matters.models.road import Request


@effect("withdraw", leaves="withdrawal")
def withdraw(step: Step) -> None:
    """Of the lead it is taken from, for the rates. What has a clock of its own, assists or waits for a decision ends
    with it: opened again it begins without them."""
    step.add(Withdrawal, organisation_id=step.matter.lead_id, reason=step.form["reason"])
    end_what_waits(step)


def end_what_waits(step: Step, *, but: Collection[str] = ()) -> None:
    """The matter leaves: nobody's part in it, and nothing anybody asked, is open any more. but: kinds of requests about
    its judgement, which outlives it."""
    clocked = {run.of for run in step.clocks.runs if run.of and run.stopped_at is None}
    for kind in {fact.kind for fact in step.situation.facts if fact.id in clocked}:
        step.end(FACTS[kind], id__in=clocked)
    for ended in (Whistle, WhistleCall, Supervision):
        step.end(ended)
    step.end(Assignment, role="assist")
    for kind, model in FACTS.items():
        if issubclass(model, Request) and kind not in but and step.situation.facts.current(kind, decision=""):
            step.end(model, decision="")
    step.end(SuperiorRequest, decision="")
    step.end(Draft)


@effect("recall_dispatch")
def recall_dispatch(step: Step) -> None:
    """Before anybody signed. Who was to assist is released with the lead, and what it handed on ends."""
    end_tasks(step)
    if step.matter.lead:
        step.names["lead"] = step.matter.lead.name
    parts = step.situation.facts.currents("assignment", role="assist")
    step.concerns += [Concern("assistance", part.id) for part in parts]
    step.end(Assignment)
    step.matter.lead = None


@effect("reassign")
def reassign(step: Step) -> None:
    """From a unit that is no more, or whose duties moved. What it asked for and handed on ends with it; helpers stay."""
    end_tasks(step)
    if step.matter.lead:
        step.names["lead"] = step.matter.lead.name
    end_wishes_of_the_lead(step)
    step.end(SuspensionRequest)
    step.end(Draft)
    step.end(Assignment, role="lead")
    step.end(Signature)
    step.matter.lead, step.matter.handler = None, None
