"""H3 cells: equal-sized hexagons to count things in. A cell is stored as an integer (BIGINT). Pure."""

from collections.abc import Iterable

from h3.api import basic_int

RESOLUTION = 9  # about 0.1 km²: a few street corners
COARSEST, FINEST = 5, 11


def h3(lon: float, lat: float, resolution: int = RESOLUTION) -> int:
    """The cell of a WGS-84 point."""
    return int(basic_int.latlng_to_cell(lat, lon, resolution))


def wider(cell: int, resolution: int) -> int:
    """The cell of a coarser resolution that holds this one."""
    return int(basic_int.cell_to_parent(cell, resolution))


def centre(cell: int) -> tuple[float, float]:
    """(lon, lat)."""
    lat, lon = basic_int.cell_to_latlng(cell)
    return lon, lat


def outline(cell: int) -> list[tuple[float, float]]:
    """Closed ring of (lon, lat), as GeoJSON wants it."""
    ring = [(lon, lat) for lat, lon in basic_int.cell_to_boundary(cell)]
    return [*ring, ring[0]]


def resolution_for(zoom: float) -> int:
    """A resolution whose cells are a thumb wide on a web map of this zoom level."""
    return max(COARSEST, min(FINEST, round(zoom * 0.75 - 2.0)))


def resolution_of(cell: int) -> int:
    return int(basic_int.get_resolution(cell))


def many(points: Iterable[tuple[float, float]], resolution: int = RESOLUTION) -> list[int]:
    """The cells of many (lon, lat)."""
    return [int(basic_int.latlng_to_cell(lat, lon, resolution)) for lon, lat in points]
