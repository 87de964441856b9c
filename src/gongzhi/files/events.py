"""What this room's acts say. No names of files: people write telephone numbers into them."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("files.kept", version=1)
@dataclass(frozen=True, slots=True)
class Kept:
    """sha256 and size of the bytes as kept (images: after redrawing)."""

    sha256: str
    size_bytes: int
    type: str
    purpose: str
    visibility: str


@event("files.attached", version=1)
@dataclass(frozen=True, slots=True)
class Attached:
    """The act's subject is what the file was attached to; the hash seals the bytes into its timeline."""

    file_id: UUID
    sha256: str


@event("files.detached", version=1)
@dataclass(frozen=True, slots=True)
class Detached:
    file_id: UUID
    reason: str


@event("files.shown", version=1)
@dataclass(frozen=True, slots=True)
class Shown:
    """Visibility changed."""

    visibility: str


@event("files.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    reason: str
