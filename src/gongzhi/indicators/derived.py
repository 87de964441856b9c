"""Figures beside the three rates: how much came, how often to the wrong unit, how late, how long, how often again.

Every one counts for the unit that led or was sent the case; without cases there is no figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.indicators.grouping import By, Words, key_sql, words_of
from gongzhi.indicators.judged import seen_sql, start_of
from gongzhi.indicators.periods import judge_period
from gongzhi.indicators.policies import VIEW
from gongzhi.indicators.rates import Rate, share_of

_DIGITS = 2
_OPENED = """
    SELECT {key}, count(*), count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM matters_link l WHERE l.matter_id = m.id AND l.relation = 'repeat' AND l.ended_at IS NULL))
    FROM matters_matter m {join} {seen} m.opened_at >= %(since)s AND m.opened_at < %(until)s GROUP BY 1"""
_DISPATCHED = """
    SELECT {key}, count(*), count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM matters_returnrequest r WHERE r.matter_id = f.matter_id AND r.organisation_id = f.organisation_id
            AND r.decision = 'granted' AND r.ended_at IS NULL AND r.at >= f.at))
    FROM (SELECT DISTINCT ON (a.matter_id) a.matter_id, a.organisation_id, a.at FROM matters_assignment a
          WHERE a.role = 'lead' ORDER BY a.matter_id, a.at) f
    JOIN matters_matter m ON m.id = f.matter_id {join}
    {seen} f.at >= %(since)s AND f.at < %(until)s GROUP BY 1"""
_DUE = """
    SELECT {key}, count(*), count(*) FILTER (WHERE r.stopped_at IS NULL OR r.stopped_at > r.due_at)
    FROM matters_clockrun r JOIN matters_matter m ON m.id = r.matter_id {join}
    {seen} r.promised AND r.due_at >= %(since)s AND r.due_at < %(until)s AND r.due_at <= %(now)s
    AND (r.stopped_at IS NULL OR r.stopped_at > r.started_at) GROUP BY 1"""
_RESPONDED = """
    SELECT {key}, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM r.stopped_at - r.started_at) / 3600.0)
    FROM matters_clockrun r JOIN matters_matter m ON m.id = r.matter_id {join}
    {seen} r.code = 'response' AND r.stopped_at >= %(since)s AND r.stopped_at < %(until)s GROUP BY 1"""
_CLOSED = """
    SELECT {key}, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM m.closed_at - m.opened_at) / 3600.0)
    FROM matters_matter m {join} {seen} m.closed_at >= %(since)s AND m.closed_at < %(until)s GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Half of the cases took at most p50 hours by the clock on the wall, nine of ten at most p90. None without cases."""

    n: int
    p50: Decimal | None
    p90: Decimal | None


@dataclass(frozen=True, slots=True)
class DerivedRow:
    """One group. opened: 新收 · first_right (首派准确率): first dispatches without a return that was upheld · overdue (超期率):
    promised limits that ended in the period and were not kept · repeated (重复诉求率): of those opened, how many are
    linked to an earlier one of the same person · response, closing: hours from start to stop."""

    key: str
    titles: Words
    opened: int
    first_right: Rate
    overdue: Rate
    repeated: Rate
    response: Hours
    closing: Hours


def derived(
    *, visible_to: Actor, since: date, until: date, now: datetime, by: By = "organisation", depth: int = 1
) -> list[DerivedRow]:
    """Figures of days since <= day < until. Needs `indicators.view`; counts what the reader may see. Six queries."""
    require_to(visible_to, VIEW)
    judge_period(since, until)
    try:
        seen, parameters = seen_sql(visible_to)
    except EmptyResultSet:
        return []
    values = {"since": start_of(since), "until": start_of(until), "now": now, **parameters}

    def asked(question: str, organisation: str = "m.lead_id") -> dict[str, tuple[Any, ...]]:
        key, join = key_sql(by, depth, organisation=organisation)
        where = f"{seen} AND" if seen else "WHERE"
        return dict(_rows(question.format(key=key, join=join, seen=where), values))

    opened, sent = asked(_OPENED), asked(_DISPATCHED, "f.organisation_id")
    due, responded, closed = asked(_DUE), asked(_RESPONDED), asked(_CLOSED)
    keys = sorted({key for found in (opened, sent, due, responded, closed) for key in found})
    words = words_of(by, keys)
    rows = [
        DerivedRow(
            key,
            words[key],
            opened.get(key, (0, 0))[0],
            _kept(sent.get(key, (0, 0))),
            _share(due.get(key, (0, 0))),
            _share(opened.get(key, (0, 0))),
            _hours(responded.get(key)),
            _hours(closed.get(key)),
        )
        for key in keys
    ]
    return sorted(rows, key=lambda row: (row.key == "", row.titles["zh-hans"], row.key))


def _rows(statement: str, values: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for key, *figures in cursor.fetchall():
            yield key, tuple(figures)


def _share(figures: tuple[Any, ...]) -> Rate:
    whole, part = figures
    return share_of(Fraction(part), whole, digits=_DIGITS)


def _kept(figures: tuple[Any, ...]) -> Rate:
    whole, lost = figures
    return share_of(Fraction(whole - lost), whole, digits=_DIGITS)


def _hours(figures: tuple[Any, ...] | None) -> Hours:
    if figures is None:
        return Hours(0, None, None)
    n, (half, most) = figures
    return Hours(n, round(Decimal(half), 1), round(Decimal(most), 1))
