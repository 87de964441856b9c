"""What this room records. Shapes are named by their digest, not repeated: they can be large."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("places.area_registered", version=1)
@dataclass(frozen=True, slots=True)
class AreaRegistered:
    """shape: SHA-256 of the canonical GeoJSON, "" without one; source: "desk" or "file name:row"."""

    code: str
    name: str
    level: str
    shape: str
    source: str


@event("places.area_changed", version=1)
@dataclass(frozen=True, slots=True)
class AreaChanged:
    code: str
    name: str
    shape: str
    source: str


@event("places.area_ended", version=1)
@dataclass(frozen=True, slots=True)
class AreaEnded:
    code: str
    reason: str


@event("places.manager_appointed", version=1)
@dataclass(frozen=True, slots=True)
class ManagerAppointed:
    code: str
    person: UUID | None


@event("places.name_added", version=1)
@dataclass(frozen=True, slots=True)
class NameAdded:
    name: str
    kind: str
    lon: float | None
    lat: float | None
    source: str


@event("places.name_ended", version=1)
@dataclass(frozen=True, slots=True)
class NameEnded:
    name: str
    reason: str
