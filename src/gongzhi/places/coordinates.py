"""Coordinate systems met in China, in degrees. Pure. Inside the platform everything is WGS-84.

GCJ-02 is the shifted system of Chinese web maps (Amap, Tencent), BD-09 Baidu's second shift on top of it. Outside the
rectangle where the shift is defined, GCJ-02 equals WGS-84. Backward conversion iterates: error below 10⁻⁸ degrees
(about a millimetre) of a round trip.
"""

import math
from collections.abc import Callable

SYSTEMS = ("wgs84", "gcj02", "bd09")
_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_ANGLE = math.pi * 3000.0 / 180.0
_ROUNDS_MAX = 30
Pair = tuple[float, float]


def to_wgs84(lon: float, lat: float, system: str) -> Pair:
    """(lon, lat) in WGS-84 of a point given in "wgs84", "gcj02" or "bd09". Raises ValueError for another system."""
    if system == "wgs84":
        return lon, lat
    if system == "gcj02":
        return _inverse(_to_gcj02, lon, lat)
    if system == "bd09":
        return _inverse(_to_gcj02, *_inverse(_gcj02_to_bd09, lon, lat))
    raise ValueError(f"unknown coordinate system: {system}")


def from_wgs84(lon: float, lat: float, system: str) -> Pair:
    """The other way round."""
    if system == "wgs84":
        return lon, lat
    if system == "gcj02":
        return _to_gcj02(lon, lat)
    if system == "bd09":
        return _gcj02_to_bd09(*_to_gcj02(lon, lat))
    raise ValueError(f"unknown coordinate system: {system}")


def on_earth(lon: float, lat: float) -> bool:
    """Finite and within ±180, ±90."""
    return math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90


def looks_swapped(lon: float, lat: float, *, box: tuple[float, float, float, float]) -> bool:
    """Whether the point lies outside the town's box (west, south, east, north) but inside it with lon and lat exchanged."""
    return not _within(lon, lat, box) and _within(lat, lon, box)


def metres_between(first: Pair, second: Pair) -> float:
    """Great-circle distance of two (lon, lat)."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*first, *second))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371008.8 * math.asin(math.sqrt(chord))


def _within(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _inverse(forward: Callable[[float, float], Pair], lon: float, lat: float) -> Pair:
    """Fixed-point iteration; the shift changes slowly, each round gains about three digits."""
    x, y = lon, lat
    for _ in range(_ROUNDS_MAX):
        there = forward(x, y)
        error = (there[0] - lon, there[1] - lat)
        x, y = x - error[0], y - error[1]
        if max(abs(error[0]), abs(error[1])) < 1e-11:
            break
    return x, y


def _to_gcj02(lon: float, lat: float) -> Pair:
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    radians = lat / 180.0 * math.pi
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    root = math.sqrt(magic)
    north = _north(x, y) * 180.0 / ((_AXIS * (1 - _ECCENTRICITY_SQUARED)) / (magic * root) * math.pi)
    east = _east(x, y) * 180.0 / (_AXIS / root * math.cos(radians) * math.pi)
    return lon + east, lat + north


def _waves(x: float) -> float:
    return (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    value = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + _waves(x)
    value += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    return value + (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    value = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + _waves(x)
    value += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    return value + (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0


def _gcj02_to_bd09(lon: float, lat: float) -> Pair:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU_ANGLE)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU_ANGLE)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006
