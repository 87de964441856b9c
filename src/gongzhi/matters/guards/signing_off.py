"""Conditions of sign-off: what kinds of matter demand it, and that somebody is there to give it."""

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("sign_off_demanded@1")
def sign_off_demanded(situation: Situation, form: Form | None) -> Refusal | None:
    """The category demands it, and the lead has a head other than who asks."""
    if not situation.sign_off_required:
        return Conflict("matters.no_sign_off", "此类诉求的答复不需要签发，可以直接反馈结果。")
    if not situation.lookups.has_another_head():
        return Conflict("matters.nobody_signs_off", "本单位没有其他负责人可以签发，可以直接反馈结果。")
    return None


@guard("may_answer_alone@1")
def may_answer_alone(situation: Situation, form: Form | None) -> Refusal | None:
    if sign_off_demanded(situation, form) is None:
        return Conflict(
            "matters.sign_off_first", "此类诉求的答复须经单位负责人签发，请用“送审”，签发后自动发出。"
        )
    return None


@guard("reason_when_refused@1")
def reason_when_refused(situation: Situation, form: Form | None) -> Refusal | None:
    """Who sends a draft back says what is missing."""
    if form is None or form.get("decision") != "refused" or form.get("note"):
        return None
    return Invalid("matters.refused_without_reason", "退回修改的，请写明需要改什么。", field="note")
