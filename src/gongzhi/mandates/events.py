"""What this room's acts say."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("mandates.loaded", version=1)
@dataclass(frozen=True, slots=True)
class MandatesLoaded:
    """A whole list was put in force. digest: SHA-256 of its normalised rows."""

    added: int
    ended: int
    digest: str


@event("mandates.given", version=1)
@dataclass(frozen=True, slots=True)
class MandateGiven:
    item: str
    organisation: UUID
    category: str
    role: str
    part: str
    basis: str


@event("mandates.ended", version=1)
@dataclass(frozen=True, slots=True)
class MandateEnded:
    item: str
    reason: str


@event("mandates.gap_found", version=1)
@dataclass(frozen=True, slots=True)
class GapFound:
    kind: str
    category: str
    candidates: tuple[UUID, ...]


@event("mandates.gap_settled", version=1)
@dataclass(frozen=True, slots=True)
class GapSettled:
    kind: str
    category: str
