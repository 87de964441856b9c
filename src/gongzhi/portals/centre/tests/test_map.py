"""The map: lateness counted beside the clusters, places nobody knows said in words, nothing for shared caches."""

from datetime import timedelta

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
