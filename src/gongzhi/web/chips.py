"""The deadline chip: one reading of one clock, the same everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.web.words import exact, span, when

_SOON_FRACTION = 0.75


@dataclass(frozen=True, slots=True)
class Chip:
    """tone: calm · soon · late · done · overdue (stopped too late) · paused · none. lines: counted spans in words."""

    tone: str
    left: str
    by: str = ""
    exact: str = ""
    title: str = ""
    lines: Sequence[str] = field(default=())
    basis: str = ""
    provisional: bool = False


def chip(
    *,
    due_at: datetime | None,
    started_at: datetime | None,
    at: datetime,
    stopped_at: datetime | None = None,
    paused: bool = False,
    title: str = "",
    lines: Sequence[str] = (),
    basis: str = "",
    provisional: bool = False,
) -> Chip:
    """Read a clock at `at`. Amber when less than a quarter of the span is left; late is late from the first minute."""
    language = get_language() or ""
    if due_at is None:
        return Chip("none", _words("none", "", language), title=title, lines=lines, basis=basis)
    tone, length = _reading(due_at, started_at, at, stopped_at, paused)
    left = _words(tone, span(length, language=language), language)
    if stopped_at is not None:
        by = when(stopped_at, now=at, language=language)
    else:
        by = _words("by", when(due_at, now=at, ends=True, language=language), language)
    return Chip(tone, left, by, exact(due_at), title, lines, basis, provisional)


def _reading(
    due_at: datetime, started_at: datetime | None, at: datetime, stopped_at: datetime | None, paused: bool
) -> tuple[str, float]:
    """The tone, and the seconds it speaks of."""
    if stopped_at is not None:
        late = (stopped_at - due_at).total_seconds()
        return ("overdue" if late > 0 else "done"), late
    left = (due_at - at).total_seconds()
    if paused:
        return "paused", left
    if left < 0:
        return "late", left
    whole = (due_at - started_at).total_seconds() if started_at else 0
    return ("soon" if whole > 0 and left < whole * (1 - _SOON_FRACTION) else "calm"), left


@lru_cache(maxsize=5_000)
def _words(tone: str, said: str, _language: str) -> str:
    """said: a span, or with "by" a time. Few different ones are ever read on one day."""
    match tone:
        case "none":
            return _("没有期限")
        case "by":
            return _("%(when)s 前") % {"when": said}
        case "done":
            return _("按时")
        case "overdue":
            return _("晚了 %(span)s") % {"span": said}
        case "paused":
            return _("暂停计时")
        case "late":
            return _("已超 %(span)s") % {"span": said}
        case _:
            return _("还剩 %(span)s") % {"span": said}
