"""A raw report is judged whole, then categorised, placed and routed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.intake.preparing import prepare
from gongzhi.intake.raw import RawReport
from gongzhi.intake.tests.conftest import AT, BUREAU, LIGHTS, world
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.matters.reports import Report
from gongzhi.places import coordinates
from gongzhi.places.index import PlaceIndex

WORLD = world()
HERE = {"lon": 112.925, "lat": 28.125}


def report(snapshots=WORLD, **given):
    return prepare(RawReport(**{"text": "小区门口路灯坏了三天，老人摔了一跤。", **given}), snapshots, AT)


def errors(snapshots=WORLD, **given):
    with pytest.raises(InvalidForm) as refused:
        report(snapshots, **given)
    return {field: refusal.code for field, refusal in refused.value.errors.items()}


def test_words_decide_the_category_the_point_the_grid_and_the_list_the_lead():
    made = report(**HERE)
    assert made.category == LIGHTS
    assert (made.area_path, made.place_state) == ("430104/S1/C1/G1/", "located")
    assert made.route.organisation_id == BUREAU
    assert made.title == "小区门口路灯坏了三天，老人摔了一跤"
    assert made.procedure.kind == "case"


def test_words_that_name_nothing_known_go_to_the_desk_unclassified():
    assert report(text="你好").category == "990201"


def test_a_category_nobody_owns_is_a_gap_and_not_an_error():
    assert report(category="010101", **HERE).route.state == "gap"


def test_the_category_given_wins_over_the_words():
    assert report(category="010101").category == "010101"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"text": ""}, "text", "intake.empty"),
        ({"text": " \n\t\u200b"}, "text", "intake.empty"),
        ({"text": None}, "text", "intake.empty"),
        ({"text": 7}, "text", "intake.not_text"),
        ({"text": ["a"]}, "text", "intake.not_text"),
        ({"text": "灯" * 10_001}, "text", "intake.too_long"),
        ({"text": "x" * 10_000_000}, "text", "intake.too_long"),
        ({"text": "灯\x00坏"}, "text", "intake.control_characters"),
        ({"text": "灯\x1b[31m坏"}, "text", "intake.control_characters"),
        ({"text": "灯\ud800坏"}, "text", "intake.control_characters"),
        ({"text": "付款\u202e给我"}, "text", "intake.control_characters"),
        ({"title": "题" * 201}, "title", "intake.too_long"),
        ({"address": "路" * 301}, "address", "intake.too_long"),
        ({"address": {"street": "x"}}, "address", "intake.not_text"),
        ({"category": "nonsense"}, "category", "intake.unknown_category"),
        ({"category": "'; DROP TABLE"}, "category", "intake.bad_code"),
        ({"area": "CLOSED"}, "area", "intake.closed_area"),
        ({"area": "G2", **HERE}, "area", "intake.contradicting_place"),
        ({"lon": 112.9}, "lat", "intake.half_a_point"),
        ({"lat": 28.1}, "lon", "intake.half_a_point"),
        ({"lon": "east", "lat": 28}, "lon", "intake.not_a_number"),
        ({"lon": True, "lat": 28}, "lon", "intake.not_a_number"),
        ({"lon": float("nan"), "lat": 28}, "lon", "intake.not_a_number"),
        ({"lon": "1e999", "lat": 28}, "lon", "intake.not_a_number"),
        ({"lon": 500, "lat": 28}, "lon", "intake.off_the_earth"),
        ({"lon": 28.125, "lat": 112.925}, "lon", "intake.swapped_point"),
        ({"lon": 28.125, "lat": 82.925}, None, None),
        ({"system": "mars", **HERE}, "system", "intake.unknown_choice"),
        ({"channel": "pigeon"}, "channel", "intake.unknown_choice"),
        ({"urgency": "very"}, "urgency", "intake.unknown_choice"),
        ({"urgency": []}, "urgency", "intake.unknown_choice"),
        ({"language": "tlh"}, "language", "intake.unknown_choice"),
        ({"kind": "poem"}, "kind", "intake.unknown_choice"),
        ({"phone": "1234"}, "phone", "parties.phone"),
        ({"phone": 13800138000}, "phone", "intake.not_text"),
        ({"phone": "13800138000", "name": "名" * 61}, "name", "parties.name"),
        ({"opened_at": AT + timedelta(days=1)}, "opened_at", "intake.in_the_future"),
        ({"opened_at": AT.replace(year=1949)}, "opened_at", "intake.long_ago"),
        ({"opened_at": AT.replace(tzinfo=None)}, "opened_at", "intake.not_an_instant"),
        ({"opened_at": "yesterday"}, "opened_at", "intake.not_an_instant"),
        ({"external_id": "a b"}, "external_id", "intake.bad_code"),
    ],
)
def test_each_wrong_field_is_named_in_words(given, field, code):
    if field is None:
        assert report(**given).place_state == "outside"
        return
    assert errors(**given) == {field: code}


def test_every_wrong_field_is_named_at_once():
    assert set(errors(text="", category="x", lon="?", lat=1, phone="?", channel="?")) == {
        "text",
        "category",
        "lon",
        "phone",
        "channel",
    }


def test_a_retired_category_is_refused():
    assert errors(world(retired=LIGHTS), category=LIGHTS) == {"category": "intake.retired_category"}


def test_html_stays_what_was_typed():
    assert report(text="<script>alert(1)</script> 路灯").text == "<script>alert(1)</script> 路灯"


def test_invisible_characters_and_line_ends_are_cleaned():
    made = report(title=" 路灯\u200b  坏了\n", text="第一行\r\n第二行\ufeff")
    assert (made.title, made.text) == ("路灯 坏了", "第一行\n第二行")


def test_a_point_outside_every_grid_is_a_recorded_state():
    made = report(lon=113.5, lat=28.5)
    assert (made.place_state, made.area_path, made.lon) == ("outside", "430104/", 113.5)


def test_what_nobody_can_place_belongs_to_the_desk_that_heard_it_else_to_the_whole_town():
    assert report().area_path == "430104/"
    assert report(taken_in="430104/S1/").area_path == "430104/S1/"
    assert report(taken_in="430104/S1/").place_state == "unknown"
    assert report(taken_in="440000/").area_path == "430104/"
    assert report(taken_in="430104/S1/", **HERE).area_path == "430104/S1/C1/G1/"


def test_where_no_area_holds_all_others_it_stays_nowhere():
    assert report(world(places=PlaceIndex([])), text="路灯坏了").area_path == ""


def test_a_point_in_the_district_but_in_no_grid_lies_in_the_district():
    assert report(lon=112.99, lat=28.19).area_path == "430104/"


def test_without_shapes_a_point_proves_nothing():
    assert report(world(places=PlaceIndex([])), **HERE).place_state == "unknown"


def test_an_area_chosen_above_the_point_is_made_exact_by_it():
    assert report(area="S1", **HERE).area_path == "430104/S1/C1/G1/"


def test_an_area_chosen_below_the_area_of_the_point_is_believed():
    assert report(area="G2", lon=112.99, lat=28.19).area_path == "430104/S1/C1/G2/"


def test_the_address_places_what_has_no_point():
    assert report(address="阳光社区第二网格 3 栋").area_path == "430104/S1/C1/G2/"


def test_a_text_that_names_no_place_is_unknown_and_not_an_error():
    assert report().place_state == "unknown"


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_declared_coordinates_are_converted(system):
    lon, lat = coordinates.from_wgs84(112.925, 28.125, system)
    made = report(lon=str(lon), lat=str(lat), system=system)
    assert made.area_path == "430104/S1/C1/G1/"
    assert made.lon == pytest.approx(112.925, abs=1e-7)


def test_who_reports_is_known_by_number_or_by_account():
    assert report(phone="138-0013-8000", name="张三").reporter.phone == "13800138000"
    known = uuid4()
    assert report(reporter_id=known, phone="ignored").reporter == known
    assert report(anonymous=True).reporter is None


def test_the_route_is_the_one_in_force_when_it_happened():
    assert report(opened_at=AT.replace(year=2019), **HERE).route.state == "gap"


@given(
    text=st.text(max_size=200),
    title=st.text(max_size=60),
    lon=st.one_of(st.none(), st.floats(), st.text(max_size=8)),
    lat=st.one_of(st.none(), st.floats(), st.text(max_size=8)),
    area=st.text(max_size=8),
    phone=st.text(max_size=12),
)
def test_whatever_comes_in_is_a_report_or_named_refusals(text, title, lon, lat, area, phone):
    raw = RawReport(text=text, title=title, lon=lon, lat=lat, area=area, phone=phone)
    try:
        made: object = prepare(raw, WORLD, AT)
    except InvalidForm as refusal:
        made = refusal.errors
    assert made
    assert isinstance(made, (Report, dict))


def test_preparing_is_fast_enough_for_the_lane():
    from time import perf_counter

    raws = [RawReport(text=f"小区门口路灯坏了 {n}", lon=112.925, lat=28.125) for n in range(300)]
    began = perf_counter()
    for raw in raws:
        prepare(raw, WORLD, AT)
    assert (perf_counter() - began) / len(raws) < 0.003
