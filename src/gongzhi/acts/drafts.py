"""What a room hands in to be recorded, and what comes out once it has a position."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: kind `room.noun` ("matters.matter") and its id (UUID preferred, or a stable code)."""

    kind: str
    id: UUID | str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An act not yet recorded. verb: "room.verb"; event: an instance of a class registered with @event."""

    verb: str
    subject: Subject
    by: Actor
    at: datetime
    event: object
    area_path: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequenced:
    """An act with its place in the one order. `event` is None when the content was erased."""

    position: int
    id: UUID
    at: datetime
    recorded_at: datetime
    by: str
    under: str
    verb: str
    subject: Subject
    area_path: str
    request: str
    type: str
    event: object | None
