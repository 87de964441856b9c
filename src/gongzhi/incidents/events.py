"""What this room's acts say."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("incidents.declared", version=1)
@dataclass(frozen=True, slots=True)
class Declared:
    """heart: number of the matter · categories: codes · radius in metres around the heart · banner: as it was then."""

    title: str
    heart: str
    plan: str
    categories: tuple[str, ...]
    radius_metres: int
    banner: str


@event("incidents.gathered", version=1)
@dataclass(frozen=True, slots=True)
class ReportGathered:
    """A report went into it. metres: how far from the heart, None when it has no point."""

    number: str
    how: str
    metres: int | None


@event("incidents.let_go", version=1)
@dataclass(frozen=True, slots=True)
class ReportLetGo:
    """A report was taken out of it: its merge was undone."""

    number: str


@event("incidents.updated", version=1)
@dataclass(frozen=True, slots=True)
class Updated:
    text: str


@event("incidents.called", version=1)
@dataclass(frozen=True, slots=True)
class Called:
    number: str
    outcome: str
    solved: bool | None


@event("incidents.logged", version=1)
@dataclass(frozen=True, slots=True)
class Logged:
    kind: str
    text: str
    who: str
    quantity: int | None


@event("incidents.entry_ended", version=1)
@dataclass(frozen=True, slots=True)
class EntryEnded:
    entry: UUID


@event("incidents.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    conclusion: str
    lessons: str
