import json
import random
from uuid import uuid4

import numpy as np
import pytest
import shapely

from gongzhi.places.covering import overlaps, uncovered
from gongzhi.places.gazetteer import Name
from gongzhi.places.index import AreaRow, PlaceIndex
from gongzhi.places.tests.conftest import SOUTH, STEP, WEST, square


def row(code: str, level: str, path: str, geometry: object = None, name: str = "") -> AreaRow:
    return AreaRow(uuid4(), code, name or code, level, path, json.dumps(geometry) if geometry else None)


@pytest.fixture(scope="module")
def town() -> PlaceIndex:
    """A district of 4 × 4 grids in which the last grid is missing."""
    areas = [
        row("d", "district", "d/", square(WEST, SOUTH, 4 * STEP), "岳麓区"),
        row("s", "street", "d/s/", square(WEST, SOUTH, 4 * STEP), "桔子洲街道"),
    ]
    for n in range(15):
        geometry = square(WEST + n % 4 * STEP, SOUTH + n // 4 * STEP)
        areas.append(row(f"g{n:02}", "grid", f"d/s/g{n:02}/", geometry, f"第{n}网格"))
    names = [
        Name("阳光花园", "estate", "d/s/g05/", WEST + 1.5 * STEP, SOUTH + 1.5 * STEP),
        Name("阳光花园3号楼", "building", "d/s/g05/", WEST + 1.6 * STEP, SOUTH + 1.6 * STEP),
        Name("滨江路", "road", "d/s/g01/"),
        Name("滨江路", "road", "d/s/g02/"),
        Name("滨江路88号", "building", "d/s/g02/", WEST + 2.5 * STEP, SOUTH + 0.5 * STEP),
        Name("人民公园", "poi", "d/s/g03/"),
        Name("人民公园", "poi", "d/s/g09/"),
    ]
    return PlaceIndex(areas, names, version=7)


def test_a_point_finds_its_most_specific_area(town: PlaceIndex) -> None:
    found = town.locate_point(WEST + 1.5 * STEP, SOUTH + 1.5 * STEP)
    assert (found.area_path, found.state, found.reason) == ("d/s/g05/", "located", "in_grid")


def test_a_point_in_no_grid_but_in_the_street_says_so(town: PlaceIndex) -> None:
    found = town.locate_point(WEST + 3.5 * STEP, SOUTH + 3.5 * STEP)
    assert (found.area_path, found.state, found.reason) == ("d/s/", "located", "in_area_without_grid")


def test_outside_swapped_and_impossible_points_are_three_different_answers(town: PlaceIndex) -> None:
    assert town.locate_point(WEST - 1, SOUTH).reason == "outside"
    assert town.locate_point(SOUTH + STEP, WEST + STEP).reason == "swapped_coordinates"
    assert town.locate_point(float("nan"), 500).reason == "bad_coordinates"
    assert town.locate_point(WEST - 1, SOUTH).area_path == ""


def test_a_point_on_a_border_belongs_to_exactly_one_grid_always_the_same(town: PlaceIndex) -> None:
    corner = (WEST + STEP, SOUTH + STEP)
    assert {town.locate_point(*corner).area_path for _ in range(5)} == {"d/s/g00/"}


def test_many_points_get_the_answers_of_single_ones(town: PlaceIndex) -> None:
    chance = random.Random(3)
    points = [
        (WEST + chance.uniform(-1, 5) * STEP, SOUTH + chance.uniform(-1, 5) * STEP) for _ in range(2000)
    ]
    numbers = town.locate_points([x for x, _ in points], [y for _, y in points])
    for number, point in zip(numbers, points, strict=True):
        assert (town.shaped[number].path if number >= 0 else "") == town.locate_point(*point).area_path


def test_an_empty_town_answers_outside_and_no_name() -> None:
    empty = PlaceIndex([])
    assert empty.locate_point(113.0, 28.2).reason == "outside"
    assert empty.place_text("桔子洲街道").reason == "no_name"
    assert list(empty.locate_points([1.0], [1.0])) == [-1]
    assert empty.box is None


def test_the_longest_name_wins_and_house_numbers_are_read_in_any_writing(town: PlaceIndex) -> None:
    for text in ("阳光花园三号楼漏水", "阳光花园 3#楼 漏水", "在阳光花园３号楼，漏水"):
        (best, *_) = town.locate_text(text)
        assert (best.area_path, best.names[0].kind) == ("d/s/g05/", "building")
        assert best.lon == pytest.approx(WEST + 1.6 * STEP)


def test_a_number_is_not_found_inside_a_longer_number(town: PlaceIndex) -> None:
    assert town.locate_text("滨江路88号")[0].lon is not None
    assert all(candidate.lon is None for candidate in town.locate_text("滨江路888号"))


def test_a_name_of_two_places_is_two_candidates_and_no_decision(town: PlaceIndex) -> None:
    candidates = town.locate_text("人民公园有人跳广场舞")
    assert {c.area_path for c in candidates} == {"d/s/g03/", "d/s/g09/"}
    assert (town.place_text("人民公园").state, town.place_text("人民公园").reason) == ("unknown", "ambiguous")


def test_a_second_name_settles_an_ambiguous_one(town: PlaceIndex) -> None:
    (best, *_) = town.locate_text("第9网格的人民公园")
    assert best.area_path == "d/s/g09/"
    assert town.place_text("第9网格的人民公园").area_path == "d/s/g09/"
    assert best.reason == "第9网格(area)+人民公园(poi)"


def test_names_that_contradict_each_other_are_never_decided(town: PlaceIndex) -> None:
    (best, *_) = town.locate_text("阳光花园对面的第9网格")
    assert best.against
    assert "≠" in best.reason
    assert town.place_text("阳光花园对面的第9网格").state == "unknown"


def test_a_name_without_its_suffix_is_offered_but_not_taken(town: PlaceIndex) -> None:
    assert [c.area_path for c in town.locate_text("桔子洲那边")] == ["d/s/"]
    assert town.place_text("桔子洲那边").state == "unknown"
    assert town.place_text("桔子洲街道那边").area_path == "d/s/"


def test_text_without_names_and_hostile_text_find_nothing(town: PlaceIndex) -> None:
    for text in ("", "路灯坏了", "\x00\x01", "<script>", "长" * 100_000):
        assert town.place_text(text).reason == "no_name"


def test_names_and_inner_points(town: PlaceIndex) -> None:
    assert town.full_name("d/s/g05/") == "岳麓区 桔子洲街道 第5网格"
    point = town.inner_point("d/s/g05/")
    assert point is not None
    assert town.locate_point(*point).area_path == "d/s/g05/"
    assert town.inner_point("nowhere/") is None


def test_overlaps_and_uncovered_ground_are_listed(town: PlaceIndex) -> None:
    assert overlaps(town) == []
    (gap,) = uncovered(town)
    assert gap.area.code == "s"
    assert gap.square_metres == pytest.approx(1.09e6, rel=0.02)
    crossing = PlaceIndex(
        [row("a", "grid", "a/", square(WEST, SOUTH)), row("b", "grid", "b/", square(WEST + STEP / 2, SOUTH))]
    )
    (overlap,) = overlaps(crossing)
    assert {overlap.first.code, overlap.second.code} == {"a", "b"}
    assert overlap.square_metres == pytest.approx(1.09e6 / 2, rel=0.02)


def test_many_points_at_once_are_answered_as_one_by_one() -> None:
    side = 45
    areas = []
    for n in range(side * side):
        centre = shapely.Point(WEST + n % side * STEP, SOUTH + n // side * STEP)
        areas.append(
            row(f"g{n}", "grid", f"g{n}/", json.loads(shapely.to_geojson(centre.buffer(STEP * 0.6))))
        )
    index = PlaceIndex(areas)
    chance = np.random.default_rng(1)
    lons, lats = WEST + chance.random(2_000) * STEP * side, SOUTH + chance.random(2_000) * STEP * side
    numbers = index.locate_points(lons, lats)
    assert (numbers >= 0).mean() > 0.9
    alone = [index.locate_points(lons[n : n + 1], lats[n : n + 1])[0] for n in range(0, 2_000, 20)]
    assert alone == list(numbers[::20])
