"""Gives every committed act the next position. One at a time, whoever runs it.

Follows the `pending` rows it can see, not ids, times or transaction numbers: an act that commits late is simply taken
later, and somebody else's long transaction holds nobody up. All in one transaction: killed anywhere, nothing happened.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from gongzhi.acts.copying import copy_rows
from gongzhi.acts.entries import entry
from gongzhi.acts.rows import acts_of, contents_of

CHANNEL = "gongzhi_positions"
BATCH = 2_000
_LOCK = 0x61637473  # "acts"


def sequence_once(limit: int = BATCH) -> int:
    """Give positions to at most `limit` pending acts; returns to how many. Waits for another sequencer at work."""
    with transaction.atomic():
        _lock()
        ids = _pending(limit)
        if not ids:
            return 0
        first = _next_position()
        copy_rows("acts_leaf", ("position", "act_id", "entry"), enumerate_entries(ids, first))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM acts_pending WHERE act_id = ANY(%s)", [ids])
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(first + len(ids) - 1)])
    return len(ids)


def sequence_all(limit: int = BATCH) -> int:
    """Until nothing is pending."""
    total = 0
    while given := sequence_once(limit):
        total += given
    return total


def enumerate_entries(ids: Sequence[UUID], first: int) -> list[tuple[int, UUID, bytes]]:
    """(position, act id, entry bytes) of these acts, counted from `first`."""
    acts, contents = acts_of(ids), contents_of(ids)
    return [(first + n, id_, entry(acts[id_], contents.get(id_))) for n, id_ in enumerate(ids)]


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _pending(limit: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT act_id FROM acts_pending ORDER BY act_id LIMIT %s", [limit])
        return [id_ for (id_,) in cursor.fetchall()]


def _next_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position) + 1, 0) FROM acts_leaf")
        return int(cursor.fetchone()[0])
