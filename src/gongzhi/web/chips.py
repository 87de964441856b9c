"""The deadline chip: one reading of one clock, the same everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
    if due_at is None:
        return Chip(tone="none", left=_("没有期限"), title=title, lines=lines, basis=basis)
    by = _("%(when)s 前") % {"when": when(due_at, now=at, ends=True)}
    tone, left = _reading(due_at, started_at, at, stopped_at, paused)
    if stopped_at is not None:
        by = when(stopped_at, now=at)
    return Chip(tone, left, by, exact(due_at), title, lines, basis, provisional)


def _reading(
    due_at: datetime, started_at: datetime | None, at: datetime, stopped_at: datetime | None, paused: bool
) -> tuple[str, str]:
    if stopped_at is not None:
        if stopped_at <= due_at:
            return "done", _("按时")
        return "overdue", _("晚了 %(span)s") % {"span": span((stopped_at - due_at).total_seconds())}
    if paused:
        return "paused", _("暂停计时")
    left = (due_at - at).total_seconds()
    if left < 0:
        return "late", _("已超 %(span)s") % {"span": span(left)}
    words = _("还剩 %(span)s") % {"span": span(left)}
    whole = (due_at - started_at).total_seconds() if started_at else 0
    return ("soon" if whole > 0 and left < whole * (1 - _SOON_FRACTION) else "calm"), words
