"""The roster page: one's own unit, the desk's any; what a head sets there, and what others may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.kernel import clock
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.parties import actions as parties
from gongzhi.portals.centre.tests.world import START, World
from gongzhi.timetable.models import Leave, RosterPlace
from gongzhi.web.tests.people import AT, PASSWORD, signed_in


@pytest.fixture
def unit(world: World):
    """The lighting station has a head and a second handler, with names."""
    station = world.organisations["lighting"]
    for key, username, name, role in (
        ("head", "ma.head", "马建国", "unit_head"),
        ("second", "yan.dong", "严冬", "handler"),
    ):
        person = parties.register_person(name=name, by=SYSTEM, at=START)
        account = parties.create_account(
            username=username, password=PASSWORD, person_id=person.id, display_name=name, by=SYSTEM, at=START
        )
        grants.give(account_id=account.id, role=role, organisation_id=station.id, by=SYSTEM, at=AT)
        world.accounts[key] = account
    return station


def post(world: World, unit, who: str, what: str, **form: str):
    return signed_in(world.accounts[who]).post(f"/desk/duty/{unit.id}/{what}/", form)


def place(world: World, unit, who: str = "head", **more: str):
    given = {"account": str(world.accounts["second"].id), "weekday": "4", "begins": "17:30", "ends": "08:30"}
    return post(world, unit, who, "place", **{**given, **more})


def test_a_head_sets_a_night_and_the_unit_reads_it(world: World, unit) -> None:
    assert place(world, unit).status_code == 302
    page = signed_in(world.accounts["handler"]).get("/desk/duty/").content.decode()
    assert "17:30–次日 08:30" in page
    assert "严冬" in page
    assert "取消这一班" not in page
    row = RosterPlace.objects.get()
    assert post(world, unit, "head", "off", place=str(row.id)).status_code == 302
    assert RosterPlace.objects.filter(ended_at=None).count() == 0


def test_a_colleague_and_a_stranger_set_nothing(world: World, unit) -> None:
    assert place(world, unit, who="handler").status_code == 422
    assert place(world, unit, who="other_handler").status_code == 404
    assert place(world, unit, who="quality").status_code == 403
    assert not RosterPlace.objects.exists()


def test_another_unit_reads_no_roster_and_the_desk_reads_all_but_no_leave(world: World, unit) -> None:
    now = clock.now().astimezone(SHANGHAI)
    form = {
        "account": str(world.accounts["second"].id),
        "deputy": str(world.accounts["handler"].id),
        "kind": "sick",
        "begins_at": now.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert post(world, unit, "head", "leave", **form).status_code == 302
    assert Leave.objects.count() == 1
    address = f"/desk/duty/?unit={unit.id}"
    assert signed_in(world.accounts["other_handler"]).get(address).status_code == 404
    desk = signed_in(world.accounts["dispatcher"]).get(address)
    assert desk.status_code == 200
    assert "请假与代理" not in desk.content.decode()
    assert "请假与代理" in signed_in(world.accounts["handler"]).get(address).content.decode()


def test_what_is_refused_is_said_and_stays_in_the_form(world: World, unit) -> None:
    answer = place(world, unit, begins="25:00")
    assert answer.status_code == 422
    assert "请按 08:30 的样子填写时间" in answer.content.decode()
    assert 'value="25:00"' in answer.content.decode()


@pytest.mark.parametrize("odd", ["\x00", "9" * 5_000, "0001-01-01T00:00", "9999-12-31", "١٢:٠٠", "nan"])
def test_no_value_breaks_the_page(world: World, unit, odd: str) -> None:
    second = str(world.accounts["second"].id)
    for field in ("account", "weekday", "begins", "ends", "on_date", "week"):
        assert place(world, unit, **{field: odd}).status_code in (302, 409, 422)
    leave = {
        "account": second,
        "deputy": "",
        "kind": "sick",
        "begins_at": "2099-01-01T08:00",
        "ends_at": "2099-01-02",
    }
    for field in leave:
        assert post(world, unit, "head", "leave", **{**leave, field: odd}).status_code in (302, 409, 422)
    for what in ("off", "back", "handover"):
        given = {"place": odd, "leave": odd, "account": odd, "to": odd}
        assert post(world, unit, "head", what, **given).status_code in (404, 409, 422)


def test_an_unknown_change_is_not_found(world: World, unit) -> None:
    assert post(world, unit, "head", "everything").status_code == 404


def test_handing_over_says_when_there_is_nothing(world: World, unit) -> None:
    given = {"account": str(world.accounts["second"].id), "to": str(world.accounts["handler"].id)}
    answer = post(world, unit, "head", "handover", **given)
    assert "没有需要移交的事项" in answer.content.decode()
    place(world, unit)
    assert post(world, unit, "head", "handover", **given).status_code == 302
    assert RosterPlace.objects.get(ended_at=None).account_id == world.accounts["handler"].id


def test_a_refused_handover_keeps_what_was_chosen_and_leaves_the_other_forms_alone(
    world: World, unit
) -> None:
    place(world, unit)
    second = str(world.accounts["second"].id)
    answer = post(world, unit, "head", "handover", account=second, to=second)
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    handover = page[page.index('id="from"') :]
    assert handover.count(f'<option value="{second}" selected>') == 2
    assert f'<option value="{second}" selected>' not in page[: page.index('id="from"')]
    leave = {"account": second, "deputy": second, "kind": "travel", "begins_at": "never", "ends_at": "x"}
    kept = post(world, unit, "head", "leave", **leave).content.decode()
    assert '<option value="travel" selected>' in kept


def test_what_lies_with_somebody_who_has_gone_is_offered_to_be_handed_over(world: World, unit) -> None:
    place(world, unit)
    second = world.accounts["second"]
    parties.disable_account(account_id=second.id, reason="left", by=SYSTEM, at=AT)
    assert "严冬（已不在岗）（1 项）" in signed_in(world.accounts["head"]).get("/desk/duty/").content.decode()
    assert "严冬（已不在岗）" not in signed_in(world.accounts["handler"]).get("/desk/duty/").content.decode()
    given = {"account": str(second.id), "to": str(world.accounts["handler"].id)}
    assert post(world, unit, "handler", "handover", **given).status_code == 422
    assert post(world, unit, "head", "handover", **given).status_code == 302
    assert "（1 项）" in signed_in(world.accounts["handler"]).get("/desk/duty/").content.decode()


def test_the_page_costs_the_same_for_five_and_for_fifty_places(world: World, unit) -> None:
    def asked() -> int:
        client = signed_in(world.accounts["head"])
        client.get("/desk/duty/")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/duty/").status_code == 200
        return len(found)

    today = clock.now().astimezone(SHANGHAI).weekday()
    days = [str((today + ahead) % 7) for ahead in (2, 3, 4, 5)]  # never now: who is reached would differ
    for hour in range(5):
        place(world, unit, weekday=days[0], begins=f"{hour:02}:00", ends=f"{hour:02}:30")
    few = asked()
    for hour in range(45):
        place(world, unit, weekday=days[hour % 4], begins=f"{hour // 2:02}:{hour % 2 * 20:02}", ends="23:59")
    assert asked() == few
