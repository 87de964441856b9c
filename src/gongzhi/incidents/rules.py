"""Pure: whether a report belongs to an incident, where reports crowd, and who has been called. No clock, no tables."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_METRES_PER_DEGREE = 111_195
ATTEMPTS_MAX = 3  # 三次未接通方可记为联系不上


@dataclass(frozen=True, slots=True)
class Around:
    """What an incident collects: kinds, a circle, a beginning, and the area for reports without a point."""

    categories: frozenset[str]
    lon: float
    lat: float
    radius_metres: int
    area_path: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """A report: chain: its category and those above it."""

    chain: Collection[str]
    lon: float | None
    lat: float | None
    area_path: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Belongs:
    """metres: from the heart; None: no point, but in its area."""

    metres: int | None


def belongs(around: Around, report: Heard) -> Belongs | None:
    """By time, kind and place, all three. None: it does not."""
    if report.opened_at < around.since or around.categories.isdisjoint(report.chain):
        return None
    if report.lon is None or report.lat is None:
        near = bool(around.area_path) and report.area_path.startswith(around.area_path)
        return Belongs(None) if near else None
    distance = metres(around.lon, around.lat, report.lon, report.lat)
    return Belongs(distance) if distance <= around.radius_metres else None


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> int:
    """Between two points of a town: flat, better than a metre in a kilometre."""
    east = (other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    return round(math.hypot(east, other_lat - lat) * _METRES_PER_DEGREE)


@dataclass(frozen=True, slots=True)
class Point:
    """A recent report as surges are looked for. kind: the middle category code, which one cause shares."""

    number: str
    kind: str
    lon: float
    lat: float
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Surge:
    """Many of one kind close together: perhaps one cause. numbers: oldest first."""

    kind: str
    numbers: tuple[str, ...]
    lon: float
    lat: float
    first_at: datetime


def surges(
    points: Iterable[Point], *, at: datetime, within: timedelta, radius_metres: int, at_least: int
) -> list[Surge]:
    """Greedy: the point with most neighbours first; no report stands in two. Largest first."""
    kinds: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        if at - within <= point.opened_at <= at:
            kinds[point.kind].append(point)
    found: list[Surge] = []
    for kind, left in kinds.items():
        while len(left) >= at_least:
            near = max((_near(one, left, radius_metres) for one in left), key=len)
            if len(near) < at_least:
                break
            near.sort(key=lambda point: (point.opened_at, point.number))
            lon = sum(point.lon for point in near) / len(near)
            lat = sum(point.lat for point in near) / len(near)
            numbers = tuple(point.number for point in near)
            found.append(Surge(kind, numbers, lon, lat, near[0].opened_at))
            left = [point for point in left if point not in near]
    return sorted(found, key=lambda surge: (-len(surge.numbers), surge.first_at))


def _near(one: Point, points: Sequence[Point], radius_metres: int) -> list[Point]:
    return [other for other in points if metres(one.lon, one.lat, other.lon, other.lat) <= radius_metres]


def to_call(numbers: Iterable[str], outcomes: Mapping[str, Sequence[str]]) -> list[str]:
    """Whose reporter has still to be called: not reached, not declined, no wrong number, fewer than three attempts."""
    return [number for number in numbers if not is_called(outcomes.get(number, ()))]


def is_called(outcomes: Sequence[str]) -> bool:
    return any(outcome != "no_answer" for outcome in outcomes) or len(outcomes) >= ATTEMPTS_MAX
