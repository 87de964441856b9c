"""Joining a matter to another, and taking it out again."""

from django.db import OperationalError

from gongzhi.kernel.refusals import Conflict
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Appraisal, Closure, Matter, Merge


@effect("merge", leaves="merge")
def merge(step: Step) -> None:
    """The other matter is locked while we join it: it cannot close meanwhile, and two that join each other do not wait
    in a circle."""
    try:
        into = Matter.objects.select_for_update(nowait=True).get(number=step.form["into"])
    except OperationalError as error:
        raise Conflict("matters.merge_busy", "要并入的诉求正在被别人修改，请稍后再试。") from error
    if into.closed_at is not None:
        raise Conflict("matters.merge_just_closed", "要并入的诉求刚刚办结，不能再并入。")
    step.add(Merge, into=into, from_state=step.matter.state, reason=step.form["reason"])
    step.names["into"] = into.number


@effect("unmerge")
def unmerge(step: Step) -> None:
    """What its reporter said of the other matter's answer is no judgement of this one."""
    step.end(Merge)
    step.end(Closure)
    step.end(Appraisal)
