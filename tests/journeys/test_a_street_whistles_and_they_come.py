"""A street calls the lighting station and the urban management together; the district hears who does not come."""

import pytest

from gongzhi.web.tests.people import staff
from tests.journeys.people import Town, page


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    top = town.world.areas["990101"].path
    town.world.accounts["supervisor"] = staff("qin.lan", role="supervisor", area_path=top)
    return town


def test_each_signs_comes_and_reports_and_the_street_ends_it(town: Town) -> None:
    number = town.report("夜市占道，路灯杆上拉满电线，消防车进不来")
    station, urban = (str(town.world.organisations[code].id) for code in ("lighting", "urban"))
    assert page(town, "other_handler", number) is None
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="电线在灯杆上")
    calling = {"organisations": [urban], "text": "今晚六点联合整治"}
    assert town.desk("dispatcher", number, "whistle_enforcement", **calling) == 403  # a leader's to blow
    assert town.desk("leader", number, "whistle_enforcement", **calling) == 302

    called = page(town, "other_handler", number)
    assert called is not None
    assert "今晚六点联合整治" in called
    assert town.desk("other_handler", number, "sign_call") == 302
    assert town.desk("other_handler", number, "check_in") == 422  # where, or a photo
    here = {"place": "112.905,28.205", "text": "北门"}
    assert town.desk("other_handler", number, "check_in", **here) == 302
    assert town.desk("leader", number, "end_whistle", outcome="done", note="好") == 409  # not all reported
    assert town.desk("other_handler", number, "finish_call", text="清退摊位十一个") == 302
    assert town.desk("leader", number, "end_whistle", outcome="done", note="通道已畅通") == 302
    shown = page(town, "leader", number)
    assert shown is not None
    assert "清退摊位十一个" in shown

    scored = {"level": "5", "comment": "准时到场，处理彻底"}
    assert town.desk("leader", number, "score_unit", organisation=urban, **scored) == 302
    assert town.desk("other_handler", number, "score_street", level="4", comment="会前沟通清楚") == 302
    shown = page(town, "leader", number)
    assert shown is not None
    assert "会前沟通清楚" in shown


def test_the_district_supervises_and_nothing_closes_before_it_lets_go(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归他们")
    order = {"kind": "listed", "ground": "late", "demand": "三个工作日内修复并报原因"}
    assert town.desk("leader", number, "supervise", **order) == 403  # a street may only ask
    assert town.desk("supervisor", number, "supervise", **order) == 302
    for who in ("supervisor", "handler", "dispatcher"):
        shown = page(town, who, number)
        assert shown is not None
        assert "三个工作日内修复并报原因" in shown
    assert any("区级督办" in words for words in town.told(number))
    assert town.tell(number, "urge", text="晚上老人不敢出门") == 302
    assert town.tell(number, "urge", text="再催") == 409
