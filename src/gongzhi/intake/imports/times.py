"""Times as other systems write them → instants."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gongzhi.kernel.refusals import Invalid

_REMEMBERED_MAX = 10_000  # columns of a row repeat each other, and rows their neighbours
_PIECES = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?P<H>\d{1,2})",
    "%I": r"(?P<I>\d{1,2})",
    "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})",
    "%f": r"(?P<f>\d{1,6})",
    "%p": r"(?P<p>[AaPp][Mm]|上午|下午)",
    "%z": r"(?P<z>Z|[+-]\d{2}:?\d{2})",
}


class Times:
    """Reads times in the formats given, first that fits; a time without a zone is of `zone`.

    Formats: %Y %m %d %H %I %M %S %f %p %z and plain characters. Of an hour that comes twice (end of summer time) the
    first is meant; an hour that does not exist is taken by the offset before the change.
    """

    def __init__(self, formats: Sequence[str], zone: str) -> None:
        self._patterns = [_pattern(text) for text in formats]
        self._read: dict[str, datetime] = {}
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Invalid("intake.unknown_zone", "没有时区“%(zone)s”。", zone=zone[:40]) from error

    def instant(self, text: str, column: str) -> datetime | None:
        """In UTC; None for an empty text. Raises Invalid."""
        if not text:
            return None
        if text in self._read:
            return self._read[text]
        if len(self._read) >= _REMEMBERED_MAX:
            self._read.clear()
        self._read[text] = found = self._instant(text, column)
        return found

    def _instant(self, text: str, column: str) -> datetime:
        for pattern in self._patterns:
            found = pattern.fullmatch(text)
            if found is None:
                continue
            try:
                return _instant(found.groupdict(), self._zone)
            except (ValueError, OverflowError):
                break
        raise Invalid("intake.bad_time", "时间“%(value)s”无法识别。", field=column, value=text[:40])


def _pattern(text: str) -> re.Pattern[str]:
    pieces = re.split(r"(%[A-Za-z])", text)
    unknown = [piece for piece in pieces if piece.startswith("%") and piece not in _PIECES]
    if unknown or len(set(pieces) & set(_PIECES)) != sum(piece in _PIECES for piece in pieces):
        raise Invalid("intake.bad_time_format", "时间格式“%(format)s”不可用。", format=text[:40])
    if not {"%Y", "%m", "%d"} <= set(pieces):
        raise Invalid("intake.bad_time_format", "时间格式“%(format)s”不可用。", format=text[:40])
    return re.compile("".join(_PIECES.get(piece) or re.escape(piece) for piece in pieces))


def _instant(found: dict[str, str | None], zone: tzinfo) -> datetime:
    hour = int(found.get("H") or 0)
    half = found.get("p")
    if half:
        hour = int(found.get("I") or 0)
        if not 1 <= hour <= 12:
            raise ValueError("hour")
        hour = hour % 12 + (12 if half.lower() in ("pm", "下午") else 0)
    day = (int(found["Y"] or 0), int(found["m"] or 0), int(found["d"] or 0))
    fraction = int((found.get("f") or "").ljust(6, "0"))
    minute, second = int(found.get("M") or 0), int(found.get("S") or 0)
    local = datetime(*day, hour, minute, second, fraction, tzinfo=zone)
    offset = found.get("z")
    if offset:
        sign = -1 if offset[0] == "-" else 1
        digits = "0000" if offset == "Z" else offset[1:].replace(":", "")
        shift = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return local.replace(tzinfo=UTC) - shift
    return local.astimezone(UTC)
