"""Weeks: how many were opened, closed, open and overdue. One pass over the events of all visible matters in SQL."""

from collections import defaultdict
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
# An event moves the counters when it happens. Events before the first week count as one opening balance. A matter that
# was closed and opened again was closed between: its ended Closure says so.
_EVENTS = """
    WITH seen AS MATERIALIZED (
        SELECT m.id, m.opened_at, m.closed_at, {key} AS key FROM matters_matter m {join} {seen}
    ), event (key, at, opened, closed, still, late) AS (
        SELECT key, opened_at, 1, 0, 1, 0 FROM seen WHERE opened_at < %(until)s
        UNION ALL SELECT key, closed_at, 0, 1, -1, 0 FROM seen WHERE closed_at < %(until)s
        UNION ALL SELECT key, c.at, 0, 1, -1, 0 FROM seen JOIN matters_closure c ON c.matter_id = seen.id
            WHERE c.ended_at IS NOT NULL AND c.at < %(until)s
        UNION ALL SELECT key, c.ended_at, 0, 0, 1, 0 FROM seen JOIN matters_closure c ON c.matter_id = seen.id
            WHERE c.ended_at < %(until)s
        UNION ALL SELECT key, r.due_at, 0, 0, 0, 1 FROM seen JOIN matters_clockrun r ON r.matter_id = seen.id
            WHERE r.promised AND r.due_at < %(until)s AND (r.stopped_at IS NULL OR r.stopped_at > r.due_at)
        UNION ALL SELECT key, r.stopped_at, 0, 0, 0, -1 FROM seen JOIN matters_clockrun r ON r.matter_id = seen.id
            WHERE r.promised AND r.stopped_at < %(until)s AND r.stopped_at > r.due_at
    )
    SELECT key, CASE WHEN at < %(since)s THEN NULL ELSE date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date END,
        sum(opened)::int, sum(closed)::int, sum(still)::int, sum(late)::int
    FROM event GROUP BY 1, 2"""


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
    changes = _changes(visible_to, first, end, by, depth)
    weeks = [first + _WEEK * n for n in range((end - first).days // 7)]
    curves = [Curve(key, {}, tuple(_run(of_key, weeks))) for key, of_key in changes.items()]
    chosen = sorted(curves, key=lambda curve: (-curve.opened, curve.key))[:limit]
    words = words_of(by, [curve.key for curve in chosen])
    return [Curve(curve.key, words[curve.key], curve.weeks) for curve in chosen]


_Change = tuple[int, int, int, int]


def _changes(
    actor: Actor, first: date, end: date, by: By, depth: int
) -> dict[str, dict[date | None, _Change]]:
    try:
        seen, parameters = seen_sql(actor)
    except EmptyResultSet:
        return {}
    key, join = key_sql(by, depth, organisation="m.lead_id")
    values: dict[str, Any] = {"since": start_of(first), "until": start_of(end), **parameters}
    found: dict[str, dict[date | None, _Change]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS.format(key=key, join=join, seen=seen), values)
        for name, week, *change in cursor.fetchall():
            found[name][week] = (change[0], change[1], change[2], change[3])
    return found


def _run(changes: dict[date | None, _Change], weeks: Iterable[date]) -> Iterable[Week]:
    _, _, still, late = changes.get(None, (0, 0, 0, 0))
    for week_on in weeks:
        opened, closed, more, later = changes.get(week_on, (0, 0, 0, 0))
        still, late = still + more, late + later
        yield Week(week_on, opened, closed, still, late)
