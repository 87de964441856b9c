"""The form in which names and addresses are compared: full width, spaces and Chinese house numbers evened out. Pure."""

import re
import unicodedata

_NOISE = re.compile(r"[\s,，.。;；:：、·\"'“”‘’()（）\[\]【】<>《》!！?？~～_|/\\]+")
_NUMBER = re.compile(r"[零〇一二三四五六七八九十百]{1,5}(?=号|栋|幢|单元|弄)")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_SUFFIXES = re.compile(r"(?:街道办事处|街道|社区居委会|居委会|村委会|社区|网格|小区|镇|乡|村|省|市|区|县)$")


def normalised(text: str) -> str:
    """ "阳光花园 三号楼 ３＃" → "阳光花园3号楼3号"."""
    dense = _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
    dense = dense.replace("#", "号").replace("号号", "号")
    return _NUMBER.sub(lambda found: str(_value(found.group())), dense)


def short(name: str) -> str:
    """The name without its kind ("桔子洲街道" → "桔子洲"); "" when less than two characters would be left."""
    core = _SUFFIXES.sub("", normalised(name))
    return core if len(core) >= 2 and core != normalised(name) else ""


def _value(numeral: str) -> int:
    if not any(c in numeral for c in "十百"):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, -1
    for c in numeral:
        if c in "十百":
            total += (1 if digit < 0 else digit) * (10 if c == "十" else 100)
            digit = -1
        else:
            digit = _DIGITS[c]
    return total + max(digit, 0)
