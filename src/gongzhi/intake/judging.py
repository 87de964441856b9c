"""Single values judged. Pure: each function returns the clean value or raises Invalid with words for the field."""

import math
import re
import unicodedata
from datetime import datetime, timedelta

from gongzhi.intake.raw import EARLIEST_YEAR, FUTURE_SECONDS_MAX
from gongzhi.kernel import letters
from gongzhi.kernel.refusals import Invalid

_CODE = re.compile(r"[\w.:/@#-]{0,80}")
_SLACK = 4  # white space and invisible characters that cleaning may take away


def words(value: object, *, field: str, longest: int, lines: bool = False) -> str:
    """Clean text of at most `longest` characters: NFC, no invisible characters, trimmed; one line unless `lines`.

    HTML stays what was typed: it is escaped where it is shown. Length is judged before anything is done with it.
    """
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise Invalid("intake.not_text", "此处应填写文字。", field=field)
    if len(value) > longest * _SLACK:
        raise _too_long(field, longest)
    if value.isprintable():  # neither controls nor line ends in it: most texts
        text = unicodedata.normalize("NFC", value)
        text = text.strip() if lines else " ".join(text.split())
        if len(text) > longest:
            raise _too_long(field, longest)
        return text
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if letters.forbidden(text):
        raise Invalid("intake.control_characters", "含有无法显示的控制字符，请删除后重新填写。", field=field)
    text = letters.visible(unicodedata.normalize("NFC", text))
    text = text.strip() if lines else " ".join(text.split())
    if len(text) > longest:
        raise _too_long(field, longest)
    return text


def _too_long(field: str, longest: int) -> Invalid:
    return Invalid("intake.too_long", "内容太长，最多 %(max)s 个字，请精简。", field=field, max=longest)


def code(value: object, *, field: str) -> str:
    """A code of ours or of another system; letters, digits and . : / @ # - _ up to 80."""
    text = words(value, field=field, longest=80)
    if text and not _CODE.fullmatch(text):
        raise Invalid("intake.bad_code", "代码只能用字母、数字和 . : / @ # - _，最多 80 位。", field=field)
    return text


def listed(value: object, known: tuple[str, ...], *, field: str) -> str:
    """One of the known words."""
    if value not in known:
        raise Invalid(
            "intake.unknown_choice", "没有这个选项，可用：%(known)s。", field=field, known="、".join(known)
        )
    return str(value)


def number(value: object, *, field: str) -> float | None:
    """A finite number or its text; None when nothing is given."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or len(str(value)) > 40:
        raise _not_a_number(field)
    try:
        found = float(value)
    except ValueError:
        raise _not_a_number(field) from None
    if not math.isfinite(found):
        raise _not_a_number(field)
    return found


def _not_a_number(field: str) -> Invalid:
    return Invalid("intake.not_a_number", "此处应填写数字。", field=field)


def instant(value: object, *, field: str, now: datetime) -> datetime | None:
    """An instant between 1990 and now; None when nothing is given."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Invalid("intake.not_an_instant", "时间无法识别，请填写带时区的日期和时间。", field=field)
    if value > now + timedelta(seconds=FUTURE_SECONDS_MAX):
        raise Invalid("intake.in_the_future", "时间晚于现在，请核对。", field=field)
    if value.year < EARLIEST_YEAR:
        raise Invalid(
            "intake.long_ago", "时间早于 %(year)s 年，请核对。", field=field, year=str(EARLIEST_YEAR)
        )
    return value
