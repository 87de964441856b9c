"""The reads of this room. Every figure counts only what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.indicators import curves, formulas
from gongzhi.indicators import rates as arithmetic
from gongzhi.indicators.beside import NOTHING, Beside, beside
from gongzhi.indicators.curves import Curve
from gongzhi.indicators.grouping import By, Words, classes_of, words_of
from gongzhi.indicators.judged import counted
from gongzhi.indicators.periods import judge_period
from gongzhi.indicators.policies import VIEW
from gongzhi.indicators.rates import Facts, Rate

CODES = ("response", "solved", "satisfied")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One group. rates and ranks by formula code; a rank is None below the formula's `ranked_from` cases. beside: what a
    reader must know before believing them. unit_class: kind of the organisation; units are ranked within theirs."""

    key: str
    titles: Words
    rates: Mapping[str, Rate]
    ranks: Mapping[str, int | None]
    beside: Beside
    unit_class: str = ""


@dataclass(frozen=True, slots=True)
class RateTable:
    """rows by key order of titles; versions: which version of which formula judged which days."""

    since: date
    until: date
    rows: tuple[RateRow, ...]
    versions: tuple[formulas.Segment, ...]


def rates(
    *, visible_to: Actor, since: date, until: date, by: By = "organisation", depth: int = 1
) -> RateTable:
    """The three rates of cases judged on days since <= day < until, each day by the version then in force.

    by: all, organisation (the lead judged), category or area at `depth`. Needs `indicators.view`.
    """
    require_to(visible_to, VIEW)
    judge_period(since, until)
    cut = {code: formulas.segments(formulas.published()[code], since, until) for code in CODES}
    days = {(s.since, s.until) for segments in cut.values() for s in segments}
    weighed = any(s.formula.difficulty for segments in cut.values() for s in segments)
    facts = {
        (start, end): counted(
            visible_to=visible_to, since=start, until=end, by=by, depth=depth, by_category=weighed
        )
        for start, end in sorted(days)
    }
    keys = sorted({key for found in facts.values() for key in found})
    doubts = beside(visible_to=visible_to, since=since, until=until, by=by, depth=depth)
    made = {code: {key: _rate(key, facts, cut[code]) for key in keys} for code in CODES}
    classes = classes_of(keys) if by == "organisation" else {}
    ranked = {code: _ranks(made[code], cut[code], classes) for code in CODES}
    words = words_of(by, keys)
    rows = tuple(
        RateRow(
            key,
            words[key],
            {c: made[c][key] for c in CODES},
            {c: ranked[c][key] for c in CODES},
            doubts.get(key, NOTHING),
            classes.get(key, ""),
        )
        for key in keys
    )
    ordered = sorted(rows, key=lambda row: (row.key == "", row.titles["zh-hans"], row.key))
    return RateTable(since, until, tuple(ordered), tuple(s for segments in cut.values() for s in segments))


def weekly(
    *, visible_to: Actor, since: date, until: date, by: By = "all", depth: int = 1, limit: int = 20
) -> list[Curve]:
    """Opened, closed, still open and overdue by weeks (Monday to Sunday in China), busiest group first.

    At most periods.WEEKS_MAX weeks. Needs `indicators.view`.
    """
    require_to(visible_to, VIEW)
    judge_period(since, until)
    return curves.weekly(visible_to=visible_to, since=since, until=until, by=by, depth=depth, limit=limit)


_Facts = Mapping[tuple[date, date], Mapping[str, list[Facts]]]


def _rate(key: str, facts: _Facts, segments: list[formulas.Segment]) -> Rate:
    return arithmetic.total((facts[s.since, s.until].get(key, []), s.formula) for s in segments)


def _ranks(
    rates: Mapping[str, Rate], segments: list[formulas.Segment], classes: Mapping[str, str]
) -> dict[str, int | None]:
    """Within classes (分级分类): like with like. Nothing is ranked against what belongs to no group."""
    ranked_from = max((s.formula.ranked_from for s in segments), default=1)
    ranks: dict[str, int | None] = dict.fromkeys(rates)
    for one in {classes.get(key, "") for key in rates}:
        peers = {key: rate for key, rate in rates.items() if key and classes.get(key, "") == one}
        ranks |= arithmetic.ranks(peers, ranked_from=ranked_from)
    return ranks
