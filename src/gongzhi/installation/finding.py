"""What the doctor found: what it is, why it matters, what to do, in Chinese and in English."""

from dataclasses import dataclass
from typing import Literal

from gongzhi.installation.trouble import Trouble

Level = Literal["ok", "warning", "error"]
Words = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`zh` and `en` are (what, why it matters, what to do); the last two are empty when all is well."""

    level: Level
    code: str
    zh: Words
    en: Words


def fine(code: str, zh: str, en: str) -> Finding:
    return Finding("ok", code, (zh, "", ""), (en, "", ""))


def from_trouble(trouble: Trouble) -> Finding:
    """A start would stop here: the trouble's own words."""
    zh, en = "平台无法启动", "the platform cannot start"
    return Finding("error", trouble.code, (trouble.zh, zh, ""), (trouble.en, en, ""))
