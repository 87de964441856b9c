"""Reading a GeoJSON file of areas and names into judged rows; what cannot go in comes out with its reason."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongzhi.kernel.refusals import Invalid, Refusal
from gongzhi.places import coordinates, judging, naming
from gongzhi.places.levels import DEPTH, NAME_KINDS
from gongzhi.places.shapes import Shape, shape

_WORLD = ("CRS84", "EPSG::4326", "EPSG:4326", "4326", "WGS84", "WGS 84")


@dataclass(frozen=True, slots=True)
class Reject:
    """row: number of the feature, from 1; column: property or "geometry"."""

    row: int
    column: str
    code: str
    reason: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AreaFeature:
    row: int
    code: str
    name: str
    level: str
    parent: str
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class NameFeature:
    row: int
    name: str
    kind: str
    area: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Fields:
    """Which property carries what. level may be fixed for the whole file with `level_default`."""

    code: str = "code"
    name: str = "name"
    level: str = "level"
    parent: str = "parent"
    kind: str = "kind"
    area: str = "area"
    level_default: str = ""


def features(content: str) -> list[Mapping[str, Any]]:
    """The features of a FeatureCollection, or of one GeoJSON object per line. Raises Invalid for anything else."""
    try:
        whole = json.loads(content)
    except ValueError:
        return _lines(content)
    if not isinstance(whole, dict) or whole.get("type") not in ("FeatureCollection", "Feature"):
        raise Invalid("places.not_geojson", "文件不是 GeoJSON 的 FeatureCollection。")
    named = str(((whole.get("crs") or {}).get("properties") or {}).get("name", "CRS84"))
    if not named.endswith(_WORLD):
        raise Invalid(
            "places.crs", "坐标系 %(crs)s 不受支持，请转换为 WGS-84，或注明 gcj02、bd09。", crs=named[:60]
        )
    found = whole["features"] if whole["type"] == "FeatureCollection" else [whole]
    if not isinstance(found, list):
        raise Invalid("places.not_geojson", "文件不是 GeoJSON 的 FeatureCollection。")
    return found


def _lines(content: str) -> list[Mapping[str, Any]]:
    try:
        return [json.loads(line) for line in content.lstrip("\x1e").splitlines() if line.strip()]
    except ValueError as error:
        raise Invalid("places.not_geojson", "文件不是 GeoJSON 的 FeatureCollection。") from error


def judged(
    given: list[Mapping[str, Any]], *, fields: Fields, system: str
) -> Iterator[AreaFeature | NameFeature | Reject]:
    """Every feature as a row or a reject, in file order."""
    for row, feature in enumerate(given, start=1):
        try:
            yield _judged(row, feature, fields, system)
        except Refusal as refusal:
            yield Reject(row, refusal.field or "feature", refusal.code, refusal.text, refusal.params)


def _judged(row: int, feature: Mapping[str, Any], fields: Fields, system: str) -> AreaFeature | NameFeature:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise Invalid("places.no_properties", "要素缺少属性。", field="properties")
    properties, geometry = feature["properties"], feature.get("geometry")
    kind = _text(properties, fields.kind)
    if kind in NAME_KINDS and (geometry is None or geometry.get("type") == "Point"):
        return _name(row, properties, geometry, kind, fields, system)
    level = _text(properties, fields.level) or fields.level_default
    return AreaFeature(
        row,
        judging.code(_text(properties, fields.code)),
        judging.name(_text(properties, fields.name) or _text(properties, fields.code)),
        judging.level(level, above=None),
        _text(properties, fields.parent),
        shape(geometry, system=system) if geometry else None,
    )


def _name(
    row: int,
    properties: Mapping[str, Any],
    geometry: Mapping[str, Any] | None,
    kind: str,
    fields: Fields,
    system: str,
) -> NameFeature:
    name = judging.name(_text(properties, fields.name), longest=120)
    if len(naming.normalised(name)) < 2:
        raise Invalid("places.name_short", "地名至少两个字。", field="name")
    if geometry is None:
        return NameFeature(row, name, kind, _text(properties, fields.area), None, None)
    try:
        east, north = map(float, geometry["coordinates"][:2])
        lon, lat = coordinates.to_wgs84(east, north, system)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("places.point", "经纬度不正确。", field="geometry") from error
    if not coordinates.on_earth(lon, lat):
        raise Invalid("places.point", "经纬度不正确。", field="geometry")
    return NameFeature(row, name, kind, _text(properties, fields.area), lon, lat)


def widest_first(areas: list[AreaFeature]) -> list[AreaFeature]:
    """Parents before children, otherwise in file order."""
    return sorted(areas, key=lambda area: DEPTH[area.level])


def _text(properties: Mapping[str, Any], key: str) -> str:
    value = properties.get(key)
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
