"""Statements compiled once: what the ORM makes of a reader's rights and filters differs between two requests only in the
present instant, and making it takes longer than running it.
"""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any

from gongzhi.access.actor import Actor

Statement = tuple[str, tuple[Any, ...]]

_INSTANT = datetime(1, 2, 3, 4, 5, 6, 789, tzinfo=UTC)  # stands for the present while compiling
_NEAR = timedelta(days=10)
_REMEMBERED_MAX = 5_000
_remembered: dict[Hashable, tuple[Statement | None, tuple[int, ...]]] = {}


def rights(actor: Actor) -> Hashable:
    """All that policies read of an actor: equal rights make equal statements."""
    return actor.kind, actor.id, actor.party_id, actor.held, actor.belongs


def compiled(
    key: Hashable, build: Callable[[datetime], Statement | None], *, at: datetime
) -> Statement | None:
    """`build(at)`, remembered by `key`: everything `build` depends on besides the instant, `rights` of the reader
    first. Instants made from `at` (up to ten days around it) follow it. None is remembered, too."""
    known = _remembered.get(key)
    if known is None:
        statement = build(_INSTANT)
        moving = tuple(n for n, value in enumerate(statement[1]) if _moves(value)) if statement else ()
        if len(_remembered) >= _REMEMBERED_MAX:
            _remembered.clear()
        known = _remembered[key] = statement, moving
    statement, moving = known
    if statement is None:
        return None
    sql, params = statement
    given, past = list(params), at - _INSTANT
    for n in moving:
        given[n] += past
    return sql, tuple(given)


def _moves(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and abs(value - _INSTANT) < _NEAR
