"""Reads of acts. Who may read a subject's timeline is decided by the room that owns the subject."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from gongzhi.access.prepared import fetch
from gongzhi.acts import events
from gongzhi.kernel import clock, ids

_COLUMNS = """a.id, a.at, a.recorded_at, a.by, a.under, a.verb, a.area_path, c.type, c.version, c.payload::text, l.position"""
_TIMELINE = f"""
SELECT {_COLUMNS} FROM acts_timeline(%s::text, %s::text, %s::uuid, %s::uuid, %s::int) a
LEFT JOIN acts_content c ON c.act_id = a.id
LEFT JOIN acts_leaf l ON l.act_id = a.id
ORDER BY a.id DESC"""  # noqa: S608 (constant columns)
_MARGIN = timedelta(days=1)  # clocks differ
_RECENT = timedelta(days=30)
_EPOCH = datetime.fromtimestamp(0, tz=UTC)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act as a reader sees it. payload and type are empty and `erased` is true when the content was erased;
    position is None until the sequencer has been there (normally well under a second).
    """

    id: UUID
    at: datetime
    recorded_at: datetime
    by: str
    under: str
    verb: str
    area_path: str
    type: str
    payload: dict[str, Any]
    position: int | None
    erased: bool


def timeline(
    subject_kind: str, subject_id: UUID | str | int, *, limit: int = 50, before: UUID | None = None
) -> list[TimelineEntry]:
    """The acts about a subject, newest recorded first; `before` is the id of the last entry of the page before."""
    low, high = _window(str(subject_id), before)
    rows = fetch(_TIMELINE, [subject_kind, str(subject_id), low, high, limit])
    return [_entry(row) for row in rows]


def latest(
    *, areas: Sequence[str], before: UUID | None = None, limit: int = 50, system: bool = False
) -> list[TimelineEntry]:
    """The newest acts in areas ("" is everywhere) of the last thirty days before `before`: that they were done, by whom
    and when, without what they said. system: also what the platform did by itself. The caller has decided that the
    reader may know."""
    high = before or ids.uuid7_floor(clock.now() + _MARGIN)
    low = ids.uuid7_floor(max(ids.uuid7_time(high) - _RECENT, _EPOCH))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.at, a.recorded_at, a.by, a.under, a.verb, a.area_path, '', 0, NULL, l.position
            FROM (
                SELECT * FROM acts_act
                WHERE id >= %s AND id < %s AND area_path ^@ ANY (%s) AND (%s OR by NOT LIKE 'system%%')
                ORDER BY id DESC LIMIT %s
            ) a LEFT JOIN acts_leaf l ON l.act_id = a.id
            ORDER BY a.id DESC""",
            [low, high, list(areas), system, limit],
        )
        return [replace(_entry(row), erased=False) for row in cursor.fetchall()]


def subjects(*, kind: str, act_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Act → id of the subject, for acts on subjects of that kind; one statement, in the months of these acts only."""
    if not act_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, subject_id FROM acts_act
               WHERE id = ANY (%s) AND id >= %s AND id <= %s AND subject_kind = %s""",
            [list(act_ids), min(act_ids), max(act_ids), kind],
        )
        return dict(cursor.fetchall())


def head() -> int:
    """The highest position given so far, -1 for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), -1) FROM acts_leaf")
        return int(cursor.fetchone()[0])


def _window(subject_id: str, before: UUID | None) -> tuple[UUID, UUID]:
    """Bounds that let the planner leave out months: nothing happened to a thing before its own UUIDv7."""
    low = UUID(int=0)
    try:
        subject = UUID(subject_id)
    except ValueError:
        pass
    else:
        if subject.version == 7:
            low = ids.uuid7_floor(max(ids.uuid7_time(subject) - _MARGIN, _EPOCH))
    return low, before or ids.uuid7_floor(clock.now() + _MARGIN)


def _entry(row: Sequence[Any]) -> TimelineEntry:
    id_, at, recorded_at, by, under, verb, area_path, type_, version, payload, position = row
    erased = payload is None
    values = {} if erased else events.values(type_, version, payload)
    return TimelineEntry(
        id_, at, recorded_at, by, under, verb, area_path, type_ or "", values, position, erased
    )


@dataclass(frozen=True, slots=True)
class Health:
    """How far behind the loops are. oldest_pending_seconds is 0 when nothing waits."""

    head: int
    pending: int
    oldest_pending_seconds: float
    dead_letters: int
    reactions_behind: dict[str, int]


def health() -> Health:
    """For doctor and metrics. Cheap: counts only small tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), -1) FROM acts_leaf")
        position = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*), min(act_id::text) FROM acts_pending")
        pending, oldest = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM acts_dead_letter WHERE settled_at IS NULL")
        (dead,) = cursor.fetchone()
        cursor.execute("SELECT reaction, position FROM acts_reaction_cursor ORDER BY reaction")
        behind = {reaction: position - at for reaction, at in cursor.fetchall()}
    waited = (clock.now() - ids.uuid7_time(UUID(oldest))).total_seconds() if oldest else 0.0
    return Health(position, pending, max(waited, 0.0), dead, behind)
