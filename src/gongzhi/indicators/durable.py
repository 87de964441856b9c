"""Did it stay solved? The versions of the rule as dated data, and the rule. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from gongzhi.indicators.rates import Rate, share_of

FILE = Path(__file__).parent / "data" / "durability.yaml"
Verdict = Literal["durable", "not_durable", "too_early"]
REASONS = ("reopened", "recurred", "revisited")
_FIELDS = {"version", "valid_from", "windows_days", "near_metres", "excludes", "percent_digits", "basis"}


@dataclass(frozen=True, slots=True)
class Durability:
    """One version, in force from `valid_from` until `valid_until` (half-open, None: open). near_metres: two points at
    most so far apart are one place."""

    version: int
    valid_from: date
    valid_until: date | None
    windows_days: tuple[int, ...]
    near_metres: int
    excludes: frozenset[str]
    percent_digits: int
    basis: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Closing:
    """Alike closings that somebody judged. age_days: whole days since. failed_after_days: begun days until it was opened
    again, came back or was found again (reason, one of REASONS); None while it was not. exclusion: approved reason or ""."""

    solved: bool
    age_days: int
    failed_after_days: int | None = None
    reason: str = ""
    exclusion: str = ""
    cases: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """One window, over judged closings at least `days` old. gap: percentage points between what was claimed and what
    lasted; None without denominator. failed: claims that did not last, by reason. too_early: closings not old enough."""

    days: int
    claimed: Rate
    durable: Rate
    gap: Decimal | None
    failed: Mapping[str, int]
    too_early: int


def judge(closing: Closing, *, window_days: int) -> tuple[Verdict, str]:
    """Whether a claim lasted, and why not. A failure does not count sooner than a success would: either needs the whole
    window to have passed."""
    if closing.age_days < window_days:
        return "too_early", ""
    if closing.failed_after_days is not None and closing.failed_after_days <= window_days:
        return "not_durable", closing.reason
    return "durable", ""


def windows(closings: Iterable[tuple[Closing, Durability]]) -> tuple[Window, ...]:
    """Every window of the versions met, each over the closings whose own version knows it."""
    known = list(closings)
    lengths = sorted({days for _, version in known for days in version.windows_days})
    return tuple(_window(days, [pair for pair in known if days in pair[1].windows_days]) for days in lengths)


def _window(days: int, closings: list[tuple[Closing, Durability]]) -> Window:
    judged, claimed, durable, early, excluded, digits = 0, 0, 0, 0, 0, 2
    failed = dict.fromkeys(REASONS, 0)
    for closing, version in closings:
        digits = version.percent_digits
        verdict, reason = judge(closing, window_days=days)
        if verdict == "too_early":
            early += closing.cases
            continue
        if closing.exclusion in version.excludes:
            excluded += closing.cases
            continue
        judged += closing.cases
        if not closing.solved:
            continue
        claimed += closing.cases
        if verdict == "durable":
            durable += closing.cases
        else:
            failed[reason] += closing.cases
    said = share_of(Fraction(claimed), judged, digits=digits, excluded=excluded)
    lasted = share_of(Fraction(durable), judged, digits=digits, excluded=excluded)
    gap = None if said.value is None or lasted.value is None else said.value - lasted.value
    return Window(days, said, lasted, gap, failed, early)


@cache
def published() -> tuple[Durability, ...]:
    """Every version, oldest first, validated."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> tuple[Durability, ...]:
    """Versions from YAML. Raises ValueError saying what is wrong with which."""
    given = sorted(yaml.safe_load(text), key=lambda one: one["valid_from"])
    ends = [one["valid_from"] for one in given[1:]] + [None]
    made = tuple(_version(one, end) for one, end in zip(given, ends, strict=True))
    starts = {one.valid_from for one in made}
    if [one.version for one in made] != list(range(1, len(made) + 1)) or len(starts) != len(made):
        raise ValueError("durability: versions are 1, 2, … each with a later valid_from")
    return made


def _version(given: Mapping[str, Any], until: date | None) -> Durability:
    name = f"durability@{given.get('version')}"
    if set(given) != _FIELDS:
        raise ValueError(f"{name}: fields are {sorted(_FIELDS)}")
    days = tuple(given["windows_days"])
    if not days or list(days) != sorted(set(days)) or days[0] < 1 or not 1 <= given["near_metres"] <= 2_000:
        raise ValueError(f"{name}: windows rise from 1 day, near_metres lies between 1 and 2000")
    return Durability(
        version=given["version"],
        valid_from=given["valid_from"],
        valid_until=until,
        windows_days=days,
        near_metres=given["near_metres"],
        excludes=frozenset(given["excludes"]),
        percent_digits=given["percent_digits"],
        basis=given["basis"],
    )
