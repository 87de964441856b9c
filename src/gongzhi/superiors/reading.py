"""What a row of a superior says, in our words. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.intake import judging
from gongzhi.kernel.refusals import Invalid
from gongzhi.superiors.mapping import KINDS, SuperiorMapping

_REPORT = ("title", "text", "address", "area", "category", "urgency", "phone", "name", "lon", "lat")
_YES = {
    "true": True,
    "yes": True,
    "1": True,
    "是": True,
    "false": False,
    "no": False,
    "0": False,
    "否": False,
}
_REASON_LETTERS_MAX = 4000


@dataclass(frozen=True, slots=True)
class Heard:
    """report: fields of a RawReport, not judged yet · message: the superior's id of this message, "" = it has none ·
    sent_at: when the superior said it · contacted, solved, level: what it heard from the person."""

    kind: str
    number: str
    message: str
    state: str
    reason: str
    report: Mapping[str, Any]
    sent_at: datetime | None = None
    due_at: datetime | None = None
    contacted: bool | None = None
    solved: bool | None = None
    level: str = ""


def heard(mapping: SuperiorMapping, row: Mapping[str, str]) -> Heard:
    """Raises Invalid naming the column that is wrong."""
    kind = mapping.value("kind", row) or "order"
    if kind not in KINDS:
        raise Invalid("superiors.unknown_kind", "不认识的消息类型“%(kind)s”。", field="kind", kind=kind[:40])
    number = judging.code(mapping.value("number", row), field="number")
    if not number:
        raise Invalid("superiors.no_number", "该行没有上级编号。", field="number")
    report: dict[str, Any] = {name: mapping.value(name, row) for name in _REPORT}
    report["urgency"] = report["urgency"] or "normal"
    report["confidential"] = _yes(mapping, row, "confidential") or False
    return Heard(
        kind=kind,
        number=number,
        message=judging.words(mapping.value("message", row), field="message", longest=100),
        state=judging.words(mapping.value("state", row), field="state", longest=80),
        reason=judging.words(
            mapping.value("reason", row), field="reason", longest=_REASON_LETTERS_MAX, lines=True
        ),
        report=report,
        sent_at=_instant(mapping, row, "sent_at"),
        due_at=_instant(mapping, row, "due_at"),
        contacted=_yes(mapping, row, "contacted"),
        solved=_yes(mapping, row, "solved"),
        level=_level(mapping, row),
    )


def _instant(mapping: SuperiorMapping, row: Mapping[str, str], name: str) -> datetime | None:
    return mapping.times.instant(mapping.value(name, row), name)


def _yes(mapping: SuperiorMapping, row: Mapping[str, str], name: str) -> bool | None:
    text = mapping.value(name, row).lower()
    if not text:
        return None
    if text not in _YES:
        raise Invalid("superiors.not_yes_or_no", "此处应为是或否。", field=name)
    return _YES[text]


def _level(mapping: SuperiorMapping, row: Mapping[str, str]) -> str:
    text = mapping.value("level", row)
    if text and text not in ("1", "2", "3", "4", "5"):
        raise Invalid("superiors.not_a_level", "满意程度应为 1 到 5。", field="level")
    return text
