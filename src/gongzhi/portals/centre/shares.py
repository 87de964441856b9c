"""Rates as the pages draw them: shares of one instead of percent."""

from dataclasses import dataclass
from decimal import Decimal

from gongzhi.indicators.rates import Rate


@dataclass(frozen=True, slots=True)
class Share:
    """All None but n when there is no denominator."""

    value: float | None
    n: int
    low: float | None
    high: float | None
    excluded: int = 0
    withdrawn: int = 0


def share(rate: Rate) -> Share:
    low, high = _of_one(rate.low), _of_one(rate.high)
    return Share(_of_one(rate.value), rate.denominator, low, high, rate.excluded, rate.withdrawn)


def _of_one(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent) / 100
