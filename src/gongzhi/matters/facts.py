"""Facts of a matter as rules read them: pure values, ascending in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

# Which fact a verb leaves behind, by its effect; filled where effects are registered.
KIND_OF_EFFECT: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Fact:
    """values: the row's own columns, as JSON has them."""

    kind: str
    id: UUID
    at: datetime
    by: str
    organisation_id: UUID | None
    ended_at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one matter, oldest first."""

    rows: tuple[Fact, ...] = ()

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.rows)

    def all(self, kind: str, *, since: datetime | None = None) -> list[Fact]:
        """Ended ones included."""
        return [fact for fact in self.rows if fact.kind == kind and (since is None or fact.at >= since)]

    def last(self, kind: str) -> Fact | None:
        return next((fact for fact in reversed(self.rows) if fact.kind == kind), None)

    def current(self, kind: str, **values: object) -> Fact | None:
        """The newest that has not ended and has these values."""
        return next(iter(self.currents(kind, **values)), None)

    def currents(self, kind: str, **values: object) -> list[Fact]:
        """Those that have not ended, newest first."""
        return [
            fact
            for fact in reversed(self.rows)
            if fact.kind == kind
            and fact.ended_at is None
            and all(fact.values.get(name) == value for name, value in values.items())
        ]

    @property
    def ceiling(self) -> datetime | None:
        """The superior's deadline; None where no superior gave the matter."""
        order = self.current("superior_order")
        return datetime.fromisoformat(order.values["due_at"]) if order else None

    @property
    def last_at(self) -> datetime | None:
        return self.rows[-1].at if self.rows else None
