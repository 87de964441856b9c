"""Where is it? By point, by the area chosen, by the words of the address; in that order. Pure."""

from dataclasses import dataclass, replace
from uuid import UUID

from gongzhi.intake import judging
from gongzhi.intake.raw import RawReport
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters.reports import PlaceState
from gongzhi.places import coordinates


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84. state "outside" and "unknown" are answers: the desk places such reports by hand (verb `locate`)."""

    area_path: str = ""
    area_id: UUID | None = None
    state: PlaceState = "unknown"
    lon: float | None = None
    lat: float | None = None


def point(raw: RawReport, snapshots: Snapshots) -> tuple[float, float] | None:
    """The WGS-84 point given, None when none is. Raises Invalid: half a point, off the earth, lon and lat exchanged."""
    lon, lat = judging.number(raw.lon, field="lon"), judging.number(raw.lat, field="lat")
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        missing = "lon" if lon is None else "lat"
        raise Invalid("intake.half_a_point", "经度和纬度应同时填写。", field=missing)
    system = judging.listed(raw.system, coordinates.SYSTEMS, field="system")
    box = snapshots.places.box
    if box and coordinates.looks_swapped(lon, lat, box=box):
        raise Invalid("intake.swapped_point", "经度和纬度似乎填反了，请对调后重试。", field="lon")
    if not coordinates.on_earth(lon, lat):
        raise Invalid("intake.off_the_earth", "经纬度超出范围：经度 ±180，纬度 ±90。", field="lon")
    return coordinates.to_wgs84(lon, lat, system)


def place(
    *, at: tuple[float, float] | None, area: str, address: str, text: str, snapshots: Snapshots
) -> Place:
    """Raises Invalid for an area that is unknown or closed, or that contradicts the point."""
    chosen = snapshots.areas.get(area)
    if area and chosen is None:
        raise Invalid("intake.closed_area", "没有这个区域，或它已撤销，请重新选择。", field="area")
    if at is not None:
        found = snapshots.places.locate_point(*at)
        if found.area_path:
            if chosen and not found.area_path.startswith(chosen.path):
                if not chosen.path.startswith(found.area_path):
                    raise Invalid(
                        "intake.contradicting_place",
                        "所选区域与地图位置不一致，请改正其中一项。",
                        field="area",
                    )
                return _in(chosen.path, at, snapshots)
            return _in(found.area_path, at, snapshots)
        if chosen is None and len(snapshots.places.shaped):
            return Place(state="outside", lon=at[0], lat=at[1])
    if chosen is not None:
        return _in(chosen.path, at, snapshots)
    named = snapshots.places.place_text(address or text)
    if not named.area_path:
        return Place(lon=at[0] if at else None, lat=at[1] if at else None)
    known = (named.lon, named.lat) if named.lon is not None and named.lat is not None else None
    return _in(named.area_path, at or known, snapshots)


def kept(where: Place, *, taken_in: str, snapshots: Snapshots) -> Place:
    """Nothing is nobody's: without a known place a report belongs to the desk that heard it, else to the whole town's."""
    path = taken_in if taken_in in snapshots.places.areas else snapshots.places.whole
    if where.area_path or not path:
        return where
    return replace(where, area_path=path, area_id=snapshots.places.areas[path].id)


def _in(path: str, at: tuple[float, float] | None, snapshots: Snapshots) -> Place:
    lon, lat = at or (None, None)
    return Place(path, snapshots.places.areas[path].id, "located", lon, lat)
