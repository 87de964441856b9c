"""What a door hands in: a report that is already categorised, located and routed against snapshots."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from gongzhi.catalogue.procedure import Procedure
from gongzhi.mandates.rules import Candidate, Route
from gongzhi.parties.bulk import NewPerson

PlaceState = Literal["located", "outside", "unknown"]
Urgency = Literal["normal", "urgent", "emergency"]
NewReporter = NewPerson  # NewReporter.of(phone="", name="") raises Invalid while preparing

CHANNELS = (
    "web",
    "phone",
    "window",
    "worker",
    "api",
    "open311",
    "lane",
    "import",
    "sensor",
    "superior",
    "police_110",
    "council",
)
URGENCIES = ("normal", "urgent", "emergency")
PLACE_STATES = ("located", "outside", "unknown")
TITLE_LETTERS_MAX = 200
TEXT_LETTERS_MAX = 10_000
ADDRESS_LETTERS_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Accused:
    """Whom a report complains of. words: the reporter's; neither unit nor account: the desk must find out who is meant.

    avoided: units that may not handle it: the accused one, all below it, those the accused person works in
    above: the unit above them that shall handle it instead; None = the supervising desk decides
    """

    unit_id: UUID | None = None
    account_id: UUID | None = None
    words: str = ""
    named: str = ""
    avoided: frozenset[UUID] = frozenset()
    above: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Checked input of one report; building it says nothing about the database.

    category: id and code of a category in force · area_path: the finest area known; for a place outside or unknown that of
    the desk which shall take it ("" = only desks of the whole installation see it) · area_id: of that area
    reporter: a person to find or register, a known person's id, or None (nobody to answer to)
    anonymous: staff never see who reported · route: decided under the mandate version it names, None = gap
    opened_at: when it happened, normally the `at` of open_many · source: row or file it came from (imports)
    accused: the report complains of them: kept from them, and routed past them before it comes here
    external_id: its id elsewhere; the pair (origin, external_id) is taken in once · language: of the reporter
    file_ids: kept by the same actor, attached to the matter when it is opened
    """

    category_id: UUID
    category: str
    title: str
    text: str
    channel: str
    procedure: Procedure
    route: Route | None = None
    kind: str = "case"
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    area_id: UUID | None = None
    area_path: str = ""
    place_state: PlaceState = "unknown"
    reporter: NewReporter | UUID | None = None
    confidential: bool = False
    anonymous: bool = False
    urgency: Urgency = "normal"
    language: str = "zh-hans"
    origin: str = ""
    external_id: str = ""
    source: str = ""
    accused: Accused | None = None
    opened_at: datetime | None = None
    file_ids: tuple[UUID, ...] = field(default=())

    def __post_init__(self) -> None:
        """Raises ValueError for what no door may let through: intake refuses it with words before."""
        if self.channel not in CHANNELS or self.urgency not in URGENCIES:
            raise ValueError(f"unknown channel or urgency: {self.channel}, {self.urgency}")
        if self.place_state not in PLACE_STATES or (self.place_state == "located" and not self.area_path):
            raise ValueError("located means that an area is known")
        if (self.lon is None) != (self.lat is None):
            raise ValueError("a point has two coordinates")
        if not self.title or len(self.title) > TITLE_LETTERS_MAX or len(self.text) > TEXT_LETTERS_MAX:
            raise ValueError("a report has a title and texts have their lengths")
        if "\x00" in self.title + self.text + self.address or len(self.address) > ADDRESS_LETTERS_MAX:
            raise ValueError("texts have no zero bytes and addresses their length")


@dataclass(frozen=True, slots=True)
class Opened:
    """number: public, unguessable · follow_code: with the number it lets the reporter in without signing in
    · new False: the same external_id was here before, nothing was written."""

    id: UUID
    number: str
    follow_code: str
    new: bool = True


@dataclass(frozen=True, slots=True)
class Performed:
    """What one verb did. to_state may equal from_state (a contact, a note)."""

    id: UUID
    number: str
    verb: str
    from_state: str
    state: str
    version: int
    act_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A matter that has lived elsewhere: its report and what happened to it at its own times (imports).

    organisation_id: who led · target_at: the deadline it had there · dispatched_at, closed_at: None = not yet
    outcome: what the source said at the end ("solved", "partly", "explained" or "") · reply: its words
    """

    report: Report
    organisation_id: UUID | None = None
    dispatched_at: datetime | None = None
    target_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    reply: str = ""
