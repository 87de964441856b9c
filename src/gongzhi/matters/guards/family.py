"""Conditions of leaving and joining."""

from gongzhi.kernel.refusals import Conflict, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("nobody_joined@1")
def nobody_joined(situation: Situation, form: Form | None) -> Refusal | None:
    """Nobody else's report was merged into this one."""
    if situation.lookups.joined_count():
        return Conflict(
            "matters.others_joined", "还有其他人反映的同一问题并入了本件，不能撤回；您可以留言说明。"
        )
    return None


@guard("something_to_judge@1")
def something_to_judge(situation: Situation, form: Form | None) -> Refusal | None:
    """Of a withdrawn matter: a unit had it."""
    if situation.state == "withdrawn" and situation.lead_id is None:
        return Conflict("matters.nothing_to_judge", "本件撤回时还没有派给承办单位，没有可评价的办理。")
    return None
