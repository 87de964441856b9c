"""What the reads return: frozen values, no rows of tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from gongzhi.acts.queries import TimelineEntry
from gongzhi.catalogue.procedure import Field, State, Wording
from gongzhi.files.queries import FileRow

Order = Literal["due", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All that are given must hold. queue: a code of `queues.QUEUES` · area: a path, everything below it included
    · overdue: the nearest deadline is past · open None: open and closed · text: words or a piece of the text."""

    queue: str = ""
    state: str = ""
    category: str = ""
    area: str = ""
    lead: UUID | None = None
    channel: str = ""
    overdue: bool = False
    open: bool | None = None
    text: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """A matter in a list. `state` carries its titles in both languages. due_at: nearest running deadline."""

    id: UUID
    number: str
    kind: str
    title: str
    state: State
    category: str
    category_titles: Wording
    area_path: str
    area: str
    address: str
    lead_id: UUID | None
    lead: str
    channel: str
    urgency: str
    confidential: bool
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    lon: float | None
    lat: float | None
    version: int

    def overdue(self, at: datetime) -> bool:
        return self.closed_at is None and self.due_at is not None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Page:
    """next: hand it back as `after`; "" on the last page."""

    rows: list[MatterRow]
    next: str


@dataclass(frozen=True, slots=True)
class QueueCount:
    """count and late stop at COUNT_MAX (`capped`): say "999+"."""

    code: str
    titles: Wording
    count: int
    late: int
    capped: bool


@dataclass(frozen=True, slots=True)
class VerbOffer:
    """A verb this reader may do now, with its form. defaults: proposed values (the routed lead…)."""

    code: str
    titles: Wording
    form: tuple[Field, ...]
    primary: bool
    bulk: bool
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockView:
    """One run of one clock. explained: the counted spans in words of the reader's language; used_percent may exceed 100; None while paused.
    status: running | paused | stopped. of: the fact whose clock it is (a call, a supervision)."""

    code: str
    titles: Wording
    status: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    late: bool
    provisional: bool
    promised: bool
    used_percent: float | None
    basis: Wording
    explained: tuple[str, ...]
    of: UUID | None = None


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact row: kind ("contact", "answer"…), by whom (name as colleagues read it), its own columns in `values`."""

    kind: str
    id: UUID
    at: datetime
    by: str
    by_name: str
    organisation: str
    ended_at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineView:
    """An act in words: titles of the verb, where it led, what the reporter was told and the public words of its form.
    `act` is the raw entry; form fields not public are empty for the reporter."""

    act: TimelineEntry
    titles: Wording
    state: Wording
    tells: Wording
    by_name: str
    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RouteView:
    """The routing in force: state led | consultation | gap, and the reason in the reader's language."""

    state: str
    organisation_id: UUID | None
    organisation: str
    reason: str
    candidates: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CallStep:
    """What a called unit did. code: signed, contacted, arrived, finished, refused · far: further away than allowed for."""

    code: str
    at: datetime
    by_name: str
    text: str
    metres_away: int | None
    far: bool


@dataclass(frozen=True, slots=True)
class ScoreView:
    """Whose opinion of whom, 5 to 1."""

    whose: str
    about: str
    level: int
    comment: str


@dataclass(frozen=True, slots=True)
class CallView:
    """One unit that was called, its steps oldest first, its clocks, and what both sides thought."""

    organisation: str
    steps: tuple[CallStep, ...]
    clocks: tuple[ClockView, ...]
    scores: tuple[ScoreView, ...]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleView:
    """outcome: done, called_off, or "" while it goes on (with ended_at: it ended with the matter)."""

    id: UUID
    titles: Wording
    organisation: str
    by_name: str
    rank: Wording
    at: datetime
    text: str
    outcome: str
    note: str
    ended_at: datetime | None
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionView:
    """An order, or with asked_by a request that waits for a decision (titles empty)."""

    id: UUID
    titles: Wording
    ground: Wording
    unit: str
    by_name: str
    rank: Wording
    at: datetime
    demand: str
    asked_by: str = ""
    reply: str = ""
    clocks: tuple[ClockView, ...] = ()
    ended_at: datetime | None = None
    lifted: str = ""


@dataclass(frozen=True, slots=True)
class Kin:
    """relation: piece (split from this one), whole (this one was split from it), repeat (an earlier one of the same
    person), repeated (a later one), related."""

    relation: str
    id: UUID
    number: str
    title: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything about one matter that this reader may see. as_reporter: only what the reporter may read is inside.

    reporter_name and contact are masked; both empty when anonymous or when the reader only reports.
    """

    header: MatterRow
    text: str
    address: str
    language: str
    as_reporter: bool
    handler: str
    assistants: tuple[str, ...]
    reporter_id: UUID | None
    reporter_name: str
    reporter_contacts: tuple[str, ...]
    anonymous: bool
    place_state: str
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineView, ...]
    facts: tuple[FactView, ...]
    files: tuple[FileRow, ...]
    offers: tuple[VerbOffer, ...]
    route: RouteView | None
    merged: tuple[str, ...]
    merged_into: str
    external_id: str
    kin: tuple[Kin, ...]
    procedure_code: str
    procedure_version: int
    etag: str
    whistles: tuple[WhistleView, ...] = ()
    supervisions: tuple[SupervisionView, ...] = ()
    urged: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Open matters around a place. cell "" with number set: a single matter."""

    lon: float
    lat: float
    count: int
    cell: str = ""
    number: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float
