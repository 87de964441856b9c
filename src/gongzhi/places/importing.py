"""Importing areas and names: idempotent by code, resumable, in batches; a bad feature does not hold up the others."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Invalid
from gongzhi.places import coordinates, events, judging, naming, snapshot
from gongzhi.places.features import AreaFeature, Fields, NameFeature, Reject, features, judged, widest_first
from gongzhi.places.index import PlaceIndex
from gongzhi.places.models import Area, PlaceName

BATCH = 500
_COLUMNS = ["name", "geometry", "west", "south", "east", "north"]
T = TypeVar("T")


@dataclass(slots=True)
class Imported:
    """What became of every feature: created + changed + unchanged + len(rejects) = total."""

    total: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)


def import_areas(
    content: str,
    *,
    by: Actor,
    at: datetime,
    source: str,
    fields: Fields | None = None,
    system: str = "wgs84",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Imported:
    """Areas (polygons) and names (points or shapeless features with `kind`) of a GeoJSON text.

    Each batch is one transaction with one act per area: interrupted, the next run goes on and adds nothing twice.
    A parent is named by the property `parent`, else the longest known code that begins the area's code. source: what
    acts say about the origin, e.g. the file's name. Raises Invalid when the text is no GeoJSON or the system unknown.
    """
    require_to(by, "places.change")
    if system not in coordinates.SYSTEMS:
        raise Invalid("places.system", "没有这种坐标系：%(system)s。", system=system[:20])
    given = features(content)
    result = Imported(total=len(given))
    rows = list(judged(given, fields=fields or Fields(), system=system))
    result.rejects += [row for row in rows if isinstance(row, Reject)]
    areas = _once(widest_first([row for row in rows if isinstance(row, AreaFeature)]), result)
    names = [row for row in rows if isinstance(row, NameFeature)]
    done = len(result.rejects)
    for batch in _batches(areas):
        _areas(batch, result, by=by, at=at, source=source)
        done += len(batch)
        progress(done, result.total)
    index = (
        snapshot.current() if names else PlaceIndex([])
    )  # names do not move areas: one index for all batches
    for some in _batches(names):
        _names(some, index, result, by=by, at=at, source=source)
        done += len(some)
        progress(done, result.total)
    result.rejects.sort(key=lambda reject: reject.row)
    return result


def _once(areas: list[AreaFeature], result: Imported) -> list[AreaFeature]:
    seen: set[str] = set()
    kept = []
    for area in areas:
        if area.code in seen:
            result.rejects.append(Reject(area.row, "code", "places.code_twice", _("区域代码在文件中重复。")))
        else:
            kept.append(area)
            seen.add(area.code)
    return kept


@transaction.atomic
def _areas(batch: Sequence[AreaFeature], result: Imported, *, by: Actor, at: datetime, source: str) -> None:
    """Levels one after the other, so that parents are there."""
    drafts: list[Draft] = []
    for level in dict.fromkeys(area.level for area in batch):
        some = [area for area in batch if area.level == level]
        wanted = {code for area in some for code in (area.code, area.parent, *_prefixes(area.code))}
        known = {area.code: area for area in Area.objects.filter(code__in=wanted, ended_at__isnull=True)}
        fresh: list[Area] = []
        moved: list[Area] = []
        for feature in some:
            try:
                area, is_new = _area(feature, known, at)
            except Invalid as refusal:
                result.rejects.append(
                    Reject(feature.row, refusal.field, refusal.code, refusal.text, refusal.params)
                )
                continue
            if area is None:
                result.unchanged += 1
                continue
            (fresh if is_new else moved).append(area)
            drafts.append(_draft(area, is_new, f"{source}:{feature.row}", by, at))
        Area.objects.bulk_create(fresh)
        Area.objects.bulk_update(moved, _COLUMNS)
        result.created += len(fresh)
        result.changed += len(moved)
    record_many(drafts)


def _area(feature: AreaFeature, known: dict[str, Area], at: datetime) -> tuple[Area | None, bool]:
    """(new or changed area, whether it is new), or (None, False) when it is there already."""
    parent = _parent(feature, known)
    held = known.get(feature.code)
    if held is None:
        area = Area(
            id=uuid7(at),
            code=feature.code,
            level=judging.level(feature.level, above=parent.level if parent else None),
            parent=parent,
            path=f"{parent.path if parent else ''}{feature.code}/",
            registered_at=at,
        )
        return _filled(area, feature), True
    if held.level != feature.level or held.parent_id != (parent.id if parent else None):
        raise Invalid("places.moved", "该区域已登记在别的上级或层级之下，不能由导入改动。", field="parent")
    geometry = feature.shape.geometry if feature.shape else held.geometry
    if held.name == feature.name and judging.digest(held.geometry) == judging.digest(geometry):
        return None, False
    return _filled(held, feature), False


def _filled(area: Area, feature: AreaFeature) -> Area:
    area.name = feature.name
    if feature.shape:
        area.geometry = feature.shape.geometry
        area.west, area.south, area.east, area.north = feature.shape.box
    return area


def _parent(feature: AreaFeature, known: dict[str, Area]) -> Area | None:
    if feature.parent:
        if feature.parent not in known:
            raise Invalid(
                "places.parent_unknown",
                "上级区域 %(parent)s 尚未登记。",
                field="parent",
                parent=feature.parent[:32],
            )
        return known[feature.parent]
    return next((known[code] for code in _prefixes(feature.code) if code in known), None)


def _prefixes(code: str) -> Iterator[str]:
    yield from (code[:length] for length in range(len(code) - 1, 1, -1))


@transaction.atomic
def _names(
    batch: Sequence[NameFeature], index: PlaceIndex, result: Imported, *, by: Actor, at: datetime, source: str
) -> None:
    by_code = {area.code: area for area in index.areas.values()}
    placed: list[tuple[NameFeature, UUID, str]] = []
    for feature in batch:
        path = ""
        if feature.area in by_code:
            path = by_code[feature.area].path
        elif not feature.area and feature.lon is not None and feature.lat is not None:
            path = index.locate_point(feature.lon, feature.lat).area_path
        if path:
            placed.append((feature, index.areas[path].id, path))
        else:
            reason = _("找不到它所在的区域：请填写区域代码，或检查坐标。")
            result.rejects.append(Reject(feature.row, "area", "places.name_nowhere", reason))
    plain = {feature.row: naming.normalised(feature.name)[:120] for feature, *_ in placed}
    held = PlaceName.objects.filter(normalised__in=set(plain.values()), valid_until__isnull=True)
    known = set(held.values_list("normalised", "area_id"))
    fresh, drafts = [], []
    for feature, area_id, path in placed:
        key = (plain[feature.row], area_id)
        if key in known:
            result.unchanged += 1
            continue
        known.add(key)
        name = PlaceName(
            id=uuid7(at), name=feature.name, normalised=key[0], kind=feature.kind, area_id=area_id
        )
        name.lon, name.lat, name.valid_from = feature.lon, feature.lat, at
        fresh.append(name)
        event = events.NameAdded(
            feature.name, feature.kind, feature.lon, feature.lat, f"{source}:{feature.row}"
        )
        subject = Subject("places.area", area_id)
        drafts.append(
            Draft(verb="places.add_name", subject=subject, by=by, at=at, event=event, area_path=path)
        )
    PlaceName.objects.bulk_create(fresh)
    result.created += len(fresh)
    record_many(drafts)


def _draft(area: Area, is_new: bool, source: str, by: Actor, at: datetime) -> Draft:
    digest = judging.digest(area.geometry)
    event: Any = (
        events.AreaRegistered(area.code, area.name, area.level, digest, source)
        if is_new
        else events.AreaChanged(area.code, area.name, digest, source)
    )
    verb = "places.register_area" if is_new else "places.change_area"
    subject = Subject("places.area", area.id)
    return Draft(verb=verb, subject=subject, by=by, at=at, event=event, area_path=area.path)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    queue = iter(rows)
    while batch := list(islice(queue, BATCH)):
        yield batch
