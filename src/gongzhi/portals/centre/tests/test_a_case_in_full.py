"""The page of a case: one line for an act, look-alikes to merge into, photos shared by choice."""

from datetime import timedelta

import pytest
from tests.journeys.people import photo

from gongzhi.acts import reacting
from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in


def _case(world: World, who: str, number: str) -> str:
    return signed_in(world.accounts[who]).get(f"/desk/cases/{number}/").content.decode()


def _at_the_handler(world: World, number: str) -> None:
    desk = signed_in(world.accounts["dispatcher"])
    desk.post(f"/desk/cases/{number}/accept/", {})
    unit = str(world.organisations["lighting"].id)
    desk.post(f"/desk/cases/{number}/dispatch/", {"organisation": unit, "reason": "照明归市政设施所"})
    handler = signed_in(world.accounts["handler"])
    handler.post(f"/desk/cases/{number}/sign/", {})
    handler.post(f"/desk/cases/{number}/contact/", {"outcome": "reached", "note": "已电话"})


def test_notices_stand_with_the_act_they_tell(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    _at_the_handler(world, number)
    reacting.settle(strict=True)
    page = _case(world, "dispatcher", number).split('<ol class="timeline">')[1].split("</ol>")[0]
    assert page.count("<li") == 5  # opened, accepted, dispatched, signed, contacted: nothing else
    assert "已通知 诉求人、市政设施所" in page
    seen_by_unit = _case(world, "handler", number)
    assert "已通知 诉求人" in seen_by_unit


def test_the_state_is_named_only_where_it_changed(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    _at_the_handler(world, number)
    page = _case(world, "dispatcher", number)
    assert "签收 → 办理中" in page
    assert "联系诉求人 →" not in page


def test_look_alikes_close_by_are_offered_for_merging(world: World, report) -> None:  # type: ignore[no-untyped-def]
    first, second, far = report(), report("路灯又不亮了"), report(column=1.5)
    page = _case(world, "dispatcher", second.number)
    grouped = f"{first.number[:5]}-{first.number[5:]}"
    assert "附近类似的" in page
    assert f'data-value="{grouped}"' in page
    assert f"{far.number[:5]}-{far.number[5:]}" not in page
    assert "附近类似的" not in _case(world, "dispatcher", far.number)


def test_look_alikes_are_only_those_the_reader_may_see(world: World, report) -> None:  # type: ignore[no-untyped-def]
    mine, others = report(), report("路灯又不亮了")
    _at_the_handler(world, mine.number)
    assert "附近类似的" not in _case(world, "handler", mine.number)  # the other one is not the unit's
    _at_the_handler(world, others.number)
    page = _case(world, "handler", mine.number)
    assert "附近类似的" in page
    assert "并入这件" not in page  # merging is the desk's


@pytest.mark.parametrize(("posted", "visibility"), [({"evidence-shared": "1"}, "public"), ({}, "internal")])
def test_photos_of_the_work_are_shared_by_choice(world: World, report, posted, visibility) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    _at_the_handler(world, number)
    form = _case(world, "handler", number)
    assert 'name="evidence-shared" value="1" checked' in form  # what the form proposes
    done = {"result": "solved", "reply": "已更换灯具", "evidence": photo(), **posted}
    assert signed_in(world.accounts["handler"]).post(f"/desk/cases/{number}/answer/", done).status_code == 302
    assert Matter.objects.get(number=number).state in ("verifying", "calling_back")
    page = _case(world, "handler", number)
    assert ("仅内部" in page) is (visibility == "internal")
    assert "?thumbnail=1" in page


def test_a_refused_answer_keeps_the_choice_about_photos(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    _at_the_handler(world, number)
    client = signed_in(world.accounts["handler"])
    page = client.post(f"/desk/cases/{number}/answer/", {"result": "solved"}).content.decode()
    assert 'name="evidence-shared" value="1">' in page


def test_internal_notes_never_offer_to_share(world: World, report) -> None:  # type: ignore[no-untyped-def]
    page = _case(world, "dispatcher", report().number)
    note = page.split('data-verb="note"')[1].split("</details>")[0]
    assert "-shared" not in note


def test_the_ledger_says_what_a_position_proves(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    page = client.get("/desk/ledger/?position=999999").content.decode()
    assert "这个位置上还没有行为" in page
    assert "gongzhi ledger verify" in page


def test_a_life_written_up_afterwards_says_so_once(world: World, report, now) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    assert "事后补录" not in _case(world, "dispatcher", number)
    earlier = report(at=now - timedelta(days=3)).number
    assert _case(world, "dispatcher", earlier).count("事后补录") == 1
