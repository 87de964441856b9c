"""Figures that were counted are not counted again while nothing has happened: for pages that are looked at all day.

Exact, not old: the key holds how far the record has got, so the next act of anybody makes every figure be counted anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Any, TypedDict, TypeVar

from django.core.exceptions import EmptyResultSet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.access.prepared import fetch
from gongzhi.indicators.judged import seen_sql
from gongzhi.indicators.policies import VIEW

KEPT_MAX = 128
# Every act waits for its position before it has one, so the sum grows with each that commits and never falls. The ids tell
# this record from another one of the same length.
_COMMITTED = """SELECT (SELECT coalesce(max(position), -1) + 1 FROM acts_leaf) + (SELECT count(*) FROM acts_pending),
    (SELECT act_id FROM acts_leaf ORDER BY position DESC LIMIT 1),
    (SELECT act_id FROM acts_pending ORDER BY act_id DESC LIMIT 1)"""
_kept: OrderedDict[str, Any] = OrderedDict()
_lock = Lock()
Answer = TypeVar("Answer")


class Asked(TypedDict):
    """What every figure is asked with."""

    visible_to: Actor
    since: date
    until: date


def remembered(
    ask: Callable[..., Answer], *, visible_to: Actor, since: date, until: date, **more: Any
) -> Answer:
    """`ask(visible_to=…, since=…, until=…, …)`, or what it answered before to somebody who sees the same. Needs
    `indicators.view`. In one process, the KEPT_MAX asked last."""
    require_to(visible_to, VIEW)
    key = repr(
        (
            ask.__module__,
            ask.__qualname__,
            since,
            until,
            sorted(more.items()),
            _sight(visible_to),
            _committed(),
        )
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Answer = _kept[key]
            return found
    answer = ask(visible_to=visible_to, since=since, until=until, **more)
    with _lock:
        _kept[key] = answer
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return answer


def forget() -> None:
    """For tests that write rows without acts."""
    with _lock:
        _kept.clear()


def _committed() -> tuple[Any, ...]:
    [found] = fetch(_COMMITTED)
    return found


def _sight(actor: Actor) -> object:
    """What the actor sees, as the figures' SQL says it: the same for everybody who sees the same."""
    try:
        sql, values = seen_sql(actor)
    except EmptyResultSet:
        return None
    return sql, sorted(values.items())
