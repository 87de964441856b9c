"""The arithmetic of rates: exact until the last step, honest about small numbers. Pure.

A unit without a denominator has no rate: None, never 0 and never 100.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import TypeVar

from gongzhi.indicators.formulas import Formula

K = TypeVar("K", bound=Hashable)
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of judged cases. response: in_time, late, none; solved: yes, no; level: "5" (very satisfied) to
    "1"; "" where nobody said. exclusion: the approved reason, "" for none. cases: how many are alike. withdrawn: taken back
    after dispatch, and nobody was asked. category: code, where a formula weighs by difficulty."""

    response: str = ""
    solved: str = ""
    level: str = ""
    exclusion: str = ""
    cases: int = 1
    withdrawn: bool = False
    category: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """value, low, high: percent, rounded as the formula says; all None when there is no denominator. low and high: 95 % Wilson
    interval. excluded: cases left out by an approved reason (published, so that excluding cannot hide). withdrawn: taken back
    after dispatch and left out, published for the same reason. defaulted: counted as good although nobody said so. Under a difficulty the value is numerator by the sum of coefficients;
    denominator stays the number of cases, and so does the interval's n."""

    numerator: Fraction
    denominator: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    excluded: int = 0
    withdrawn: int = 0
    defaulted: int = 0


def compute(facts: Iterable[Facts], formula: Formula) -> Rate:
    """One rate under one version."""
    return total([(facts, formula)])


def total(parts: Iterable[tuple[Iterable[Facts], Formula]]) -> Rate:
    """One rate over parts that are each judged by their own version; digits are those of the last one."""
    numerator, denominator, excluded, withdrawn, defaulted = Fraction(0), 0, 0, 0, 0
    whole, digits, rounding = Fraction(0), 2, "half_up"
    for facts, formula in parts:
        digits, rounding = formula.percent_digits, formula.rounding
        for alike in facts:
            if alike.exclusion in formula.excludes:
                excluded += alike.cases
                continue
            weight = weight_of(alike, formula)
            if weight is not None:
                difficulty = formula.difficulty_of(alike.category)
                numerator += weight * alike.cases * difficulty
                whole += alike.cases * difficulty
                denominator += alike.cases
                if weight and not alike.withdrawn and not getattr(alike, formula.fact):
                    defaulted += alike.cases
            elif alike.withdrawn:
                withdrawn += alike.cases
    share = share_of(numerator, denominator, digits=digits, excluded=excluded, whole=whole, rounding=rounding)
    return replace(share, withdrawn=withdrawn, defaulted=defaulted)


def weight_of(facts: Facts, formula: Formula) -> Fraction | None:
    """What one such case adds to the numerator; None: it is not in the denominator. Raises ValueError for an answer
    the formula does not know."""
    if facts.withdrawn:
        return formula.withdrawn
    answer: str = getattr(facts, formula.fact)
    if not answer:
        return formula.missing
    if answer not in formula.weights:
        raise ValueError(f"{formula.code}@{formula.version} knows no {formula.fact} {answer!r}")
    return formula.weights[answer]


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share out of n >= 1. With partial credits it is an approximation."""
    spread = _Z * _Z / n
    centre = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def ranks(rates: Mapping[K, Rate], *, ranked_from: int) -> dict[K, int | None]:
    """1 for the highest value; ties share a rank and the next one is skipped; None below `ranked_from` cases."""
    values = {k: r.value for k, r in rates.items() if r.value is not None and r.denominator >= ranked_from}
    ordered = sorted(values.values(), reverse=True)
    return {k: ordered.index(values[k]) + 1 if k in values else None for k in rates}


def share_of(
    numerator: Fraction,
    denominator: int,
    *,
    digits: int,
    excluded: int = 0,
    whole: Fraction | None = None,
    rounding: str = "half_up",
) -> Rate:
    """A share with its interval; none at all without denominator. whole: what the numerator is a share of, where that is
    not the number of cases."""
    if not denominator:
        return Rate(numerator, 0, None, None, None, excluded)
    share = numerator / (denominator if whole is None else whole)
    low, high = wilson(float(share), denominator)
    ends = (_rounded(Fraction(low), digits), _rounded(Fraction(high), digits))
    return Rate(numerator, denominator, _rounded(share, digits, rounding), *ends, excluded)


def _rounded(share: Fraction, digits: int, rounding: str = "half_up") -> Decimal:
    """Percent, exactly: never through a float."""
    scaled = share * 100 * 10**digits
    if rounding == "half_even":
        return Decimal(round(scaled)).scaleb(-digits)
    half = 0 if rounding == "down" else scaled.denominator
    return Decimal((scaled.numerator * 2 + half) // (scaled.denominator * 2)).scaleb(-digits)
