"""Keeping areas and names one by one; many at once: `importing`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.parties.models import Person
from gongzhi.places import coordinates, events, judging, naming
from gongzhi.places.levels import NAME_KINDS
from gongzhi.places.models import Area, PlaceName
from gongzhi.places.shapes import shape

_BOX = ("west", "south", "east", "north")


@transaction.atomic
def register_area(
    *,
    code: str,
    name: str,
    level: str,
    by: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    geometry: Mapping[str, Any] | None = None,
) -> Area:
    """A new area below `parent_id`. geometry: GeoJSON in WGS-84. Raises Invalid, Conflict (code taken), NotFound."""
    require_to(by, "places.change")
    parent = _open(parent_id) if parent_id else None
    code = judging.code(code)
    if Area.objects.filter(code=code, ended_at__isnull=True).exists():
        raise Conflict("places.code_taken", "区域代码 %(area)s 已被使用。", field="code", area=code)
    area = Area(
        id=uuid7(at),
        code=code,
        name=judging.name(name),
        level=judging.level(level, above=parent.level if parent else None),
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        registered_at=at,
    )
    _draw(area, geometry)
    area.save(force_insert=True)
    event = events.AreaRegistered(code, area.name, level, judging.digest(area.geometry), "desk")
    _record("places.register_area", area, by, at, event)
    return area


@transaction.atomic
def change_area(
    *, area_id: UUID, name: str, by: Actor, at: datetime, geometry: Mapping[str, Any] | None = None
) -> Area:
    """A new name and, when given, a new shape; code and place in the tree stay. Raises Invalid, NotFound."""
    require_to(by, "places.change")
    area = _open(area_id)
    area.name = judging.name(name)
    if geometry is not None:
        _draw(area, geometry)
    area.save(update_fields=["name", "geometry", *_BOX])
    event = events.AreaChanged(area.code, area.name, judging.digest(area.geometry), "desk")
    _record("places.change_area", area, by, at, event)
    return area


@transaction.atomic
def end_area(*, area_id: UUID, reason: str, by: Actor, at: datetime) -> Area:
    """Points fall into it no more; cases keep its path. Raises Conflict while areas below it are open."""
    require_to(by, "places.change")
    area = _open(area_id)
    if area.below.filter(ended_at__isnull=True).exists():
        raise Conflict("places.has_below", "请先撤销或调整 %(area)s 的下级区域。", area=area.code)
    area.ended_at = at
    area.save(update_fields=["ended_at"])
    _record("places.end_area", area, by, at, events.AreaEnded(area.code, reason))
    return area


@transaction.atomic
def appoint_manager(*, area_id: UUID, person_id: UUID | None, by: Actor, at: datetime) -> Area:
    """Who looks after the area (网格长, 网格员); None: nobody for now. Raises NotFound."""
    require_to(by, "places.change")
    area = _open(area_id)
    if person_id and not Person.objects.filter(id=person_id, ended_at__isnull=True).exists():
        raise NotFound("places.person_unknown", "没有这个人的登记。")
    area.manager_id = person_id
    area.save(update_fields=["manager"])
    _record("places.appoint_manager", area, by, at, events.ManagerAppointed(area.code, person_id))
    return area


@transaction.atomic
def add_name(
    *,
    area_id: UUID,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    lon: float | None = None,
    lat: float | None = None,
) -> PlaceName:
    """A name people use (alias, road, estate, building, poi), with a WGS-84 point where it has one.

    Raises Conflict when the area has it already, Invalid, NotFound.
    """
    require_to(by, "places.change")
    area = _open(area_id)
    text = judging.name(name, longest=120)
    plain = naming.normalised(text)[:120]
    if kind not in NAME_KINDS:
        raise Invalid("places.name_kind", "没有这种地名类型：%(kind)s。", field="kind", kind=kind[:12])
    if len(plain) < 2:
        raise Invalid("places.name_short", "地名至少两个字。", field="name")
    if (lon is None) != (lat is None) or (
        lon is not None and lat is not None and not coordinates.on_earth(lon, lat)
    ):
        raise Invalid("places.point", "经纬度不正确。", field="lon")
    if PlaceName.objects.filter(normalised=plain, area=area, valid_until__isnull=True).exists():
        raise Conflict("places.name_twice", "该区域已有这一地名。", field="name")
    added = PlaceName.objects.create(
        id=uuid7(at), name=text, normalised=plain, kind=kind, area=area, lon=lon, lat=lat, valid_from=at
    )
    _record("places.add_name", area, by, at, events.NameAdded(text, kind, lon, lat, "desk"))
    return added


@transaction.atomic
def end_name(*, name_id: UUID, reason: str, by: Actor, at: datetime) -> PlaceName:
    """Nobody calls it so any more. Raises NotFound when unknown or ended."""
    require_to(by, "places.change")
    held = PlaceName.objects.select_for_update(of=("self",)).select_related("area")
    ended = held.filter(id=name_id, valid_until__isnull=True).first()
    if ended is None:
        raise NotFound("places.name_unknown", "没有这一地名，或它已停用。")
    ended.valid_until = at
    ended.save(update_fields=["valid_until"])
    _record("places.end_name", ended.area, by, at, events.NameEnded(ended.name, reason))
    return ended


def _open(area_id: UUID) -> Area:
    area = Area.objects.select_for_update(of=("self",)).filter(id=area_id, ended_at__isnull=True).first()
    if area is None:
        raise NotFound("places.area_unknown", "没有这个区域，或它已撤销。")
    return area


def _draw(area: Area, geometry: Mapping[str, Any] | None) -> None:
    if geometry is None:
        return
    drawn = shape(geometry)
    area.geometry = drawn.geometry
    area.west, area.south, area.east, area.north = drawn.box


def _record(verb: str, area: Area, by: Actor, at: datetime, event: object) -> None:
    record(verb=verb, subject=Subject("places.area", area.id), by=by, at=at, event=event, area_path=area.path)
