"""持久解决: what was claimed as solved and what stayed solved, per group."""

from dataclasses import dataclass
from datetime import date, datetime

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.indicators import durable
from gongzhi.indicators.closings import closings
from gongzhi.indicators.durable import Durability, Window
from gongzhi.indicators.grouping import By, Words, words_of
from gongzhi.indicators.periods import judge_period
from gongzhi.indicators.policies import VIEW


@dataclass(frozen=True, slots=True)
class DurableRow:
    """One group, one Window per length in days, shortest first."""

    key: str
    titles: Words
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class DurableTable:
    """rows by titles; versions: which were in force in the period."""

    since: date
    until: date
    as_of: datetime
    rows: tuple[DurableRow, ...]
    versions: tuple[Durability, ...]


def durably_solved(
    *, visible_to: Actor, since: date, until: date, now: datetime, by: By = "organisation", depth: int = 1
) -> DurableTable:
    """Cases closed on days since <= day < until, as known at `now`; each closing by the version of its day.

    Needs `indicators.view`.
    """
    require_to(visible_to, VIEW)
    judge_period(since, until)
    cut = [
        (max(since, one.valid_from), min(until, one.valid_until or until), one) for one in durable.published()
    ]
    parts = [(start, end, one) for start, end, one in cut if start < end]
    found = [
        (
            one,
            closings(visible_to=visible_to, since=start, until=end, now=now, by=by, depth=depth, version=one),
        )
        for start, end, one in parts
    ]
    keys = sorted({key for _, groups in found for key in groups})
    words = words_of(by, keys)
    rows = [
        DurableRow(
            key,
            words[key],
            durable.windows((case, one) for one, groups in found for case in groups.get(key, ())),
        )
        for key in keys
    ]
    ordered = sorted(rows, key=lambda row: (row.key == "", row.titles["zh-hans"], row.key))
    return DurableTable(since, until, now, tuple(ordered), tuple(one for _, _, one in parts))
