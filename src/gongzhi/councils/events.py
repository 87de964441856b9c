"""What this room's acts say."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("councils.called", version=1)
@dataclass(frozen=True, slots=True)
class Called:
    """items: numbers of matters or words · organisations: who is asked to come."""

    kind: str
    title: str
    planned_at: str
    items: tuple[str, ...]
    organisations: tuple[UUID, ...]


@event("councils.item_added", version=1)
@dataclass(frozen=True, slots=True)
class ItemAdded:
    title: str
    number: str


@event("councils.seated", version=1)
@dataclass(frozen=True, slots=True)
class Seated:
    organisation: UUID
    state: str


@event("councils.decided", version=1)
@dataclass(frozen=True, slots=True)
class Decided:
    """number: of the matter in which it is done · due_on: ISO date or ""."""

    text: str
    owner: UUID
    number: str
    due_on: str


@event("councils.postponed", version=1)
@dataclass(frozen=True, slots=True)
class Postponed:
    title: str
    note: str


@event("councils.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    minutes: str
