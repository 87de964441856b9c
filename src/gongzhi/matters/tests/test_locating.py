"""The desk sets a place: area, words, route and map follow, and whoever had no business with it loses sight of it."""

import pytest

from gongzhi.access.decisions import may
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.matters.models import Placement, Routing
from gongzhi.matters.tests.town import EAST, GRID, D
from gongzhi.places.models import Area


def unplaced(town, path=D):
    area = Area.objects.get(path=path)
    return town.open(area_id=area.id, area_path=path, place_state="unknown", lon=None, lat=None).number


def test_a_place_set_by_the_desk_is_the_matters_from_then_on(town):
    number = unplaced(town)
    assert not may(town["east_dispatcher"], "view", town.matter(number))
    town.do(number, "locate", "dispatcher", area=town.grid.code, address="麓谷大道 12 号")
    matter = town.matter(number)
    assert (matter.area_path, matter.area_id) == (GRID, town.grid.id)
    assert (matter.words.place_state, matter.words.address) == ("located", "麓谷大道 12 号")
    assert may(town["east_dispatcher"], "view", matter)
    placed = Placement.objects.get(matter=matter)
    assert (placed.path_before, placed.area_id) == (D, town.grid.id)
    assert Routing.objects.filter(matter=matter, ended_at__isnull=True).count() == 1
    assert Routing.objects.filter(matter=matter).count() == 2


def test_a_list_of_areas_may_be_answered_by_path(town):
    number = unplaced(town)
    town.do(number, "locate", "dispatcher", area=GRID)
    assert town.matter(number).area_path == GRID


def test_the_desk_of_another_street_neither_sees_nor_places_it(town):
    number = unplaced(town, EAST)
    assert may(town["east_dispatcher"], "view", town.matter(number))
    assert not may(town["west_dispatcher"], "view", town.matter(number))


@pytest.mark.parametrize("area", ["nowhere", "510000/999/", "'; drop table", "/"])
def test_an_area_that_does_not_exist_is_refused_and_nothing_changes(town, area):
    number = unplaced(town)
    with pytest.raises(InvalidForm) as refused:
        town.do(number, "locate", "dispatcher", area=area)
    assert refused.value.errors["area"].code == "form.no_area"
    assert town.matter(number).area_path == D


def test_a_closed_area_is_refused(town):
    number = unplaced(town)
    Area.objects.filter(id=town.grid.id).update(ended_at=town.clock)
    with pytest.raises(InvalidForm):
        town.do(number, "locate", "dispatcher", area=town.grid.code)
