"""What an area must be before it is stored: one judgement for the desk and for imports. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from gongzhi.kernel.refusals import Invalid
from gongzhi.places.levels import DEPTH

_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")


def code(given: str) -> str:
    """Raises Invalid."""
    text = unicodedata.normalize("NFKC", given).strip()
    if not _CODE.match(text):
        raise Invalid("places.code", "区域代码只能用字母、数字和 . _ -，最多 32 位。", field="code")
    return text


def name(given: str, *, longest: int = 80) -> str:
    """One line. Raises Invalid when empty or too long."""
    text = unicodedata.normalize("NFC", given)
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    if not 0 < len(text) <= longest:
        raise Invalid("places.name", "名称不能为空，且不能超过 %(max)s 个字。", field="name", max=longest)
    return text


def level(given: str, *, above: str | None) -> str:
    """Raises Invalid for an unknown level or one not narrower than `above`."""
    if given not in DEPTH:
        raise Invalid("places.level", "没有这种层级：%(level)s。", field="level", level=given[:20])
    if above is not None and DEPTH[given] <= DEPTH[above]:
        raise Invalid(
            "places.level_order",
            "%(level)s 不能设在 %(above)s 之下。",
            field="parent",
            level=given,
            above=above,
        )
    return given


def digest(geometry: Mapping[str, Any] | None) -> str:
    """SHA-256 of a shape, "" for none: two equal shapes have equal digests."""
    if geometry is None:
        return ""
    return hashlib.sha256(json.dumps(geometry, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
