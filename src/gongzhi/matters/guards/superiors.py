"""Conditions of orders that a superior platform gave."""

from datetime import datetime

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("from_superior@1")
def from_superior(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("superior_order") is None:
        return Conflict("matters.no_superior", "这件诉求不是上级平台派来的。")
    return None


@guard("no_superior_yet@1")
def no_superior_yet(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("superior_order") is not None:
        return Conflict("matters.superior_known", "这件诉求已登记上级平台的工单。")
    return None


@guard("ours_to_close@1")
def ours_to_close(situation: Situation, form: Form | None) -> Refusal | None:
    """What a superior reserved to itself is ended by its word only."""
    order = situation.facts.current("superior_order")
    if order is None or not order.values["closes"]:
        return None
    return Conflict(
        "matters.superior_closes",
        "本件由“%(superior)s”派发，须由其结案；反馈后请等待上级结果。",
        superior={"zh": order.values["title_zh"], "en": order.values["title_en"]},
    )


@guard("no_open_superior_return@1")
def no_open_superior_return(situation: Situation, form: Form | None) -> Refusal | None:
    return _asked_already(situation, "return")


@guard("no_open_superior_extension@1")
def no_open_superior_extension(situation: Situation, form: Form | None) -> Refusal | None:
    return _asked_already(situation, "extension")


@guard("has_open_superior_return@1")
def has_open_superior_return(situation: Situation, form: Form | None) -> Refusal | None:
    return _nothing_asked(situation, "return")


@guard("has_open_superior_extension@1")
def has_open_superior_extension(situation: Situation, form: Form | None) -> Refusal | None:
    return _nothing_asked(situation, "extension")


@guard("due_is_instant@1")
def due_is_instant(situation: Situation, form: Form | None) -> Refusal | None:
    """The deadline a superior names is an instant with its zone."""
    text = (form or {}).get("due_at")
    if not text:
        return None
    try:
        known = datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        known = False
    if known:
        return None
    return Invalid("matters.not_an_instant", "上级时限应为带时区的日期和时间。", field="due_at")


def _asked_already(situation: Situation, about: str) -> Refusal | None:
    if situation.facts.current("superior_request", about=about, decision=""):
        return Conflict("matters.superior_asked", "已向上级提出申请，请等待上级决定。")
    return None


def _nothing_asked(situation: Situation, about: str) -> Refusal | None:
    if not situation.facts.current("superior_request", about=about, decision=""):
        return Conflict("matters.superior_not_asked", "没有等待上级决定的申请。")
    return None
