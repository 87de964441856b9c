"""Conditions of leaving and joining."""

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
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
    """Of a withdrawn matter: a unit had it. Of a merged one: a unit answered the matter it went into."""
    if situation.state == "withdrawn" and situation.lead_id is None:
        return Conflict("matters.nothing_to_judge", "本件撤回时还没有派给承办单位，没有可评价的办理。")
    if situation.state == "merged" and situation.lookups.answered_by() is None:
        return Conflict("matters.not_answered_yet", "并入的诉求还没有答复，答复后您可以评价。")
    return None


@guard("merged_when_accepted@1")
def merged_when_accepted(situation: Situation, form: Form | None) -> Refusal | None:
    """Merges of before we noted where a matter was: by its acceptance."""
    merge = situation.facts.current("merge")
    was = merge.values.get("from_state") if merge else ""
    if was == "accepted" or (not was and situation.facts.last("acceptance")):
        return None
    return Conflict("matters.merged_before_acceptance", "本件合并时还没有受理。")


@guard("link_target@1")
def link_target(situation: Situation, form: Form | None) -> Refusal | None:
    """The other matter exists, is another one and not linked yet; a repeat is the same person's, by name."""
    if form is None:
        return None
    number = str(form.get("other", ""))
    if number == situation.number:
        return Invalid("matters.link_itself", "不能关联自己，请填另一件诉求的编号。", field="other")
    other = situation.lookups.other(number)
    if other is None:
        return Invalid("matters.link_unknown", "没有找到要关联的诉求，请核对编号。", field="other")
    if situation.facts.current("link", other_id=str(other.id)):
        return Invalid("matters.linked_already", "这两件已经关联。", field="other")
    if form.get("relation") == "repeat" and not other.same_person:
        return Invalid(
            "matters.not_the_same_person", "两件不是同一诉求人实名反映的，请选“相关”。", field="relation"
        )
    return None


@guard("linked_to@1")
def linked_to(situation: Situation, form: Form | None) -> Refusal | None:
    """A link goes out from here; with the form: to that very matter."""
    if situation.facts.current("link") is None:
        return Conflict("matters.no_link", "本件没有关联别的诉求。")
    if form is None:
        return None
    other = situation.lookups.other(str(form.get("other", "")))
    if other is None or situation.facts.current("link", other_id=str(other.id)) is None:
        return Invalid("matters.not_linked", "这一件没有关联本件，请核对编号。", field="other")
    return None
