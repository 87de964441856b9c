import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.places import cells, coordinates

china = {"lon": st.floats(73.5, 135.0), "lat": st.floats(18.2, 53.5)}


@given(**china)
def test_there_and_back_is_within_a_millimetre(lon: float, lat: float) -> None:
    for system in coordinates.SYSTEMS:
        back = coordinates.to_wgs84(*coordinates.from_wgs84(lon, lat, system), system)
        assert coordinates.metres_between((lon, lat), back) < 0.001


@given(**china)
def test_the_shifts_have_their_known_size(lon: float, lat: float) -> None:
    assert 20 < coordinates.metres_between((lon, lat), coordinates.from_wgs84(lon, lat, "gcj02")) < 1200
    assert 200 < coordinates.metres_between((lon, lat), coordinates.from_wgs84(lon, lat, "bd09")) < 2600


def test_a_well_known_point_agrees_with_published_values() -> None:
    # Tiananmen: WGS-84 116.397, 39.909 is about 116.40324, 39.91040 in GCJ-02 and 116.40962, 39.91674 in BD-09
    lon, lat = coordinates.from_wgs84(116.397, 39.909, "gcj02")
    assert (round(lon, 4), round(lat, 4)) == (116.4032, 39.9104)
    lon, lat = coordinates.from_wgs84(116.397, 39.909, "bd09")
    assert (round(lon, 4), round(lat, 4)) == (116.4096, 39.9167)


def test_outside_china_gcj02_is_wgs84() -> None:
    assert coordinates.to_wgs84(-71.06, 42.36, "gcj02") == (-71.06, 42.36)
    with pytest.raises(ValueError):
        coordinates.to_wgs84(1, 1, "cgcs")


def test_swapped_and_impossible_coordinates_are_noticed() -> None:
    box = (112.9, 28.1, 113.1, 28.3)
    assert coordinates.looks_swapped(28.2, 113.0, box=box)
    assert not coordinates.looks_swapped(113.0, 28.2, box=box)
    assert not coordinates.looks_swapped(0.0, 0.0, box=box)
    for lon, lat in ((math.nan, 0), (0, math.inf), (181, 0), (0, -91)):
        assert not coordinates.on_earth(lon, lat)


def test_a_cell_lies_in_its_wider_cell_and_holds_its_centre() -> None:
    cell = cells.h3(113.0, 28.2)
    assert cells.wider(cell, 7) == cells.h3(*cells.centre(cells.wider(cell, 7)), 7)
    assert cells.h3(*cells.centre(cell)) == cell
    assert len(cells.outline(cell)) == 7
    assert 0 < cell < 2**63
    assert cells.many([(113.0, 28.2)]) == [cell]
    assert cells.resolution_of(cell) == cells.RESOLUTION
    assert cells.resolution_for(0) == cells.COARSEST
    assert cells.resolution_for(20) == cells.FINEST
