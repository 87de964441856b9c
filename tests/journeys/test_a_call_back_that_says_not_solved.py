"""The unit says solved; the person says no; it goes back and comes round again."""

import pytest

from gongzhi.matters.models import Matter
from tests.journeys.people import Town, photo


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def _answered(town: Town) -> str:
    number = town.report("小区门口路灯不亮三天了")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归市政设施所")
    town.desk("handler", number, "sign")
    town.desk("handler", number, "contact", outcome="reached")
    _answer(town, number)
    return number


def _answer(town: Town, number: str) -> None:
    assert town.desk("handler", number, "answer", result="solved", reply="已修好", evidence=photo()) == 302
    if town.state(number) == "verifying":
        assert (
            town.desk("quality", number, "verify", decision="passed", note="看过了", evidence=photo()) == 302
        )


def test_not_solved_goes_back_to_the_handler_and_the_person_is_told(town: Town) -> None:
    number = _answered(town)
    called = {"outcome": "reached", "contacted": "true", "solved": "false", "level": "2", "note": "灯又灭了"}
    assert town.desk("quality", number, "call_back", **called) == 302
    if town.state(number) == "calling_back":
        assert town.desk("quality", number, "rework", reason="诉求人说没有修好") == 302
    assert town.state(number) == "handling"
    assert "已要求承办单位继续办理" in town.told(number)[-1]
    lead = Matter.objects.get(number=number).lead
    assert lead == town.world.organisations["lighting"]
    _answer(town, number)
    assert town.state(number) == "calling_back"


def test_the_reporter_reopens_a_closed_matter_with_a_reason(town: Town) -> None:
    number = _answered(town)
    town.tell(number, "appraise", level="4", contacted="true", solved="true")
    assert town.desk("quality", number, "close") == 302
    assert town.tell(number, "reopen") == 422  # without a reason: the form comes back
    assert town.tell(number, "reopen", reason="第二天又灭了") == 302
    assert town.state(number) == "handling"
    assert Matter.objects.get(number=number).handler == town.world.accounts["handler"]
    assert "已重新打开，原承办人已收到" in town.told(number)[-1]
    assert "第二天又灭了" in town.page(number)
