"""What this room's acts say."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("projects.begun", version=1)
@dataclass(frozen=True, slots=True)
class Begun:
    title: str
    year: int
    categories: tuple[str, ...]
    lead: UUID
    began_on: str


@event("projects.listed", version=1)
@dataclass(frozen=True, slots=True)
class Listed:
    """list: task, duty, policy, or milestone."""

    list: str
    text: str
    due_on: str


@event("projects.done", version=1)
@dataclass(frozen=True, slots=True)
class Done:
    list: str
    text: str


@event("projects.linked", version=1)
@dataclass(frozen=True, slots=True)
class Linked:
    number: str


@event("projects.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    conclusion: str
