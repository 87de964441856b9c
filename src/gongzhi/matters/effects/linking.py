"""Matters that belong beside each other. A link says so and does nothing else: no priority, clock or rate hangs on it."""

from datetime import timedelta

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Link, Matter, MatterText

_PERIOD = "repeat_period"


@effect("link", leaves="link")
def link(step: Step) -> None:
    other = Matter.objects.get(number=step.form["other"])
    step.add(Link, other=other, relation=step.form["relation"])
    step.names["other"] = other.number


@effect("unlink")
def unlink(step: Step) -> None:
    step.end(Link, other__number=step.form["other"])


def link_repeat(step: Step) -> None:
    """The same person's newest earlier matter of the same kind in the same area. Nobody is linked who reported
    anonymously: it would say who they are."""
    matter = step.matter
    period = next((one for one in step.situation.procedure.numbers if one.code == _PERIOD), None)
    if matter.reporter_id is None or period is None or step.situation.facts.last("link"):
        return
    earlier = Matter.objects.filter(
        reporter_id=matter.reporter_id,
        category_id=matter.category_id,
        area_path=matter.area_path,
        opened_at__lt=matter.opened_at,
        opened_at__gte=matter.opened_at - timedelta(days=period.value),
    ).exclude(id=matter.id)
    found = earlier.order_by("-opened_at", "-id").first()
    if found is None or MatterText.objects.filter(matter__in=(matter, found), anonymous=True).exists():
        return
    step.add(Link, other=found, relation="repeat")
