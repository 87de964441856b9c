"""Doing things: once, by whom it may be done, with the form back when refused."""

import re
import uuid

from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in

FRAGMENT = {"hx-request": "true"}


def test_accepting_twice_with_one_form_is_one_act(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    client = signed_in(world.accounts["dispatcher"])
    form = {"_once": str(uuid.uuid4())}
    first = client.post(f"/desk/cases/{number}/accept/", form, headers=FRAGMENT)
    second = client.post(f"/desk/cases/{number}/accept/", form, headers=FRAGMENT)
    assert first.status_code == second.status_code == 200
    assert first["HX-Trigger"] == "acted"
    assert Matter.objects.get(number=number).state == "accepted"


def test_a_refused_form_comes_back_with_what_was_written(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    client = signed_in(world.accounts["dispatcher"])
    client.post(f"/desk/cases/{number}/accept/", {})
    answer = client.post(f"/desk/cases/{number}/note/", {"text": "字" * 2_001}, headers=FRAGMENT)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "最多 2000 字，现在 2001 字" in page
    assert "字" * 2_001 in page


def test_a_stale_page_is_told_and_changes_nothing(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    client = signed_in(world.accounts["dispatcher"])
    client.post(f"/desk/cases/{number}/accept/", {"_version": "1"})
    state = Matter.objects.get(number=number).state
    answer = client.post(f"/desk/cases/{number}/note/", {"_version": "1", "text": "晚了一步"})
    assert answer.status_code == 412
    assert Matter.objects.get(number=number).state == state
    assert "晚了一步" in answer.content.decode()


def test_bulk_says_for_each_case_what_became_of_it(world: World, report) -> None:  # type: ignore[no-untyped-def]
    numbers = [report().number for _ in range(3)]
    client = signed_in(world.accounts["dispatcher"])
    client.post(f"/desk/cases/{numbers[0]}/accept/", {})
    answer = client.post("/desk/bulk/", {"verb": "accept", "number": [*numbers, "NOPE"], "confirmed": "1"})
    page = answer.content.decode()
    assert page.count("✓") == 2
    assert page.count("▲") == 2
    assert set(Matter.objects.values_list("state", flat=True)) == {"accepted"}


def test_only_bulk_verbs_go_in_bulk_and_never_more_than_two_hundred(world: World, report) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.accounts["dispatcher"])
    assert client.post("/desk/bulk/", {"verb": "divert", "number": ["A"]}).status_code == 422
    assert client.post("/desk/bulk/", {"verb": "accept"}).status_code == 422
    many = [f"N{n}" for n in range(201)]
    assert client.post("/desk/bulk/", {"verb": "accept", "number": many}).status_code == 422


def test_a_report_taken_at_the_phone_is_opened_once(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    form = {"channel": "phone", "text": "路灯不亮", "address": "桃源第一社区", "_once": str(uuid.uuid4())}
    first, second = client.post("/desk/reports/new/", form), client.post("/desk/reports/new/", form)
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_a_report_with_mistakes_keeps_what_was_written(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    answer = client.post(
        "/desk/reports/new/",
        {"channel": "phone", "text": "", "address": "写好的地址", "lon": "x", "lat": "1"},
    )
    assert answer.status_code == 422
    assert "写好的地址" in answer.content.decode()
    assert not Matter.objects.exists()


def test_proposals_say_category_place_owner_and_why(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    page = client.post(
        "/desk/reports/proposals/", {"channel": "phone", "text": "路灯不亮", "address": "桃源第一社区"}
    ).content.decode()
    for words in ("路灯不亮", "桃源第一社区", "市政设施所", "责任清单", "24 小时"):
        assert words in page
    assert not Matter.objects.exists()


def test_the_buttons_for_many_name_verbs_that_may_be_done_to_many(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    client = signed_in(world.accounts["dispatcher"])
    page = client.get("/desk/?queue=to_accept").content.decode()
    verbs = re.findall(r'form="bulk" name="verb" value="([^"]*)"', page)
    assert "accept" in verbs
    for verb in verbs:
        asked = client.post(
            "/desk/bulk/", {"verb": verb, "number": [number], "back": "/desk/?queue=to_accept"}
        )
        assert asked.status_code == 200
        assert "/desk/?queue=to_accept" in asked.content.decode()
