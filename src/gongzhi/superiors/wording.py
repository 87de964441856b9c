"""From a superior's message to a verb of the procedure and its form. Pure."""

from collections.abc import Mapping
from typing import Any

from gongzhi.kernel.refusals import Invalid
from gongzhi.superiors.reading import Heard

_TITLES = {"title": "标题", "text": "内容", "address": "地址", "urgency": "紧急程度"}
_NOTE_LETTERS_MAX = 4000
_VERBS = {
    "urged": ("order_urged", "note"),
    "cancelled": ("order_cancelled", "reason"),
    "closed": ("order_closed", "note"),
    "sent_back": ("order_sent_back", "reason"),
    "return_granted": ("rule_superior_return", "reason"),
    "return_refused": ("rule_superior_return", "reason"),
    "extension_granted": ("rule_superior_extension", "reason"),
    "extension_refused": ("rule_superior_extension", "reason"),
}
_NEEDS_WORDS = (
    "urged",
    "cancelled",
    "sent_back",
)  # the procedure asks for them; a superior may have sent none
_NEEDS_DEADLINE = ("sent_back", "extension_granted")


def verb_of(said: Heard) -> tuple[str, dict[str, Any]]:
    """Raises Invalid where the superior left out what decides."""
    verb, words = _VERBS[said.kind]
    form: dict[str, Any] = {}
    if said.reason or said.kind in _NEEDS_WORDS:
        form[words] = said.reason or "（上级未填写）"
    if said.kind.endswith(("_granted", "_refused")):
        form["decision"] = said.kind.rpartition("_")[2]
    if said.kind in _NEEDS_DEADLINE:
        if said.due_at is None:
            raise Invalid("superiors.no_deadline", "上级工单没有写明时限。", field="due_at")
        form["due_at"] = said.due_at.isoformat()
    if said.kind == "closed":
        heard = {"contacted": said.contacted, "solved": said.solved, "level": said.level or None}
        form |= {name: value for name, value in heard.items() if value is not None}
    return verb, form


def changes(values: Mapping[str, str]) -> str:
    """What an order says now that it did not say before, a line each."""
    lines = [f"{_TITLES[name]}：{value}" for name, value in values.items()]
    return "\n".join(lines)[:_NOTE_LETTERS_MAX]
