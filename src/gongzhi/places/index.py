"""PlaceIndex: the areas of the town in memory, immutable. Knows shapely, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from gongzhi.places import coordinates
from gongzhi.places.gazetteer import Candidate, Gazetteer, Name, decided
from gongzhi.places.levels import DEPTH
from gongzhi.places.naming import short

Floats = Sequence[float] | np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area as loaded; geometry is GeoJSON text or None."""

    id: UUID
    code: str
    name: str
    level: str
    path: str
    geometry: str | None = None
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """state: "located", "outside" (known not to lie in the town), "unknown" (nobody can tell).

    reason: "in_grid", "in_area_without_grid", "outside", "bad_coordinates", "swapped_coordinates", "named",
    "ambiguous", "no_name". area_path is "" unless located.
    """

    area_path: str
    state: str
    reason: str
    lon: float | None = None
    lat: float | None = None


class PlaceIndex:
    """Answers for one revision of the tables. Build it off the hot path; share it between threads freely."""

    def __init__(self, areas: Sequence[AreaRow], names: Sequence[Name] = (), *, version: int = 0) -> None:
        self.version = version
        self.areas: Mapping[str, AreaRow] = {area.path: area for area in sorted(areas, key=lambda a: a.path)}
        shaped = [area for area in self.areas.values() if area.geometry]
        forms = shapely.from_geojson([area.geometry for area in shaped])
        # Most specific first, then the smaller, then by code: the first hit is the answer.
        order = sorted(
            range(len(shaped)), key=lambda n: (-DEPTH[shaped[n].level], float(forms[n].area), shaped[n].code)
        )
        self._shaped = [shaped[n] for n in order]
        self._forms: np.ndarray[Any, Any] = np.array([forms[n] for n in order], dtype=object)
        shapely.prepare(self._forms)
        self._tree = shapely.STRtree(self._forms)
        self._located = [
            (area.path, "in_grid" if area.level in ("grid", "micro_grid") else "in_area_without_grid")
            for area in self._shaped
        ]
        self.gazetteer = Gazetteer.of([*_own_names(self.areas), *names])

    def __len__(self) -> int:
        return len(self.areas)

    @cached_property
    def whole(self) -> str:
        """Path of the one area that holds all others; "" when there is none, or several stand beside each other."""
        tops = [path for path in self.areas if path.count("/") == min(p.count("/") for p in self.areas)]
        return tops[0] if len(tops) == 1 and all(path.startswith(tops[0]) for path in self.areas) else ""

    @cached_property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything with a shape."""
        if not len(self._forms):
            return None
        west, south, east, north = shapely.total_bounds(self._forms)
        return float(west), float(south), float(east), float(north)

    def locate_points(self, lons: Floats, lats: Floats) -> np.ndarray[Any, Any]:
        """For many WGS-84 points at once: position in `shaped` of the most specific area, -1 where there is none."""
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        missing = len(self._shaped)
        best = np.full(len(x), missing)
        if missing and len(x):
            point, area = self._tree.query(shapely.points(x, y))
            order = np.argsort(area, kind="stable")  # all points of one shape in a row: three times faster
            point, area = point[order], area[order]
            inside = shapely.intersects_xy(self._forms[area], x[point], y[point])
            np.minimum.at(best, point[inside], area[inside])
        best[best == missing] = -1
        return best

    @property
    def shaped(self) -> Sequence[AreaRow]:
        """Areas with a shape, most specific first: what `locate_points` counts in."""
        return self._shaped

    def locate_point(self, lon: float, lat: float) -> Located:
        """Where a WGS-84 point is. Outside every area is an answer, not an error; points on a border are inside."""
        if self.box and coordinates.looks_swapped(lon, lat, box=self.box):
            return Located("", "unknown", "swapped_coordinates", lon, lat)
        if not coordinates.on_earth(lon, lat):
            return Located("", "unknown", "bad_coordinates")
        if self._shaped:
            # Most specific first, so mostly one test of a shape; shapely.Point is the cheapest way to a point.
            for n in sorted(self._tree.query(shapely.Point(lon, lat)).tolist()):
                if shapely.intersects_xy(self._forms[n], lon, lat):
                    path, reason = self._located[n]
                    return Located(path, "located", reason, lon, lat)
        return Located("", "outside", "outside", lon, lat)

    def locate_text(self, text: str) -> list[Candidate]:
        """What the text may mean, best first, with reasons; empty when it names nothing known."""
        return self.gazetteer.candidates(text)

    def place_text(self, text: str) -> Located:
        """The place of a text when it is beyond doubt; otherwise "unknown" with "ambiguous" or "no_name"."""
        candidates = self.locate_text(text)
        chosen = decided(candidates)
        if chosen is None:
            return Located("", "unknown", "ambiguous" if candidates else "no_name")
        path = chosen.area_path
        if chosen.lon is not None and chosen.lat is not None:
            at = self.locate_point(chosen.lon, chosen.lat)
            path = at.area_path if at.area_path.startswith(path) else path
        return Located(path, "located", "named", chosen.lon, chosen.lat)

    def line(self, path: str) -> list[AreaRow]:
        """The area and those above it, widest first; unknown codes are left out."""
        codes = path.split("/")[:-1]
        steps = ("/".join(codes[: n + 1]) + "/" for n in range(len(codes)))
        return [self.areas[step] for step in steps if step in self.areas]

    def full_name(self, path: str) -> str:
        """ "岳麓区 桔子洲街道 阳光社区 第三网格"."""
        return " ".join(area.name for area in self.line(path))

    def inner_point(self, path: str) -> tuple[float, float] | None:
        """(lon, lat) of a point inside the shape: where a label or an unplaced case is drawn."""
        number = self._number.get(path)
        if number is None:
            return None
        point = shapely.point_on_surface(self._forms[number])
        return float(point.x), float(point.y)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {area.path: n for n, area in enumerate(self._shaped)}


def _own_names(areas: Mapping[str, AreaRow]) -> list[Name]:
    official = [Name(area.name, "area", area.path) for area in areas.values()]
    return official + [
        Name(core, "short", area.path) for area in areas.values() if (core := short(area.name))
    ]
