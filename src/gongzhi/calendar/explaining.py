"""A deadline in words a resident can check with a wall calendar. Pure: its own small phrases in both languages."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from gongzhi.calendar.deadlines import Deadline
from gongzhi.calendar.spans import Span, spans
from gongzhi.calendar.units import CONTINUOUS, Unit
from gongzhi.kernel.clock import in_china

_UNITS: Mapping[str, Mapping[Unit, str]] = {
    "zh": {
        Unit.MINUTE: "分钟",
        Unit.HOUR: "小时",
        Unit.DAY: "天",
        Unit.WORK_HOUR: "个工作小时",
        Unit.WORK_DAY: "个工作日",
        Unit.MONTH: "天",
    },
    "en": {
        Unit.MINUTE: "minutes",
        Unit.HOUR: "hours",
        Unit.DAY: "days",
        Unit.WORK_HOUR: "working hours",
        Unit.WORK_DAY: "working days",
        Unit.MONTH: "days",
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "start": "从 {at} 起算。",
        "first_day": "{day} 为起算日，不计入。",
        "counted": "{range}：计 {amount} {unit}。",
        "rest": "{range}：休息日，不计入。",
        "closed": "{range}：非工作时间，不计入。",
        "paused": "{range}：暂停计时{reason}，不计入。",
        "rolled": "最后一天逢休息日，顺延至 {day}。",
        "extended": "批准延期{reason}：",
        "due": "到 {at} 为止。",
        "still_paused": "目前暂停计时{reason}，恢复后继续计算。",
        "provisional": "{year} 年放假安排尚未公布，此时限为暂定，公布后重新计算并通知您。",
        "reason": "（{text}）",
    },
    "en": {
        "start": "Counted from {at}.",
        "first_day": "{day} is the first day and is not counted.",
        "counted": "{range}: {amount} {unit} counted.",
        "rest": "{range}: rest days, not counted.",
        "closed": "{range}: outside working hours, not counted.",
        "paused": "{range}: paused{reason}, not counted.",
        "rolled": "The last day is a rest day, so it moves to {day}.",
        "extended": "Extension granted{reason}:",
        "due": "Due by {at}.",
        "still_paused": "Paused now{reason}; counting goes on afterwards.",
        "provisional": "The holidays of {year} are not published yet: this deadline is provisional, and will be "
        "counted again and told to you.",
        "reason": " ({text})",
    },
}


def explain(
    deadline: Deadline, *, language: str = "zh-hans", reasons: Mapping[str, str] | None = None
) -> list[str]:
    """One sentence per counted or skipped stretch. `reasons` puts pause and extension codes in words."""
    tongue = "en" if language.startswith("en") else "zh"
    words, named = _WORDS[tongue], reasons or {}
    question = deadline.question

    def reason(code: str) -> str:
        return words["reason"].format(text=named.get(code, code)) if code else ""

    lines = [words["start"].format(at=moment(question.start, tongue))]
    extension = 0
    for span in spans(question):
        if span.extension != extension:
            extension = span.extension
            lines.append(words["extended"].format(reason=reason(question.extensions[extension - 1].reason)))
        lines.append(_line(span, tongue, reason(span.reason)))
    if deadline.due_at is None:
        open_pause = next(pause for pause in question.pauses if pause.ended_at is None)
        lines.append(words["still_paused"].format(reason=reason(open_pause.reason)))
    else:
        lines.append(words["due"].format(at=moment(deadline.due_at, tongue, ends=True)))
    if deadline.unpublished_year is not None:
        lines.append(words["provisional"].format(year=deadline.unpublished_year))
    return lines


def moment(at: datetime, tongue: str, *, ends: bool = False) -> str:
    """A Chinese wall-clock moment; with `ends`, midnight is 24:00 of the day before."""
    local = in_china(at)
    if ends and (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{_day(local - timedelta(days=1), tongue)} 24:00"
    return f"{_day(local, tongue)} {local:%H:%M}"


def _line(span: Span, tongue: str, reason: str) -> str:
    template = _WORDS[tongue][span.kind]
    amount = f"{span.amount:.2f}".rstrip("0").rstrip(".")
    last = in_china(span.until_at) - timedelta(microseconds=1)
    return template.format(
        day=_day(last, tongue),
        range=_range(span, tongue),
        amount=amount,
        unit=_UNITS[tongue][span.unit],
        reason=reason,
    )


def _range(span: Span, tongue: str) -> str:
    if span.unit in CONTINUOUS:
        return f"{moment(span.from_at, tongue)} – {moment(span.until_at, tongue, ends=True)}"
    first = in_china(span.from_at)
    last = in_china(span.until_at) - timedelta(microseconds=1)
    if first.date() == last.date():
        return _day(first, tongue)
    return f"{_day(first, tongue)} – {_day(last, tongue)}"


def _day(local: datetime, tongue: str) -> str:
    if tongue == "en":
        return f"{local:%Y-%m-%d}"
    return f"{local.year}年{local.month}月{local.day}日"
