"""Passed to an emergency service with the caller on the line, and what became of it there."""

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Answer, Diversion, Transfer

EMERGENCY = "emergency"


@effect("transfer", leaves="transfer")
def transfer(step: Step) -> None:
    """The first of the six diversions, and the only one after which the matter is still ours to follow."""
    form = step.form
    step.add(Diversion, reason=EMERGENCY, reply=form["reply"])
    step.add(
        Transfer,
        service=form["service"],
        number=form.get("their_number", ""),
        taken_by=form.get("taken_by", ""),
        note=form.get("note", ""),
    )


@effect("end_transfer")
def end_transfer(step: Step) -> None:
    """Settled: what was done there is the answer. Else it is ours again, and no longer diverted."""
    number = step.form.get("their_number")
    if number:
        Transfer.objects.filter(matter=step.matter, ended_at__isnull=True).update(number=number)
    step.end(Transfer)
    if step.form["outcome"] == "settled":
        step.add(Answer, result="solved", reply=step.form["reply"], now=True)
    else:
        step.end(Diversion)
