"""Conditions of supervising and urging: whom, never less than before, answered once, lifted before the end."""

from uuid import UUID

from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.models.supervision import FORMS
from gongzhi.matters.situation import Situation


def _involved(situation: Situation) -> set[UUID]:
    """Who leads, assists or was called, also if it refused."""
    parts = situation.facts.currents("assignment")
    units = {fact.organisation_id for fact in (*parts, *situation.facts.all("whistle_call"))}
    return {unit for unit in units if unit}


@guard("unit_involved@1")
def unit_involved(situation: Situation, form: Form | None) -> Refusal | None:
    """The unit named, else the lead, has to do with the matter."""
    involved = _involved(situation)
    if not involved:
        return Conflict("matters.nobody_to_supervise", "还没有承办单位，没有可督办的对象。")
    if form is None:
        return None
    unit = form.get("unit") or situation.lead_id
    if unit in involved:
        return None
    return Invalid("matters.unit_not_involved", "请选择主办、协办或被召集的单位。", field="unit")


@guard("supervision_not_asked@1")
def supervision_not_asked(situation: Situation, form: Form | None) -> Refusal | None:
    """No request about the same unit waits."""
    if form is None:
        return None
    unit = str(form.get("unit") or situation.lead_id)
    if situation.facts.current("supervision_request", decision="", unit_id=unit):
        return Conflict("matters.supervision_asked", "对这个单位的督办请求正在等待区级决定。")
    return None


@guard("supervision_asked@1")
def supervision_asked(situation: Situation, form: Form | None) -> Refusal | None:
    """A request waits; with the form: that very one."""
    waiting = {fact.id for fact in situation.facts.currents("supervision_request", decision="")}
    if not waiting:
        return Conflict("matters.no_supervision_asked", "没有等待决定的督办请求，可能已有人决定。")
    if form is not None and form.get("request") not in waiting:
        return Invalid("matters.supervision_decided", "这份督办请求已有决定。", field="request")
    return None


@guard("supervision_rises@1")
def supervision_rises(situation: Situation, form: Form | None) -> Refusal | None:
    """While one is open only a weightier kind follows it: supervising never lowers anything."""
    now = situation.facts.current("supervision")
    if form is None or form.get("decision") == "refused":
        return None
    if "kind" not in form or "demand" not in form:
        return Invalid("matters.supervision_unsaid", "请写明督办方式和要求。", field="demand")
    if now is None or FORMS.index(str(form["kind"])) > FORMS.index(now.values["form"]):
        return None
    return Invalid(
        "matters.supervision_lower",
        "本件正在督办，只能升级（日常、挂牌、约谈），或先解除再督办。",
        field="kind",
    )


@guard("supervised_now@1")
def supervised_now(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("supervision"):
        return Conflict("matters.not_supervised", "本件没有在督办，可能已经解除。")
    return None


@guard("supervision_unanswered@1")
def supervision_unanswered(situation: Situation, form: Form | None) -> Refusal | None:
    now = situation.facts.current("supervision")
    if now is None or now.values["replied_at"]:
        return Conflict("matters.supervision_answered", "督办已经反馈，等待督办单位处理。")
    return None


@guard("supervision_over@1")
def supervision_over(situation: Situation, form: Form | None) -> Refusal | None:
    """What is supervised does not end before it is lifted."""
    if situation.facts.current("supervision"):
        return Conflict("matters.still_supervised", "本件正在督办，须先由区级督办解除。")
    return None


@guard("not_urged_today@1")
def not_urged_today(situation: Situation, form: Form | None) -> Refusal | None:
    last, today = situation.facts.last("urge"), in_china(situation.at).date()
    if last and in_china(last.at).date() == today:
        return Conflict("matters.urged_today", "今天已经催办过，承办单位已收到，每天最多一次。")
    return None
