"""Weeks: how many were opened, closed, open, overdue. SQL counts, one pass each for lives, reopenings and
lateness; weeks are added up here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.indicators.grouping import By, Words, key_sql, words_of
from gongzhi.indicators.judged import monday, seen_sql, start_of

_WEEK = timedelta(days=7)
_BEFORE = -1  # the index of every week before the first one
# Each question is one pass with one small result: groups, week of the beginning, week of the end (null: not ended in
# the period), how many. What began and ended before the period is not read.
_LIVES = """
    SELECT {key}, {week_of_opened}, {week_of_closed}, count(*) FROM matters_matter m {join}
    {seen} m.opened_at < %(until)s AND (m.closed_at IS NULL OR m.closed_at >= %(since)s)
    GROUP BY 1, 2, 3"""
_PAUSES = """
    SELECT {key}, {week_of_paused}, {week_of_reopened}, count(*)
    FROM matters_closure c JOIN matters_matter m ON m.id = c.matter_id {join}
    {seen} c.ended_at IS NOT NULL AND c.at < %(until)s AND c.ended_at >= %(since)s
    GROUP BY 1, 2, 3"""
_LATE = """
    SELECT {key}, {week_of_due}, {week_of_stopped}, count(*)
    FROM matters_clockrun r JOIN matters_matter m ON m.id = r.matter_id {join}
    {seen} r.promised AND r.due_at < %(until)s AND (r.stopped_at IS NULL OR r.stopped_at > r.due_at)
        AND (r.stopped_at IS NULL OR r.stopped_at >= %(since)s)
    GROUP BY 1, 2, 3"""
_COLUMNS = {
    "opened": "m.opened_at",
    "closed": "m.closed_at",
    "paused": "c.at",
    "reopened": "c.ended_at",
    "due": "r.due_at",
    "stopped": "r.stopped_at",
}


@dataclass(frozen=True, slots=True)
class Week:
    """week_on: its Monday. opened, closed: during the week; still_open, overdue: at its end."""

    week_on: date
    opened: int
    closed: int
    still_open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Curve:
    """key: organisation id, category code, area path, or "" · titles in both languages."""

    key: str
    titles: Words
    weeks: tuple[Week, ...]

    @property
    def opened(self) -> int:
        return sum(week.opened for week in self.weeks)


def weekly(*, visible_to: Actor, since: date, until: date, by: By, depth: int, limit: int) -> list[Curve]:
    """Whole weeks from the one of `since` to the one before `until`, busiest group first, at most `limit` groups."""
    first, end = monday(since), monday(until + timedelta(days=6))
    curves = list(_drawn(visible_to, first, end, by, depth))
    chosen = sorted(curves, key=lambda curve: (-curve.opened, curve.key))[:limit]
    words = words_of(by, [curve.key for curve in chosen])
    return [Curve(curve.key, words[curve.key], curve.weeks) for curve in chosen]


_Spans = dict[str, Counter[tuple[int, int | None]]]


def _drawn(actor: Actor, first: date, end: date, by: By, depth: int) -> Iterable[Curve]:
    """Curves without titles. A matter that was closed and opened again was closed between: its ended Closure says so."""
    try:
        seen, parameters = seen_sql(actor)
    except EmptyResultSet:
        return
    lives, pauses, late = (
        _spans(question, seen, parameters, first, end, by, depth) for question in (_LIVES, _PAUSES, _LATE)
    )
    count = (end - first).days // 7
    for key in sorted(lives.keys() | late.keys()):
        opened, closed = _changes(lives[key], count)
        paused, reopened = _changes(pauses[key], count)
        due, done = _changes(late[key], count)
        still, overdue, weeks = 0, 0, []
        for n in range(_BEFORE, count):
            still += opened[n] - closed[n] - paused[n] + reopened[n]
            overdue += due[n] - done[n]
            if n != _BEFORE:
                weeks.append(Week(first + _WEEK * n, opened[n], closed[n] + paused[n], still, overdue))
        yield Curve(key, {}, tuple(weeks))


def _spans(
    question: str, seen: str, parameters: dict[str, Any], first: date, end: date, by: By, depth: int
) -> _Spans:
    key, join = key_sql(by, depth, organisation="m.lead_id")
    weeks = {f"week_of_{name}": _week(column) for name, column in _COLUMNS.items()}
    statement = question.format(key=key, join=join, seen=f"{seen} AND" if seen else "WHERE", **weeks)
    found: _Spans = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": start_of(first), "until": start_of(end), **parameters})
        for name, begun, ended, cases in cursor.fetchall():
            found[name][begun, ended] += cases
    return found


def _week(column: str) -> str:
    """The number of the week of an instant, counted from `since`, _BEFORE before it. China has no summer time."""
    number = f"floor(extract(epoch FROM {column} - %(since)s) / 604800)"
    return f"CASE WHEN {column} IS NOT NULL THEN greatest({_BEFORE}, {number})::int END"


def _changes(spans: Counter[tuple[int, int | None]], count: int) -> tuple[Counter[int], Counter[int]]:
    """How many began and ended in each week; ends after the period have not happened yet."""
    begun: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for (start, end), cases in spans.items():
        begun[start] += cases
        if end is not None and end < count:
            ended[end] += cases
    return begun, ended
