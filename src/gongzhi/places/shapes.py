"""Shapes of areas: GeoJSON judged before it is stored. Knows shapely, no database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.refusals import Invalid
from gongzhi.places import coordinates

VERTICES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Shape:
    """geometry: GeoJSON Polygon or MultiPolygon in WGS-84; box: west, south, east, north."""

    geometry: dict[str, Any]
    box: tuple[float, float, float, float]


def shape(given: Mapping[str, Any], *, system: str = "wgs84") -> Shape:
    """A valid shape. Bow ties and unclosed rings are repaired when no ground is lost, otherwise refused.

    Raises Invalid with the reason: type, size, coordinates off the earth, crossing lines.
    """
    if given.get("type") not in ("Polygon", "MultiPolygon"):
        raise Invalid(
            "places.shape_type", "边界必须是 GeoJSON 的 Polygon 或 MultiPolygon。", field="geometry"
        )
    try:
        form = shapely.from_geojson(json.dumps(given))
    except (GEOSException, TypeError, ValueError) as error:
        raise Invalid("places.shape_unreadable", "边界坐标无法识别。", field="geometry") from error
    if form.is_empty or shapely.get_num_coordinates(form) > VERTICES_MAX:
        raise Invalid(
            "places.shape_size", "边界为空，或顶点超过 %(max)s 个。", field="geometry", max=VERTICES_MAX
        )
    form = shapely.force_2d(form)
    if system != "wgs84":
        form = shapely.transform(form, lambda points: [coordinates.to_wgs84(x, y, system) for x, y in points])
    west, south, east, north = map(float, form.bounds)
    if not (coordinates.on_earth(west, south) and coordinates.on_earth(east, north)):
        raise Invalid(
            "places.shape_off_earth", "边界坐标超出经纬度范围，请检查坐标系和经纬度顺序。", field="geometry"
        )
    return Shape(dict(mapping(_repaired(form))), (west, south, east, north))


def _repaired(form: BaseGeometry) -> BaseGeometry:
    if form.is_valid and form.area > 0:
        return form
    whole = shapely.make_valid(form, method="structure", keep_collapsed=False)
    if whole.geom_type in ("Polygon", "MultiPolygon") and whole.area > 0 and _alike(form, whole):
        return whole
    raise Invalid("places.shape_crossing", "边界线自相交或面积为零，请修正后再导入。", field="geometry")


def _alike(form: BaseGeometry, whole: BaseGeometry) -> bool:
    hull = form.convex_hull.area
    return bool(hull > 0 and abs(whole.area - abs(form.area)) <= 0.01 * hull)
