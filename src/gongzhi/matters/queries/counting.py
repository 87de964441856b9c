"""Counts of the inbox: bounded, all queues in one statement."""

from collections.abc import Sequence
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import branches
from gongzhi.access.prepared import fetch
from gongzhi.access.statements import Statement, compiled, rights
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import QueueCount
from gongzhi.matters.queries.selecting import in_queue
from gongzhi.matters.queues import QUEUES, Queue

COUNT_MAX = 999


def counts(*, visible_to: Actor, at: datetime) -> list[QueueCount]:
    """Every queue this actor's roles work on, in the order of `queues.QUEUES`: one query, bounded.

    Nobody reads a number beyond 999 as a number; counting on would make the busiest desk the slowest.
    """
    queues = [queue for queue in QUEUES.values() if queue.is_for(visible_to)]
    found: dict[str, tuple[int, int]] = {}
    if statement := compiled(
        ("counts", rights(visible_to)), lambda at: _statement(queues, visible_to, at), at=at
    ):
        found = {code: (count, late) for code, count, late in fetch(*statement)}
    return [_count(queue, *found.get(queue.code, (0, 0))) for queue in queues]


def _statement(queues: Sequence[Queue], actor: Actor, at: datetime) -> Statement | None:
    parts = [part for queue in queues if (part := _part(queue, actor, at))]
    if not parts:
        return None
    return " UNION ALL ".join(sql for sql, _ in parts), tuple(
        value for _, params in parts for value in params
    )


def _part(queue: Queue, actor: Actor, at: datetime) -> Statement | None:
    """The first thousand by deadline, the late ones among them first; where all or none are late, any thousand.
    None: no relation reaches anything.

    Only open matters are looked at, through partial indexes: no need for the two roads of access.hot.
    """
    open_rows = in_queue(Matter.objects.all(), queue, at).values("id", "due_at").order_by()
    if not queue.due:
        open_rows = open_rows.order_by("due_at", "id")
    pieces = [
        open_rows.filter(q)[: COUNT_MAX + 1].query.sql_with_params()
        for q in branches(actor, queue.verb, Matter)
    ]
    if not pieces:
        return None
    union = " UNION ".join(f"({sql})" for sql, _ in pieces)
    first = f"SELECT due_at FROM ({union}) u ORDER BY due_at LIMIT {COUNT_MAX + 1}" if pieces[1:] else union  # noqa: S608
    counted = f"SELECT %s, count(*), count(*) FILTER (WHERE due_at < %s) FROM ({first}) q"  # noqa: S608 (by the ORM)
    return counted, (queue.code, at, *(value for _, params in pieces for value in params))


def _count(queue: Queue, count: int, late: int) -> QueueCount:
    capped = count > COUNT_MAX
    return QueueCount(queue.code, queue.titles, min(count, COUNT_MAX), min(late, COUNT_MAX), capped)
