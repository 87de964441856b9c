"""What an evaluator reads: the own tasks, blind."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Answer, MatterText
from gongzhi.parties.models import ContactPoint
from gongzhi.sampling.models import Entry, Task
from gongzhi.sampling.policies import EVALUATE
from gongzhi.sampling.words import without_numbers

_TASKS_MAX = 500


@dataclass(frozen=True, slots=True)
class TaskLine:
    """done: entered already."""

    id: UUID
    frame: str
    kind: str
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Blind:
    """All an evaluator learns: the words, the answer, where, and a masked number to be connected with. No name of a
    person, no unit's own score, no call-back, no other entry, no rank."""

    id: UUID
    kind: str
    number: str
    title: str
    text: str
    address: str
    answer: str
    phones: tuple[str, ...]
    done: bool


def my_tasks(*, visible_to: Actor) -> list[TaskLine]:
    """Open ones first. Needs `sampling.evaluate`. One query."""
    require_to(visible_to, EVALUATE)
    rows = (
        Task.objects.filter(evaluator_id=visible_to.id)
        .order_by("entry", "at", "id")
        .values_list(
            "id", "member__frame__title", "member__frame__kind", "member__matter__words__title", "entry"
        )
    )
    lines = [
        TaskLine(id_, frame, kind, without_numbers(title), entry is not None)
        for id_, frame, kind, title, entry in rows[:_TASKS_MAX]
    ]
    return sorted(lines, key=lambda line: line.done)


def task(*, visible_to: Actor, task_id: UUID) -> Blind:
    """Raises NotFound for whoever it was not given to."""
    require_to(visible_to, EVALUATE)
    row = (
        Task.objects.select_related("member__frame", "member__matter")
        .filter(id=task_id, evaluator_id=visible_to.id)
        .first()
    )
    if row is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    matter, kind = row.member.matter, row.member.frame.kind
    words = MatterText.objects.get(matter=matter)
    answer = Answer.objects.filter(matter=matter, ended_at__isnull=True).order_by("-at").first()
    phones: Iterable[str] = ()
    if kind == "quality" and matter.reporter_id and not words.anonymous:
        points = ContactPoint.objects.filter(
            person_id=matter.reporter_id, kind="phone", ended_at__isnull=True
        )
        phones = points.order_by("-leads", "id").values_list("value_masked", flat=True)
    return Blind(
        row.id,
        kind,
        matter.number,
        without_numbers(words.title),
        without_numbers(words.text),
        words.address,
        without_numbers(answer.reply) if answer else "",
        tuple(phones),
        Entry.objects.filter(task=row).exists(),
    )
