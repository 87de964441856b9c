"""A pick: how one value is taken from a row. What a mapping file can say about a column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongzhi.kernel.refusals import Invalid

_KEYS = frozenset(("column", "first", "join", "with", "constant", "pattern", "format", "codes", "otherwise"))


@dataclass(frozen=True, slots=True)
class Pick:
    """columns: the first that is not empty counts, or all joined. pattern: must match the whole text; its groups fill
    `format`. codes: text → value; otherwise: for texts that fit neither ("" included), None = the row is rejected.
    """

    columns: tuple[str, ...] = ()
    joined_by: str | None = None
    constant: str | None = None
    pattern: re.Pattern[str] | None = None
    format: str = "{0}"
    codes: Mapping[str, str] | None = None
    otherwise: str | None = None
    name: str = field(default="", compare=False)

    def value(self, row: Mapping[str, str]) -> str:
        """Raises Invalid for a text that neither pattern nor codes know."""
        if self.constant is not None:
            return self.constant
        parts = [text for column in self.columns if (text := row.get(column, ""))]
        text = self.joined_by.join(parts) if self.joined_by is not None else (parts[0] if parts else "")
        if not text:
            return self.otherwise or ""
        if self.pattern is not None:
            found = self.pattern.fullmatch(text)
            if found is None:
                return self._other(text)
            text = self.format.format(*(group or "" for group in found.groups() or (found.group(),)))
        if self.codes is not None:
            known = self.codes.get(text)
            return self._other(text) if known is None else known
        return text

    def _other(self, text: str) -> str:
        if self.otherwise is not None:
            return self.otherwise
        raise Invalid(
            "intake.unknown_value",
            "“%(value)s”不在对照表中，或不合格式。",
            field=self.columns[0] if self.columns else "",
            value=text[:60],
        )


def pick_of(raw: Any, *, name: str) -> Pick:
    """`COLUMN`, `[COLUMN, …]` (first not empty), or a mapping of the keys above. Raises Invalid."""
    if isinstance(raw, str):
        return Pick((raw,), name=name)
    if isinstance(raw, list):
        return Pick(tuple(map(str, raw)), name=name)
    if not isinstance(raw, dict) or raw.keys() - _KEYS:
        raise _bad(name)
    given = [key for key in ("column", "first", "join", "constant") if key in raw]
    if len(given) != 1:
        raise _bad(name)
    named = raw.get("join") or raw.get("first") or ([raw["column"]] if "column" in raw else [])
    if not isinstance(named, list):
        raise _bad(name)
    try:
        pattern = re.compile(raw["pattern"]) if "pattern" in raw else None
    except (re.error, TypeError):
        raise _bad(name) from None
    codes = raw.get("codes")
    if codes is not None and not isinstance(codes, dict):
        raise _bad(name)
    return Pick(
        columns=tuple(map(str, named)),
        joined_by=str(raw.get("with", " ")) if "join" in raw else None,
        constant=str(raw["constant"]) if "constant" in raw else None,
        pattern=pattern,
        format=str(raw.get("format", "{0}")),
        codes=None if codes is None else {str(key): str(value) for key, value in codes.items()},
        otherwise=None if raw.get("otherwise") is None else str(raw["otherwise"]),
        name=name,
    )


def _bad(name: str) -> Invalid:
    return Invalid("intake.bad_pick", "映射文件中“%(name)s”的写法无法识别，请对照样例。", name=name)
