"""The three rates of a period under the versions that were in force, and under proposed ones. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongzhi.indicators import rates
from gongzhi.indicators.formulas import Formula, Segment
from gongzhi.indicators.rates import Facts, Rate

Counted = Mapping[tuple[date, date], Mapping[str, Sequence[Facts]]]


@dataclass(frozen=True, slots=True)
class Standing:
    """rank: None below the formula's `ranked_from` cases."""

    rate: Rate
    rank: int | None


def standings(
    counted: Counted, segments: Sequence[Segment], classes: Mapping[str, str]
) -> dict[str, Standing]:
    """Per unit, under one formula; segments: which version judges which days. Ranked within classes: like with like."""
    keys = sorted({key for found in counted.values() for key in found})
    made = {
        key: rates.total((counted[s.since, s.until].get(key, ()), s.formula) for s in segments)
        for key in keys
    }
    ranked_from = max((s.formula.ranked_from for s in segments), default=1)
    ranks: dict[str, int | None] = {}
    for one in {classes.get(key, "") for key in keys}:
        peers = {key: rate for key, rate in made.items() if key and classes.get(key, "") == one}
        ranks |= rates.ranks(peers, ranked_from=ranked_from)
    return {key: Standing(rate, ranks.get(key)) for key, rate in made.items()}


def under(formula: Formula, segments: Sequence[Segment]) -> list[Segment]:
    """The same days, all judged by one version."""
    return [Segment(s.since, s.until, formula) for s in segments]
