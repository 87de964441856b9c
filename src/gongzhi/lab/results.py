"""A replay as the JSON a trial keeps: ids and codes, names as they were on that day, numbers; never a case."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gongzhi.indicators.rates import wilson
from gongzhi.kernel import canonical
from gongzhi.lab.rating import Standing
from gongzhi.lab.replaying import Load, Outcome, Side

_LISTED_MAX = 200
Names = Mapping[UUID, str]


def of(outcome: Outcome, names: Names) -> dict[str, Any]:
    """units: who gains most cases first, who loses most last; nobody at the end."""
    units = sorted(
        {*outcome.before.units, *outcome.after.units},
        key=lambda unit: (
            unit is None,
            -_gain(outcome, unit),
            names.get(unit, "") if unit else "",
            str(unit),
        ),
    )
    return {
        "cases": outcome.cases,
        "moved": outcome.moved,
        "newly_late": outcome.newly_late,
        "no_longer_late": outcome.no_longer_late,
        "before": _side(outcome.before),
        "after": _side(outcome.after),
        "units": [
            {
                "id": str(unit) if unit else "",
                "name": names.get(unit, "") if unit else "",
                "before": _load(outcome.before.units.get(unit)),
                "after": _load(outcome.after.units.get(unit)),
            }
            for unit in units
        ],
        "moves": [
            {"category": category, "from": _name(was, names), "to": _name(now, names), "cases": count}
            for (category, was, now), count in _most(outcome.moves)
        ],
    }


def rated(
    before: Mapping[str, Standing], after: Mapping[str, Standing], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One rate per unit on both sides, the best of the proposal first."""
    keys = sorted(
        {*before, *after}, key=lambda key: (key == "", _place(after.get(key)), names.get(key, ""), key)
    )
    return [
        {"id": key, "name": names.get(key, ""), "before": _standing(before.get(key)), "after": _standing(after.get(key))}
        for key in keys
    ]  # fmt: skip


def digest(content: object) -> str:
    return hashlib.sha256(canonical.encode(content)).hexdigest()


def _gain(outcome: Outcome, unit: UUID | None) -> int:
    was, now = outcome.before.units.get(unit), outcome.after.units.get(unit)
    return (now.cases if now else 0) - (was.cases if was else 0)


def _side(side: Side) -> dict[str, Any]:
    judged = sum(load.judged for load in side.units.values())
    return {
        "judged": judged,
        "late": sum(load.late for load in side.units.values()),
        "gap_cases": side.gaps.total(),
        "consultation_cases": side.consultations.total(),
        "gaps": _places(side.gaps),
        "consultations": _places(side.consultations),
        "right": side.right,
        "again": side.again,
        "elsewhere": side.elsewhere,
    }


def _places(found: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"category": code, "area_path": path, "cases": count} for (code, path), count in _most(found)]


def _load(load: Load | None) -> dict[str, Any]:
    """late_low, late_high: 95 % interval of the share that is late, in tenths of a percent; null where none is judged."""
    if load is None:
        load = Load()
    ends = wilson(load.late / load.judged, load.judged) if load.judged else None
    return {
        "cases": load.cases,
        "judged": load.judged,
        "late": load.late,
        "late_low": round(ends[0] * 1000) if ends else None,
        "late_high": round(ends[1] * 1000) if ends else None,
        "returns": load.returns,
    }


def _standing(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"n": 0, "value": None, "low": None, "high": None, "rank": None, "excluded": 0}
    rate = standing.rate
    ends = {
        name: None if (at := getattr(rate, name)) is None else str(at) for name in ("value", "low", "high")
    }
    return {"n": rate.denominator, **ends, "rank": standing.rank, "excluded": rate.excluded}


def _place(standing: Standing | None) -> int:
    return standing.rank if standing and standing.rank else 1_000_000


def _name(unit: UUID | None, names: Names) -> str:
    return names.get(unit, str(unit)) if unit else ""


def _most(found: Counter[Any]) -> list[tuple[Any, int]]:
    """The most first; ties in the order of their keys, so the same replay reads the same."""
    return sorted(found.items(), key=lambda item: (-item[1], str(item[0])))[:_LISTED_MAX]
