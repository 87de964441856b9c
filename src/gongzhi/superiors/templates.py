"""What goes back, in the superior's columns: text with names in braces. Nothing else is read or run. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gongzhi.kernel.refusals import Invalid

# number: theirs · our_number · at, day, instant (ISO 8601): of the act · version, state_zh,
# state_en: of our matter, afterwards · unit: who leads here · the rest: from the form, or the last answer
NAMES = frozenset(
    (
        *("number", "our_number", "at", "day", "unit", "reason", "days", "result", "reply", "note"),
        *("outcome", "decision", "category", "instant", "version", "state_zh", "state_en"),
    )
)
_NAME = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """codes: our word → theirs, for a template that is one name."""

    text: str
    codes: Mapping[str, str]

    def filled(self, values: Mapping[str, str]) -> str:
        """Once over: what comes in by a value is never read as a name."""
        text = _NAME.sub(lambda found: values.get(found[1], ""), self.text)
        return self.codes.get(text, text)


def template_of(raw: object, *, name: str) -> Template:
    """A text, or {template, codes}. Raises Invalid for a name that does not exist."""
    text, codes = (raw.get("template"), raw.get("codes", {})) if isinstance(raw, dict) else (raw, {})
    if not isinstance(text, str) or not isinstance(codes, dict):
        raise Invalid("superiors.bad_template", "映射文件中“%(name)s”的写法无法识别。", name=name)
    for found in _NAME.findall(text):
        if found not in NAMES:
            raise Invalid(
                "superiors.unknown_name",
                "映射文件中“%(name)s”用了不认识的名称“%(given)s”，可用：%(known)s。",
                name=name,
                given=found[:40],
                known="、".join(sorted(NAMES)),
            )
    return Template(text, {str(key): str(value) for key, value in codes.items()})
