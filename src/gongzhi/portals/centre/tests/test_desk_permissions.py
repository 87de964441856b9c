"""Owner, colleague and stranger at every page of the desk."""

import pytest
from django.test import Client

from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import account, signed_in

PAGES = (
    "/desk/",
    "/desk/?queue=all",
    "/desk/map/",
    "/desk/map/clusters.json?bbox=112,28,113,29&zoom=17",
    "/desk/map/late.json?bbox=112,28,113,29",
    "/desk/overview/",
    "/desk/statistics/",
    "/desk/mandates/",
    "/desk/precedents/",
    "/desk/procedures/",
    "/desk/procedures/case/1/",
    "/desk/procedures/case/1/diagram.svg",
    "/desk/ledger/?position=0",
    "/desk/reports/new/",
    "/desk/duty/",
    "/desk/exchange/",
)


@pytest.mark.parametrize("address", PAGES)
def test_desk_pages_open_for_staff_and_for_nobody_else(world: World, address: str) -> None:
    assert signed_in(world.accounts["dispatcher"]).get(address).status_code == 200
    assert signed_in(account("resident.li")).get(address).status_code == 403
    asked = Client(headers={"accept": "text/html"}).get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/sign-in/?next=%2Fdesk%2F")


def test_reports_are_taken_by_those_whose_work_it_is(world: World) -> None:
    assert signed_in(world.accounts["handler"]).get("/desk/reports/new/").status_code == 403


def test_a_case_is_seen_by_its_desk_and_hidden_from_another_street(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    address = f"/desk/cases/{number}/"
    assert signed_in(world.accounts["dispatcher"]).get(address).status_code == 200
    for stranger in ("neighbour", "other_handler"):
        client = signed_in(world.accounts[stranger])
        assert client.get(address).status_code == 404
        assert client.post(f"{address}accept/", {}).status_code == 404
        assert number not in client.get("/desk/?queue=all").content.decode()
        assert number not in client.get("/desk/?queue=all&q=路灯").content.decode()
        assert number not in client.get("/desk/map/clusters.json?bbox=112,28,113,29&zoom=17").content.decode()


def test_exports_hold_what_the_list_shows_and_nothing_more(world: World, report) -> None:  # type: ignore[no-untyped-def]
    mine, others = report(column=2.5).number, report(column=0.5).number
    answer = signed_in(world.accounts["neighbour"]).get("/desk/export.csv?queue=all")
    assert answer.status_code == 200
    text = answer.getvalue().decode()
    assert f"{mine[:5]}-{mine[5:]}" in text
    assert f"{others[:5]}-{others[5:]}" not in text
    assert "13800001234" not in text
    assert "刘桂兰" not in text


def test_saved_filters_are_ones_own(world: World) -> None:
    mine, others = signed_in(world.accounts["dispatcher"]), signed_in(world.accounts["neighbour"])
    mine.post("/desk/filters/", {"name": "我的超期", "query": "queue=all&late=1&evil=1"})
    page = mine.get("/desk/").content.decode()
    assert "我的超期" in page
    assert "evil" not in page
    assert "我的超期" not in others.get("/desk/").content.decode()
    end = page.split("/end/")[0].rpartition("/")[2]
    assert others.post(f"/desk/filters/{end}/end/").status_code == 404
    assert mine.post(f"/desk/filters/{end}/end/").status_code == 302
    assert "我的超期" not in mine.get("/desk/").content.decode()
