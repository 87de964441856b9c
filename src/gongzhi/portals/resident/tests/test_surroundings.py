"""Before sending: where it is thought to be, other places it may be, and what is already being done close by."""

from datetime import timedelta
from typing import Any

from gongzhi.access.actor import SYSTEM
from gongzhi.kernel import clock
from gongzhi.places import actions as places
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.people import LAT, LON, PAYLOAD, matter, sent, visitor, words


def look(**values: Any) -> str:
    answer = visitor().post("/report/around/", values)
    assert answer.status_code == 200
    return words(answer)


def test_a_named_place_is_confirmed_in_words(world: World) -> None:
    assert "云溪区桃源街道桃源第一社区" in look(address="桃源第一社区 3 栋")


def test_a_point_outside_every_grid_is_said_and_accepted(world: World) -> None:
    assert "不在本地网格内" in look(lon="1", lat="1")
    number, _ = sent(visitor(), lon="1", lat="1")
    assert matter(number).area_path == world.areas["990101"].path  # the whole town's desk keeps it
    assert matter(number).words.place_state == "outside"


def test_nonsense_is_nothing_said_yet(world: World) -> None:
    for values in (
        {},
        {"lon": "x", "lat": "y"},
        {"lon": "1"},
        {"address": "\x00"},
        {"address": "哪儿也不是"},
    ):
        assert "附近" not in look(**values)


def test_open_public_matters_close_by_are_shown_without_words_or_names(world: World) -> None:
    sent(visitor(), text="路灯不亮，我是张三丰", name="张三丰")
    shown = look(lon=str(LON + 0.001), lat=str(LAT), text="路灯坏了")
    assert "附近有1件正在办" in shown
    assert "路灯不亮" in shown
    assert "张三丰" not in shown
    assert "附近" not in look(lon=str(LON + 0.01), lat=str(LAT))


def test_confidential_and_private_matters_are_nobodys_neighbours(world: World) -> None:
    sent(visitor(), confidential="1")
    sent(visitor(), text="楼上邻居吵，噪音扰民")
    assert "附近" not in look(lon=str(LON), lat=str(LAT))


def test_positions_are_compared_rounded_so_that_asking_does_not_find_the_door(world: World) -> None:
    sent(visitor(), lon=str(round(LON, 3) + 0.0004), lat=str(round(LAT, 3) + 0.0004))
    sent(visitor(), lon=str(round(LON, 3) - 0.0004), lat=str(round(LAT, 3) - 0.0004))
    for step in range(40):
        shown = look(lon=str(round(LON, 3) + step * 0.0001), lat=str(round(LAT, 3)))
        assert "附近有2件" in shown or "附近" not in shown


def test_a_doubtful_name_offers_places_and_the_chosen_one_counts(world: World) -> None:
    for n, code in enumerate(("990101001001", "990101002001")):
        places.add_name(
            area_id=world.areas[code].id,
            name="幸福里",
            kind="estate",
            lon=worlds.WEST + (0.5 + 2 * n) * worlds.STEP,
            lat=worlds.SOUTH + 0.5 * worlds.STEP,
            by=SYSTEM,
            at=clock.now() - timedelta(days=1),
        )
    client = visitor()
    answer = client.post("/report/around/", {"address": "幸福里"})
    assert "是哪一处？" in words(answer)
    page = answer.content.decode()
    choice = f"{worlds.WEST + 2.5 * worlds.STEP:.6f},{LAT:.6f}"
    assert f'value="{choice}"' in page
    number, _ = sent(client, lon="", lat="", address="幸福里", place=choice)
    assert matter(number).area_path.startswith("990101/990101002/")


def test_a_chosen_area_without_a_point_counts_as_the_area(world: World) -> None:
    number, _ = sent(visitor(), lon="", lat="", address="", place="990101002001")
    assert matter(number).area_path.startswith("990101/990101002/")
    assert matter(number).lon is None


def test_a_place_nobody_offered_is_refused_with_words(world: World) -> None:
    for place in ("no such", "a,b", "200,1", PAYLOAD):
        form = {"text": "路灯不亮", "address": PAYLOAD, "place": place}
        answer = visitor().post("/report/", form)
        assert answer.status_code == 422, place
        assert "<script>" not in answer.content.decode()


def test_looking_too_often_is_quiet(world: World) -> None:
    client = visitor()
    codes = {client.post("/report/around/", {"address": "桃源"}).status_code for _ in range(62)}
    assert codes == {200, 204}
