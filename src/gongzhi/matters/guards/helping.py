"""Conditions of shared work: who may be called in, and that the lead hears its assistants before it answers."""

from uuid import UUID

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


def _assisting(situation: Situation) -> set[UUID]:
    parts = situation.facts.currents("assignment", role="assist")
    return {part.organisation_id for part in parts if part.organisation_id}


@guard("assistants_are_new@1")
def assistants_are_new(situation: Situation, form: Form | None) -> Refusal | None:
    """Neither the lead nor a unit that assists already."""
    given = (form or {}).get("organisations")
    called = set(given) if isinstance(given, list) else set()
    if situation.lead_id in called:
        return Invalid(
            "matters.lead_assists", "主办单位不能同时协办，请选择其他单位。", field="organisations"
        )
    if called & _assisting(situation):
        return Invalid("matters.assists_already", "所选单位中有的已在协办。", field="organisations")
    return None


@guard("has_assistant@1")
def has_assistant(situation: Situation, form: Form | None) -> Refusal | None:
    """Somebody assists; with the form: the very unit."""
    assisting = _assisting(situation)
    if not assisting:
        return Conflict("matters.no_assistant", "本件没有正在协办的单位。")
    if form is not None and form.get("organisation") not in assisting:
        return Invalid("matters.not_assisting", "这个单位没有在协办本件。", field="organisation")
    return None


@guard("assistants_heard@1")
def assistants_heard(situation: Situation, form: Form | None) -> Refusal | None:
    """Every open assistant reported at least a stage since it was called in."""
    heard = {str(report.values["assignment_id"]) for report in situation.facts.all("stage_report")}
    silent = [
        part
        for part in situation.facts.currents("assignment", role="assist")
        if str(part.id) not in heard and part.organisation_id
    ]
    if not silent:
        return None
    return Conflict(
        "matters.assistants_silent",
        "协办单位还没有反馈：%(units)s。请等待阶段反馈，或说明理由解除协办后再答复。",
        units=situation.lookups.names_of([part.organisation_id for part in silent if part.organisation_id]),
    )
