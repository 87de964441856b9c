"""Entering what was found: once, by whom it was given to; where two differ a third is called."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotFound, Refusal
from gongzhi.sampling import events, rules
from gongzhi.sampling.evaluators import able, barred
from gongzhi.sampling.models import OUTCOMES, Entry, Member, Task
from gongzhi.sampling.policies import EVALUATE

NOTE_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """contacted, solved, level: None where nobody was reached."""

    outcome: str
    contacted: bool | None
    solved: bool | None
    level: int | None
    note: str


@transaction.atomic
def enter(*, task_id: UUID, finding: Finding, by: Actor, at: datetime) -> Entry:
    """What the evaluator found, once. Raises NotFound (not one's own), Conflict (entered already), InvalidForm. Where two
    now differ, a third evaluator of the frame is called if there is one."""
    require_to(by, EVALUATE)
    task = (
        Task.objects.select_related("member__frame")
        .select_for_update(of=("self",))
        .filter(id=task_id, evaluator_id=by.id)
        .first()
    )
    if task is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    if Entry.objects.filter(task=task).exists():
        raise Conflict("sampling.entered", "这一件您已经填过，每人只能填一次。")
    wrong = _wrong_finding(finding, task.member.frame.kind)
    if wrong:
        raise InvalidForm(wrong)
    reached = finding.outcome == "reached"
    quality = task.member.frame.kind == "quality"
    entry = Entry(
        id=ids.uuid7(at),
        task=task,
        outcome=finding.outcome,
        contacted=finding.contacted if reached and quality else None,
        solved=finding.solved if reached else None,
        level=finding.level if reached and quality else None,
        note=finding.note.strip(),
        at=at,
        by=by.reference,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("sampling.entered", "这一件您已经填过，每人只能填一次。") from error
    frame = task.member.frame
    acts.record(
        verb="sampling.enter",
        subject=Subject("sampling.task", task.id),
        by=by,
        at=at,
        area_path=frame.area_path,
        event=events.Entered(task.seat),
    )
    if task.member.doubled:
        _call_third(task.member, by, at)
    return entry


def _wrong_finding(given: Finding, kind: str) -> dict[str, Refusal]:
    wrong: dict[str, Refusal] = {}
    if given.outcome not in OUTCOMES:
        wrong["outcome"] = Invalid("sampling.no_outcome", "请选择是否联系上或看到现场。", field="outcome")
    if given.outcome == "reached" and given.solved is None:
        wrong["solved"] = Invalid("sampling.needed", "请选择。", field="solved")
    if given.outcome == "reached" and kind == "quality":
        if given.contacted is None:
            wrong["contacted"] = Invalid("sampling.needed", "请选择。", field="contacted")
        if given.level is None or not 1 <= given.level <= 5:
            wrong["level"] = Invalid("sampling.needed", "请选择。", field="level")
    if len(given.note) > NOTE_MAX:
        wrong["note"] = Invalid("sampling.note", "说明最多 %(most)s 个字。", field="note", most=NOTE_MAX)
    return wrong


def _call_third(member: Member, by: Actor, at: datetime) -> None:
    Member.objects.select_for_update().get(id=member.id)  # two who enter at once call one third
    tasks = list(Task.objects.filter(member=member).select_related("entry"))
    found = {task.seat: task.entry for task in tasks if hasattr(task, "entry")}
    if 3 in {task.seat for task in tasks} or not {1, 2} <= found.keys():
        return
    one, other = (
        rules.Found(e.outcome == "reached", e.contacted, e.solved, e.level) for e in (found[1], found[2])
    )
    if not rules.differ(one, other):
        return
    seated = {task.evaluator_id for task in tasks}
    able_now = able(member.frame.kind, at)
    free = [who for text in member.frame.evaluators if (who := UUID(text)) not in seated and who in able_now]
    barring = barred(kind=member.frame.kind, matters=[member.matter_id], evaluators=tuple(free), at=at)
    free = [who for who in free if who not in barring.get(member.matter_id, ())]
    if not free:
        return
    third = Task.objects.create(id=ids.uuid7(at), member=member, seat=3, evaluator_id=free[0], at=at)
    acts.record(
        verb="sampling.call_third",
        subject=Subject("sampling.task", third.id),
        by=by,
        at=at,
        area_path=member.frame.area_path,
        event=events.ThirdCalled(3),
    )
