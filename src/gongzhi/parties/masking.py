"""Masking: the one implementation of how personal values are shown to those who may not read them in full.

display: inside, on desks (phone 138****1234, name 张*, address to the building); strong: outside and in publications.
Rooms and doors never cut personal strings themselves.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

Level = Literal["display", "strong"]

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "夏侯",
        "端木",
        "长孙",
        "宇文",
        "轩辕",
        "南宫",
        "独孤",
        "百里",
        "呼延",
        "西门",
        "闻人",
        "申屠",
        "公羊",
        "澹台",
        "宗政",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "仲孙",
        "钟离",
        "鲜于",
        "闾丘",
        "司空",
        "亓官",
        "司寇",
        "子车",
        "颛孙",
        "巫马",
        "公西",
        "漆雕",
        "乐正",
        "拓跋",
        "夹谷",
        "谷梁",
        "段干",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "第五",
    ]
)
_TO_BUILDING = re.compile(r"^.*(?:小区|花园|家园|公寓|大厦|大院|新村|广场|号楼|[栋幢座苑庭邸])")
_TO_ROAD = re.compile(r"^.*?(?:路|街|巷|弄|大道|胡同|社区|村)")
_TO_STREET = re.compile(r"^.*?(?:街道|镇|乡)|^.*?(?:[区县市])")
_ROOM = re.compile(r"\d*\s*(?:单元|室|房|层|楼)|[\d-]+$")


def phone(value: str, level: Level = "display") -> str:
    """138****1234; landlines and short numbers keep the last 4 at most, never more than half."""
    digits = re.sub(r"\D", "", value)
    if level == "strong":
        return "*" * max(len(digits) - 2, 4) + digits[-2:] if len(digits) > 4 else "****"
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    kept = min(4, len(digits) // 3)
    return "*" * max(len(digits) - kept, 4) + (digits[-kept:] if kept else "")


def name(value: str, level: Level = "display") -> str:
    """张*, 张**, 欧阳**; strong: 张某. Other scripts keep the first letter of the first word."""
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return ""
    if not _is_han(text[0]):
        return f"{text[0]}***"
    surname = text[:2] if text[:2] in COMPOUND_SURNAMES and len(text) > 2 else text[0]
    if level == "strong":
        return f"{surname}某"
    return surname + "*" * max(min(len(text) - len(surname), 8), 1)


def address(value: str, level: Level = "display") -> str:
    """display: to the estate or building, rooms always hidden; strong: to the street office, else the district."""
    text = " ".join(value.split())
    if not text:
        return ""
    patterns = (_TO_STREET,) if level == "strong" else (_TO_BUILDING, _TO_ROAD, _TO_STREET)
    for pattern in patterns:
        found = pattern.match(text)
        if found and len(found.group()) < len(text):
            return (
                _ROOM.sub("", found.group()) + "***" if pattern is not _TO_BUILDING else found.group() + "***"
            )
    return (text[: min(len(text) // 3, 6)] if level == "display" else "") + "***"


def email(value: str, level: Level = "display") -> str:
    """a***@example.org; strong: ***@***."""
    local, at, domain = value.strip().partition("@")
    return f"{local[:1]}***@{domain}" if at and level == "display" else "***@***"


def identity(value: str, level: Level = "display") -> str:
    """110***********1234 (3+4: more can be guessed back); strong: 1+1."""
    text = value.strip()
    if len(text) < 10:
        return "*" * max(len(text), 4)
    head, tail = (3, 4) if level == "display" else (1, 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def bank_card(value: str, level: Level = "display") -> str:
    """Last four; strong: none."""
    digits = re.sub(r"\D", "", value)
    return "****" + (digits[-4:] if level == "display" and len(digits) >= 12 else "")


def plate(value: str, level: Level = "display") -> str:
    """京A***12."""
    text = value.strip().upper().replace("·", "")
    return f"{text[:2]}***{text[-2:]}" if len(text) >= 7 and level == "display" else f"{text[:1]}****"


def wechat(value: str, level: Level = "display") -> str:
    text = value.strip()
    return (text[:1] if level == "display" else "") + "***"


MASKS: dict[str, Callable[[str, Level], str]] = {
    "phone": phone,
    "email": email,
    "address": address,
    "wechat": wechat,
    "identity": identity,
}


def value(kind: str, text: str, level: Level = "display") -> str:
    """The mask of a contact kind; an unknown kind shows nothing."""
    mask = MASKS.get(kind)
    return mask(text, level) if mask else "***"


_IN_TEXT: tuple[tuple[re.Pattern[str], Callable[[str, Level], str]], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), email),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])"), identity),
    (re.compile(r"(?<!\d)\d{16,19}(?!\d)"), bank_card),
    (
        re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
        lambda v, level: phone(_local(v), level),
    ),
    (re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"), phone),
)


def text(free: str, level: Level = "display") -> str:
    """Free text with the phone, identity and card numbers and addresses of mail in it masked: people write them there."""
    shown = unicodedata.normalize("NFKC", free) if any("０" <= c <= "９" for c in free) else free
    for pattern, mask in _IN_TEXT:
        shown = pattern.sub(lambda found, mask=mask: mask(found.group(), level), shown)  # type: ignore[misc]
    return shown


def _local(value: str) -> str:
    return re.sub(r"\D", "", value)[-11:]


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "\U00020000" <= character <= "\U0003134f"
