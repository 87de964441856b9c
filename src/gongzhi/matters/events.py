"""What this room's acts say. Free words and names stand only here, in the erasable content of an act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gongzhi.acts.events import event


@dataclass(frozen=True, slots=True)
class ImportedFrom:
    """The act was not done here: it tells what another system says happened. row: where it stands there."""

    origin: str
    external_id: str
    row: str


@event("matters.opened", version=1)
@dataclass(frozen=True, slots=True)
class Opened:
    """procedure: "case@1" · category: code · place: located, outside or unknown · route: led, consultation or gap
    with the organisation named and the version of the list · due_at: ISO 8601 or "" ·
    split_from: number of the matter it is a piece of."""

    number: str
    procedure: str
    state: str
    category: str
    channel: str
    urgency: str
    confidential: bool
    place: str
    route: str
    organisation_id: UUID | None
    table_version: int
    due_at: str = ""
    imported: ImportedFrom | None = None
    split_from: str = ""


@event("matters.performed", version=1)
@dataclass(frozen=True, slots=True)
class Performed:
    """One verb of the procedure was done. form: values as sent (files by id) · public: names of the fields the
    reporter may read · tells: {"zh", "en"} what the reporter is told, empty = not told · names: as they were then
    (lead, handler, category) · due_at: nearest deadline afterwards."""

    number: str
    procedure: str
    verb: str
    from_state: str
    to_state: str
    version: int
    form: Mapping[str, Any] = field(default_factory=dict)
    public: tuple[str, ...] = ()
    tells: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    due_at: str = ""
    imported: ImportedFrom | None = None


@event("matters.escalated", version=1)
@dataclass(frozen=True, slots=True)
class Escalated:
    """A clock has used `at_percent` of its time and `to` is told."""

    number: str
    procedure: str
    clock: str
    at_percent: int
    to: tuple[str, ...]
    due_at: str


@event("matters.recomputed", version=1)
@dataclass(frozen=True, slots=True)
class Recomputed:
    """Holidays of `year` became known and deadlines moved. clocks: code → [before, after] in ISO 8601."""

    number: str
    year: int
    clocks: Mapping[str, tuple[str, str]]
    promised: bool


@event("matters.handed_over", version=1)
@dataclass(frozen=True, slots=True)
class HandedOver:
    """what: handler or task. from_account, to_account: whose it was and is; deadlines did not move."""

    number: str
    what: str
    from_account: UUID
    to_account: UUID
