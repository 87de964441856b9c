"""Do the areas of one level cover their parents without crossing (GB/T 34300: 边界清晰, 全覆盖不交叉)? Pure."""

import math
from collections import defaultdict
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gongzhi.places.index import AreaRow, PlaceIndex

_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas of one level claim the same ground."""

    first: AreaRow
    second: AreaRow
    square_metres: float


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Ground of an area that belongs to none of its children."""

    area: AreaRow
    square_metres: float


def overlaps(index: PlaceIndex, *, square_metres_min: float = 10.0) -> list[Overlap]:
    """Largest first; slivers below the minimum come from drawing and are left out."""
    found = []
    by_level: defaultdict[str, list[AreaRow]] = defaultdict(list)
    for area in index.shaped:
        by_level[area.level].append(area)
    for areas in by_level.values():
        forms = shapely.from_geojson([area.geometry for area in areas])
        pairs = shapely.STRtree(forms).query(forms, predicate="intersects")
        for one, other in pairs.T[pairs[0] < pairs[1]].tolist():
            size = _square_metres(shapely.intersection(forms[one], forms[other]))
            if size >= square_metres_min:
                found.append(Overlap(areas[one], areas[other], size))
    return sorted(found, key=lambda overlap: (-overlap.square_metres, overlap.first.code))


def uncovered(index: PlaceIndex, *, square_metres_min: float = 10.0) -> list[Uncovered]:
    """Areas with a shape whose children with shapes leave ground over; areas without such children do not count."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for area in index.shaped:
        above = area.path[: -len(area.code) - 1]
        children[above].append(area.geometry or "")
    found = []
    for area in index.shaped:
        if below := children.get(area.path):
            rest = shapely.difference(
                shapely.from_geojson(area.geometry), shapely.union_all(shapely.from_geojson(below))
            )
            if (size := _square_metres(rest)) >= square_metres_min:
                found.append(Uncovered(area, size))
    return sorted(found, key=lambda gap: (-gap.square_metres, gap.area.code))


def _square_metres(form: BaseGeometry) -> float:
    if form.is_empty:
        return 0.0
    shrink = math.cos(math.radians(form.centroid.y))
    return round(float(form.area) * shrink * _METRES_PER_DEGREE**2, 1)
