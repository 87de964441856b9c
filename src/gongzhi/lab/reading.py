"""The cases of a past period, in three queries however many there are: only what the reader may see, and no complaints
about units or workers (no list routes those)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.calendar.question import Extension, Pause
from gongzhi.calendar.units import Limit, Unit
from gongzhi.indicators.judged import seen_sql, start_of
from gongzhi.lab.cases import Case, Run

_MEANT = """
    WITH seen AS (SELECT m.* FROM matters_matter m {seen}), meant AS (
        SELECT id, category_id, area_path, lead_id, opened_at FROM seen
        WHERE opened_at >= %(since)s AND opened_at < %(until)s AND starts_with(area_path, %(area)s)
        AND accused_unit_id IS NULL AND accused_account_id IS NULL
    ) """
_CASES = """SELECT m.id, c.code, m.area_path, m.lead_id FROM meant m JOIN catalogue_category c ON c.id = m.category_id
    ORDER BY m.opened_at, m.id"""
_RETURNS = """SELECT DISTINCT r.matter_id, r.organisation_id FROM meant m JOIN matters_returnrequest r ON r.matter_id = m.id
    WHERE r.decision = 'granted'"""
# One run a case: the person's clock never starts anew.
_RUNS = """SELECT DISTINCT ON (r.matter_id) r.matter_id, r.started_at, r.stopped_at, r.limit_value IS NULL, r.due_at,
        r.ceiling_at, r.always, r.bearer_id IS NOT NULL, nullif(r.pauses, '[]'::jsonb), nullif(r.extensions, '[]'::jsonb)
    FROM meant m JOIN matters_clockrun r ON r.matter_id = m.id AND r.code = 'handling' AND r.of IS NULL
    ORDER BY r.matter_id, r.started_at"""


def cases(*, visible_to: Actor, since: date, until: date, area_path: str) -> list[Case]:
    """Those opened on Chinese days since <= day < until, oldest first."""
    try:
        seen, values = seen_sql(visible_to)
    except EmptyResultSet:
        return []
    given = {**values, "since": start_of(since), "until": start_of(until), "area": area_path}
    with _one_moment():
        found = _all(_CASES, seen, given)
        returned: dict[UUID, frozenset[UUID]] = {}
        for matter, unit in _all(_RETURNS, seen, given):
            returned[matter] = returned.get(matter, frozenset()) | {unit}
        runs = {row[0]: _run(*row[1:]) for row in _all(_RUNS, seen, given)}
    nobody: frozenset[UUID] = frozenset()
    return [
        Case(category, path, lead, returned.get(id_, nobody), runs.get(id_))
        for id_, category, path, lead in found
    ]


@contextmanager
def _one_moment() -> Iterator[None]:
    """The three queries belong to one transaction; a year needs longer than a page may."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '120s'")
        yield


def _all(sql: str, seen: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_MEANT.format(seen=seen) + sql, values)
        return list(cursor.fetchall())


def _run(
    started_at: datetime,
    stopped_at: datetime | None,
    given: bool,
    due_at: datetime | None,
    ceiling_at: datetime | None,
    always: bool,
    borne: bool,
    pauses: Any,
    extensions: Any,
) -> Run:
    return Run(
        started_at, stopped_at, given, due_at, ceiling_at, always, borne,
        tuple(_pause(*span) for span in _json(pauses)),
        tuple(Extension(Limit(value, Unit(unit))) for value, unit in _json(extensions)),
    )  # fmt: skip


def _json(value: Any) -> list[Any]:
    """Django's own cursor gives jsonb as text."""
    if not value:
        return []
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _pause(began: str, ended: str | None) -> Pause:
    return Pause(datetime.fromisoformat(began), datetime.fromisoformat(ended) if ended else None)
