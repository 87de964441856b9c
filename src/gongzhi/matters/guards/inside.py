"""Conditions of work handed on inside a unit, and of reaching the person at different hours."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.facts import Fact
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("task_target@1")
def task_target(situation: Situation, form: Form | None) -> Refusal | None:
    """One unit or one colleague, not the lead itself; communities and streets only what their lists allow."""
    if form is None:
        return None
    unit, account = form.get("unit"), form.get("account")
    if bool(unit) == bool(account):
        return Invalid("matters.task_to_whom", "请选择一个单位，或本单位的一个人。", field="unit")
    if isinstance(unit, UUID):
        if unit == situation.lead_id:
            return Invalid(
                "matters.task_to_itself", "不能派给本单位自己；派给某个人的，请选择这个人。", field="unit"
            )
        return situation.lookups.why_not_receive(unit)
    if isinstance(account, UUID) and not situation.lookups.works_for_lead(account):
        return Invalid("matters.task_to_stranger", "这个人不在本单位任职，请选择他的单位。", field="account")
    return None


@guard("inner_before_outer@1")
def inner_before_outer(situation: Situation, form: Form | None) -> Refusal | None:
    """An inner limit ends before the one the person was promised; past that, tasks are still possible."""
    if form is None:
        return None
    clock = situation.procedure.clock("task")
    outer, hours = situation.lookups.promised_until(), form.get("hours") or clock.value
    if outer is None or outer <= situation.at or not isinstance(hours, int):
        return None
    inner = situation.lookups.deadline(situation.at, hours, clock.unit)
    if inner < outer:
        return None
    return Invalid(
        "matters.task_too_long",
        "内部时限到 %(inner)s，晚于对外期限 %(outer)s，请缩短。",
        field="hours",
        inner=_said(inner),
        outer=_said(outer),
    )


@guard("has_task@1")
def has_task(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("task"):
        return Conflict("matters.no_task", "本件没有正在内部办理的事项。")
    return None


@guard("own_task@1")
def own_task(situation: Situation, form: Form | None) -> Refusal | None:
    """The doer reports what was handed to them or their unit."""
    mine = situation.lookups.own_tasks([task.id for task in situation.facts.currents("task")])
    if form is not None and form.get("task") not in mine:
        return Invalid("matters.not_your_task", "这一项没有交给您，请选择交给您的。", field="task")
    return None


@guard("tasks_done@1")
def tasks_done(situation: Situation, form: Form | None) -> Refusal | None:
    """No answer leaves over an open task."""
    units = [
        UUID(str(task.values["unit_id"]))
        for task in situation.facts.currents("task")
        if task.values.get("unit_id")
    ]
    count = len(situation.facts.currents("task"))
    if not count:
        return None
    return Conflict(
        "matters.tasks_open",
        "内部还有 %(count)s 项没有办结（%(units)s）。请等待反馈，或收回后再答复。",
        count=count,
        units=situation.lookups.names_of(units) or "—",
    )


@guard("has_contact@2")
def has_contact(situation: Situation, form: Form | None) -> Refusal | None:
    """As @1; attempts in vain count only at different hours of the day and an hour apart."""
    assignment = situation.assignment
    if situation.reporter_id is None or assignment is None:
        return None
    return _reached_or_tried(
        situation, situation.facts.all("contact", since=assignment.at), "matters.not_contacted"
    )


@guard("appraised_or_unreachable@2")
def appraised_or_unreachable(situation: Situation, form: Form | None) -> Refusal | None:
    """As @1; calls in vain count only at different hours of the day and an hour apart."""
    answer = situation.facts.last("answer")
    if situation.facts.current("appraisal") or situation.reporter_id is None:
        return None
    calls = situation.facts.all("call_back", since=answer.at if answer else None)
    return _reached_or_tried(situation, calls, "matters.not_called_back")


def _reached_or_tried(situation: Situation, attempts: Sequence[Fact], code: str) -> Refusal | None:
    if any(fact.values["outcome"] in ("reached", "declined") for fact in attempts):
        return None
    wanted = situation.procedure.number("contact_attempts").value
    apart = situation.procedure.number("contact_hours").value
    tried = distinct([fact.at for fact in attempts], hours=apart)
    if len(tried) >= wanted:
        return None
    return Conflict(
        code,
        "还没有联系到诉求人：不同时段的有效联系 %(tried)s 次，须满 %(wanted)s 次（不在同一钟点、相隔 %(apart)s 小时以上）。",
        tried=len(tried),
        wanted=wanted,
        apart=apart,
    )


def distinct(attempts: Sequence[datetime], *, hours: int) -> list[datetime]:
    """Those that count: each at another hour of the day than those before, and `hours` after the last that counted."""
    counted: list[datetime] = []
    for at in sorted(attempts):
        other_hour = all(in_china(at).hour != in_china(before).hour for before in counted)
        if other_hour and (not counted or (at - counted[-1]).total_seconds() >= hours * 3_600):
            counted.append(at)
    return counted


def _said(at: datetime) -> str:
    return in_china(at).strftime("%Y-%m-%d %H:%M")
