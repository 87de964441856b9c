"""The map: lateness counted beside the clusters, places nobody knows said in words, nothing for shared caches."""

from datetime import timedelta
from importlib import import_module

from gongzhi.matters import queries
from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in

BOX = "bbox=112,28,113,29"


def test_late_cases_are_told_to_those_who_may_see_them(world: World, report, now) -> None:  # type: ignore[no-untyped-def]
    late, secret = report(column=0.5), report(column=0.5, confidential=True)
    report(column=0.5)
    Matter.objects.filter(number__in=(late.number, secret.number)).update(due_at=now - timedelta(hours=1))
    points = signed_in(world.accounts["dispatcher"]).get(f"/desk/map/late.json?{BOX}").json()["points"]
    assert len(points) == 1
    assert signed_in(world.accounts["neighbour"]).get(f"/desk/map/late.json?{BOX}").json()["points"] == []


def test_a_bad_range_is_refused(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"], accept="application/json")
    assert client.get("/desk/map/late.json?bbox=x").status_code == 422


def test_shapes_of_areas_are_kept_by_no_shared_cache(world: World) -> None:
    answer = signed_in(world.accounts["dispatcher"]).get("/desk/areas.geojson")
    assert answer["Cache-Control"] == "private, max-age=60"


def test_what_lies_in_no_grid_is_said_in_words(world: World, report) -> None:  # type: ignore[no-untyped-def]
    report(column=-0.04)
    page = signed_in(world.accounts["dispatcher"]).get("/desk/map/").content.decode()
    assert "—" not in page.split("<tbody>")[1]


def test_more_late_cases_than_are_shown_is_said_in_words(world: World, report, now, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for module in (import_module("gongzhi.matters.queries.clusters"), queries):
        monkeypatch.setattr(module, "LATE_MAX", 2)
    for _ in range(3):
        report()
    Matter.objects.update(due_at=now - timedelta(hours=1))
    client = signed_in(world.accounts["dispatcher"])
    told = client.get(f"/desk/map/late.json?{BOX}").json()
    assert len(told["points"]) == 2
    assert told["left_out"].startswith("超期的只显示最迟的 2 件，共 3 件")
    english = client.get(f"/desk/map/late.json?{BOX}", headers={"accept-language": "en"}).json()
    assert "of 3" in english["left_out"]
    Matter.objects.filter(number=Matter.objects.first().number).update(due_at=None)  # type: ignore[union-attr]
    assert client.get(f"/desk/map/late.json?{BOX}").json()["left_out"] == ""
    assert 'id="late-left-out"' in client.get("/desk/map/").content.decode()
