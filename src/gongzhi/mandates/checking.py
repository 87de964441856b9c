"""九龙治水, found by machine: what nobody owns, what two own, what stands on a law no longer in force. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from gongzhi.mandates.rules import route
from gongzhi.mandates.table import Entry, MandateTable


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody leads the category anywhere in the area (both named as high in their trees as that is true)."""

    category: str
    area_path: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Several organisations lead exactly the same category in exactly the same area at the same time."""

    category: str
    area_path: str
    organisations: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """kind: "basis" (the law ended) or "period" (the mandate ran out and nobody gave another)."""

    kind: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Findings:
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    expired: tuple[Expired, ...]


def check(table: MandateTable, *, areas: Iterable[str], at: datetime) -> Findings:
    """areas: paths to judge; communities are fine enough, finer ones with mandates of their own are added here.

    A gap is named once, as high in both trees as it is true. Retired categories are left out.
    """
    paths = {*areas, *(entry.area_path for entry in table.entries if entry.area_path)}
    finest = _finest(paths)
    return Findings(tuple(_gaps(table, finest, at)), tuple(_overlaps(table, at)), tuple(_expired(table, at)))


def _finest(paths: set[str]) -> list[str]:
    above = {path[: path.rfind("/", 0, end) + 1] for path in paths for end in _ends(path)}
    return sorted(paths - above)


def _ends(path: str) -> Iterator[int]:
    end = len(path) - 1
    while end > 0:
        yield end
        end = path.rfind("/", 0, end)


def _gaps(table: MandateTable, areas: list[str], at: datetime) -> Iterator[Gap]:
    leaves = [code for code, facts in table.categories.items() if facts.leaf]
    open_in: dict[str, set[str]] = {}
    for code in leaves:
        missing = {area for area in areas if route(table, code, area, at).state == "gap"}
        for area in _raised(missing, areas) if missing else ():
            open_in.setdefault(area, set()).add(code)
    below = _leaves_below(table, leaves)
    for area in sorted(open_in):
        yield from (Gap(code, area) for code in _raised_categories(open_in[area], below, table))


def _raised(missing: set[str], areas: list[str]) -> set[str]:
    """The fewest areas that say the same: a parent instead of all its children."""
    found: set[str] = set(missing)
    level = set(missing)
    while level:
        parents = {area[: area.rfind("/", 0, -1) + 1] for area in level if area}
        whole = {p for p in parents if all(area in missing for area in areas if area.startswith(p))}
        found = {area for area in found if not any(area != p and area.startswith(p) for p in whole)} | whole
        level = whole
    return found


def _leaves_below(table: MandateTable, leaves: list[str]) -> Mapping[str, set[str]]:
    below: dict[str, set[str]] = defaultdict(set)
    for leaf in leaves:
        for code in table.categories[leaf].chain:
            below[code].add(leaf)
    return below


def _raised_categories(codes: set[str], below: Mapping[str, set[str]], table: MandateTable) -> list[str]:
    named: set[str] = set()
    for code in codes:
        chain = table.categories[code].chain
        named.add(next(upper for upper in reversed(chain) if below[upper] <= codes))
    return sorted(named)


def _overlaps(table: MandateTable, at: datetime) -> Iterator[Overlap]:
    for (area, category), entries in sorted(table.by_role["lead"].items()):
        holding = [entry for entry in entries if entry.holds(at)]
        names = tuple(sorted({entry.organisation for entry in holding}))
        if len({entry.organisation_id for entry in holding}) > 1:
            yield Overlap(category, area, names, tuple(sorted({entry.item for entry in holding})))


def _expired(table: MandateTable, at: datetime) -> Iterator[Expired]:
    today = at.date().isoformat()
    for entry in table.entries:
        if entry.basis_until_on and entry.basis_until_on <= today:
            yield Expired("basis", entry)
        elif entry.valid_until is not None and entry.valid_until <= at:
            yield Expired("period", entry)
