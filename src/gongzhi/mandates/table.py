"""The mandates in memory: immutable, versioned, pure. What routing reads for every report."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID


class Limit(NamedTuple):
    """unit: a code of calendar.Unit (hour, day, work_hour, work_day, month)."""

    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One mandate that is not ended. kind: the organisation's (bureau, street, community…)."""

    id: UUID
    item: str
    title: str
    organisation_id: UUID
    organisation: str
    kind: str
    area_path: str
    category: str
    role: str
    part: str
    basis: str
    basis_until_on: str
    valid_from: datetime
    valid_until: datetime | None
    response: Limit | None
    handling: Limit | None

    def holds(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """chain: codes from itself up to level 1. Limits are those it has by the category tree."""

    chain: tuple[str, ...]
    zh: str
    en: str
    response: Limit | None = None
    handling: Limit | None = None
    leaf: bool = True


Key = tuple[str, str]  # area path, category code


@dataclass(frozen=True, slots=True)
class MandateTable:
    """version: Revision.number at which it was read. by_role: role → (area, category) → entries.

    areas: role → areas that have any entry. turns: instants at which some mandate starts or ends to count.
    """

    version: int
    entries: tuple[Entry, ...]
    categories: Mapping[str, CategoryFacts]
    by_role: Mapping[str, Mapping[Key, tuple[Entry, ...]]]
    area_names: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    turns: tuple[datetime, ...] = ()
    remembered: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def span(self, at: datetime) -> int:
        """Which of the stretches between `turns` an instant falls in: within one, every route stays the same."""
        return bisect_right(self.turns, at)

    def at_key(self, role: str, area_path: str, category: str) -> tuple[Entry, ...]:
        return self.by_role[role].get((area_path, category), ())


def build(
    *,
    version: int,
    entries: Iterable[Entry],
    categories: Mapping[str, CategoryFacts],
    area_names: Mapping[str, str] | None = None,
) -> MandateTable:
    """Index the entries. Order of entries does not matter: ties are never broken by it."""
    entries = tuple(sorted(entries, key=lambda entry: (entry.item, str(entry.id))))
    index: dict[str, dict[Key, list[Entry]]] = {
        role: defaultdict(list) for role in ("lead", "assist", "supervise")
    }
    for entry in entries:
        index[entry.role][(entry.area_path, entry.category)].append(entry)
    by_role = {
        role: MappingProxyType({key: tuple(found) for key, found in keys.items()})
        for role, keys in index.items()
    }
    areas = {role: frozenset(area for area, _ in keys) for role, keys in by_role.items()}
    turns = {entry.valid_from for entry in entries} | {
        entry.valid_until for entry in entries if entry.valid_until
    }
    return MandateTable(
        version, entries, categories, MappingProxyType(by_role), area_names or {}, areas, tuple(sorted(turns))
    )


def area_chain(area_path: str) -> list[str]:
    """A path and all paths above it, most specific first, ending with "" (the whole installation)."""
    chain = [area_path]
    while area_path:
        area_path = area_path[: area_path.rfind("/", 0, -1) + 1]
        chain.append(area_path)
    return chain
