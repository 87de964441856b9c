"""Shapes of larger answers, for the description: the rooms' own frozen values where they are the answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from gongzhi.api.v1.shapes import MatterOut
from gongzhi.files.queries import FileRow
from gongzhi.matters.queries.rows import (
    CaseView,
    ClockView,
    FactView,
    MatterRow,
    RouteView,
    SupervisionView,
    TimelineView,
    VerbOffer,
    WhistleView,
)


class KinOut(Schema):
    """A matter beside this one. relation: piece, whole, repeat, repeated, related."""

    relation: str
    id: UUID
    number: str
    title: str
    state: str


class CaseOut(Schema):
    """Everything about one matter that the caller may see; with as_reporter only what its reporter may read.

    place_state: located, outside (no area holds the point) or unknown; until it is located the area is that of the desk
    that keeps it. offers: the verbs the caller may use now, with their forms. clocks: deadlines with their counted spans in words.
    """

    header: MatterOut
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
    kin: tuple[KinOut, ...]
    procedure_code: str
    procedure_version: int
    etag: str
    whistles: tuple[WhistleView, ...]
    supervisions: tuple[SupervisionView, ...]
    urged: tuple[datetime, ...]


def row(found: MatterRow) -> dict[str, Any]:
    """A list row as the API shows it: state as a code with its titles."""
    shown = {name: getattr(found, name) for name in MatterRow.__slots__}
    shown["state"] = found.state.code
    shown["state_titles"] = found.state.titles
    shown["stage"] = found.state.stage
    return shown


def case(found: CaseView) -> dict[str, Any]:
    shown = {name: getattr(found, name) for name in CaseView.__slots__}
    kin = [
        {"relation": k.relation, "id": k.id, "number": k.number, "title": k.title, "state": k.state.code}
        for k in found.kin
    ]
    return {**shown, "header": row(found.header), "kin": kin}


class OrganisationOut(Schema):
    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    area_path: str


class ReceivedOut(Schema):
    """Bytes that are safe on our side: go on from there."""

    received_bytes: int


class KeptOut(Schema):
    """id: name it in `files` of a report or in a form."""

    id: UUID
    name: str
    type: str
    size_bytes: int
