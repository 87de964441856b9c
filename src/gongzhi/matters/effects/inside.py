"""Handed on inside the lead's own house; the lead stays responsible and answers."""

from uuid import UUID

from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import ExtensionRequest, SuspensionRequest, Task, TaskReport
from gongzhi.parties.models import Organisation

TASK = "task"


@effect("hand_on", leaves="task")
def hand_on(step: Step) -> None:
    """To a unit or a person, with a clock of its own."""
    unit: UUID | None = step.form.get("unit")
    task_id = step.add(
        Task,
        organisation_id=step.matter.lead_id,
        unit_id=unit,
        account_id=None if unit else step.form.get("account"),
        text=step.form["text"],
    )
    hours = step.form.get("hours")
    limit = [hours, "work_hour"] if hours else None
    step.concerns.append(Concern(TASK, task_id, bearer_id=unit or step.matter.lead_id, limit=limit))
    if unit:
        step.names["unit"] = Organisation.objects.get(id=unit).name


@effect("report_task", leaves="task_report")
def report_task(step: Step) -> None:
    """The task ends with its report; whoever handed it on may hand it on again."""
    task: UUID = step.form["task"]
    step.add(
        TaskReport,
        organisation_id=step.organisation_id,
        task_id=task,
        text=step.form["text"],
        evidence=step.attach("evidence"),
    )
    _end(step, task)


@effect("cancel_task")
def cancel_task(step: Step) -> None:
    _end(step, step.form["task"])


def end_wishes_of_the_lead(step: Step) -> None:
    """The lead has changed: more time or a rest that the former one asked for is not the next one's wish."""
    step.end(ExtensionRequest, decision="")
    step.end(SuspensionRequest, decision="")


def end_tasks(step: Step) -> None:
    """The lead has changed: what the former one handed on is nobody's any more."""
    for task in step.situation.facts.currents(TASK):
        _end(step, task.id)


def _end(step: Step, task_id: UUID) -> None:
    step.end(Task, id=task_id)
    step.concerns.append(Concern(TASK, task_id))
