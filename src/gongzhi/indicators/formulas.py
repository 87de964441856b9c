"""Formulas as dated data: which version judged which day. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

FILE = Path(__file__).parent / "data" / "formulas.yaml"
FactName = Literal["response", "solved", "level"]
ANSWERS: Mapping[str, frozenset[str]] = {
    "response": frozenset(("in_time", "late", "none")),
    "solved": frozenset(("yes", "no")),
    "level": frozenset("12345"),
}
_FIELDS = {
    "version", "valid_from", "fact", "weights", "missing", "withdrawn", "excludes", "percent_digits", "ranked_from", "basis",
}  # fmt: skip
_OPTIONAL = {"difficulty", "rounding"}
ROUNDINGS = ("half_up", "half_even", "down")
DIFFICULTY_MAX = 10


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of one rate, in force from `valid_from` until `valid_until` (half-open, None: open).

    missing None: a case without the answer leaves the denominator; else the weight it has in it. withdrawn: the same for
    one taken back after dispatch; None: it is published beside the rate. difficulty: coefficients by category code, each
    for what begins with it, the longest first; 1 where none is named. rounding: one of ROUNDINGS, at the end only.
    """

    code: str
    version: int
    titles: Mapping[str, str]
    valid_from: date
    valid_until: date | None
    fact: FactName
    weights: Mapping[str, Fraction]
    missing: Fraction | None
    withdrawn: Fraction | None
    excludes: frozenset[str]
    percent_digits: int
    ranked_from: int
    basis: Mapping[str, str]
    difficulty: Mapping[str, Fraction]
    rounding: str

    def difficulty_of(self, category: str) -> Fraction:
        named = [code for code in self.difficulty if category.startswith(code)]
        return self.difficulty[max(named, key=len)] if named else Fraction(1)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days judged by one version: since <= day < until."""

    since: date
    until: date
    formula: Formula


@cache
def published() -> Mapping[str, tuple[Formula, ...]]:
    """Every formula, oldest version first, validated."""
    return read(FILE.read_text("utf-8"))


def in_force(code: str, on: date) -> Formula:
    """The version of that day. Raises LookupError for days before the first one."""
    for formula in published()[code]:
        if formula.valid_from <= on and (formula.valid_until is None or on < formula.valid_until):
            return formula
    raise LookupError(f"no version of {code} was in force on {on}")


def segments(versions: Sequence[Formula], since: date, until: date) -> list[Segment]:
    """A period cut at every change of version: each case is judged by the version of its own day. Days before the
    first version belong to none."""
    cut = [
        Segment(max(since, f.valid_from), min(until, f.valid_until or until), f)
        for f in versions
    ]  # fmt: skip
    return [segment for segment in cut if segment.since < segment.until]


def read(text: str) -> dict[str, tuple[Formula, ...]]:
    """Formulas from YAML. Raises ValueError saying what is wrong with which."""
    found: dict[str, tuple[Formula, ...]] = {}
    for entry in yaml.safe_load(text):
        if entry["code"] in found:
            raise ValueError(f"formula {entry['code']} stands twice")
        found[entry["code"]] = _versions(entry)
    return found


def _versions(entry: Mapping[str, Any]) -> tuple[Formula, ...]:
    given = sorted(entry["versions"], key=lambda v: v["valid_from"])
    ends = [v["valid_from"] for v in given[1:]] + [None]
    made = tuple(_formula(entry, version, end) for version, end in zip(given, ends, strict=True))
    if [f.version for f in made] != list(range(1, len(made) + 1)) or len({f.valid_from for f in made}) != len(
        made
    ):
        raise ValueError(f"formula {entry['code']}: versions are 1, 2, … each with a later valid_from")
    return made


def _formula(entry: Mapping[str, Any], version: Mapping[str, Any], until: date | None) -> Formula:
    name = f"formula {entry['code']}@{version.get('version')}"
    if not _FIELDS <= set(version) <= _FIELDS | _OPTIONAL or set(entry["titles"]) != {"zh-hans", "en"}:
        raise ValueError(f"{name}: fields are {sorted(_FIELDS)}, titles in both languages")
    fact, weights = version["fact"], {k: Fraction(v) for k, v in version["weights"].items()}
    if fact not in get_args(FactName) or set(weights) != ANSWERS[fact]:
        raise ValueError(f"{name}: every answer of {fact} needs one weight: {sorted(ANSWERS.get(fact, ()))}")
    missing = None if version["missing"] == "out" else Fraction(version["missing"])
    withdrawn = None if version["withdrawn"] == "shown" else Fraction(version["withdrawn"])
    if any(not 0 <= w <= 1 for w in (*weights.values(), missing or 0, withdrawn or 0)):
        raise ValueError(f"{name}: weights lie between 0 and 1")
    difficulty = {str(k): Fraction(v) for k, v in version.get("difficulty", {}).items()}
    if any(not 0 < one <= DIFFICULTY_MAX for one in difficulty.values()):
        raise ValueError(f"{name}: a difficulty lies above 0 and at most at {DIFFICULTY_MAX}")
    if version.get("rounding", "half_up") not in ROUNDINGS:
        raise ValueError(f"{name}: rounding is one of {ROUNDINGS}")
    return Formula(
        code=entry["code"],
        version=version["version"],
        titles=entry["titles"],
        valid_from=version["valid_from"],
        valid_until=until,
        fact=fact,
        weights=weights,
        missing=missing,
        withdrawn=withdrawn,
        excludes=frozenset(version["excludes"]),
        percent_digits=version["percent_digits"],
        ranked_from=version["ranked_from"],
        basis=version["basis"],
        difficulty=difficulty,
        rounding=version.get("rounding", "half_up"),
    )
