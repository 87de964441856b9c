"""What this room's acts say. Addresses may hold secrets: only the host is told."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("superiors.added", version=1)
@dataclass(frozen=True, slots=True)
class Added:
    """digest: of the mapping."""

    code: str
    transport: str
    host: str
    digest: str


@event("superiors.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    code: str


@event("superiors.sent_again", version=1)
@dataclass(frozen=True, slots=True)
class SentAgain:
    message: UUID


@event("superiors.file_read", version=1)
@dataclass(frozen=True, slots=True)
class FileRead:
    """Counts of rows: taken + present + rejected = rows. file_digest: SHA-256."""

    code: str
    file_name: str
    file_digest: str
    rows: int
    taken: int
    present: int
    rejected: int


@event("superiors.subordinate_added", version=1)
@dataclass(frozen=True, slots=True)
class SubordinateAdded:
    """organisation: its code · days: how long its key lives."""

    organisation: str
    days: int


@event("superiors.subordinate_ended", version=1)
@dataclass(frozen=True, slots=True)
class SubordinateEnded:
    organisation: str


@event("superiors.stood", version=1)
@dataclass(frozen=True, slots=True)
class Stood:
    """number: ours · number_there, state_zh, state_en: of the installation of the unit that handles it."""

    number: str
    number_there: str
    state_zh: str
    state_en: str
