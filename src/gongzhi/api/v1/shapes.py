"""Shapes of requests, and of answers for the description. Shapes are checked here; actions decide."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from gongzhi.matters.reports import ADDRESS_LETTERS_MAX, TEXT_LETTERS_MAX, TITLE_LETTERS_MAX


class Words(Schema):
    """The same words in both languages."""

    zh: str
    en: str


class ReportIn(Schema):
    """A new report. category and area are codes and may be left out: the platform then decides by rule.

    lon, lat: in `system`. files: ids of uploads by the same caller. opened_at: when it happened, now by default.
    """

    text: str = Field("", max_length=TEXT_LETTERS_MAX)
    title: str = Field("", max_length=TITLE_LETTERS_MAX)
    category: str = Field("", max_length=40)
    address: str = Field("", max_length=ADDRESS_LETTERS_MAX)
    area: str = Field("", max_length=40)
    lon: float | None = None
    lat: float | None = None
    system: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    anonymous: bool = False
    confidential: bool = False
    urgency: Literal["normal", "urgent", "emergency"] = "normal"
    channel: Literal["api", "phone", "window", "worker", "police_110"] = "api"
    external_id: str = Field("", max_length=120)
    opened_at: datetime | None = None
    files: list[UUID] = Field(default_factory=list, max_length=20)


class OpenedOut(Schema):
    """number with follow_code lets the reporter follow without an account. new false: external_id was here before."""

    id: UUID
    number: str
    follow_code: str
    new: bool


class MatterOut(Schema):
    """A matter in a list."""

    id: UUID
    number: str
    kind: str
    title: str
    state: str
    state_titles: Words
    stage: str
    category: str
    category_titles: Words
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


class MattersOut(Schema):
    """next: hand it back as `after`; empty on the last page."""

    items: list[MatterOut]
    next: str


class Asked(Schema):
    """Filters of a list; all that are given must hold. text searches words and pieces of text."""

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


class TransitionIn(Schema):
    """One verb of the published procedure with its form."""

    verb: str = Field(..., max_length=40)
    form: dict[str, Any] = Field(default_factory=dict)


class TransitionOut(Schema):
    id: UUID
    number: str
    verb: str
    from_state: str
    state: str
    version: int
    act_id: UUID


class FollowIn(Schema):
    """The follow code, or the phone number given with the report."""

    code: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)


class QueueOut(Schema):
    code: str
    titles: Words
    count: int
    late: int
    capped: bool


class ClusterOut(Schema):
    lon: float
    lat: float
    count: int
    cell: str
    number: str
    late: bool


class CategoryOut(Schema):
    code: str
    parent: str
    level: int
    titles: Words
    evidence_required: bool
    sign_off_required: bool
    public_space: bool


class AreaOut(Schema):
    code: str
    name: str
    level: str
    path: str


class SubscriptionIn(Schema):
    """verbs: exact or prefixes ending with a dot; empty: everything the owner may know of."""

    url: str = Field(..., max_length=2000)
    verbs: list[str] = Field(default_factory=list, max_length=50)
    area_path: str = Field("", max_length=400)


class SubscribedOut(Schema):
    """secret: shown this once; deliveries are signed with it."""

    id: UUID
    secret: str


class TokenOut(Schema):
    """hint: its last letters."""

    id: UUID
    name: str
    hint: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class TokenIn(Schema):
    name: str = Field(..., max_length=80)
    days: int = Field(90, ge=1, le=366)
