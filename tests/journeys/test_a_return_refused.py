"""The lighting station says the lamp is not theirs; the centre says it is, and designates."""

import pytest

from tests.journeys.people import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_after_designation_nothing_is_returned_again(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归市政设施所")
    assert town.desk("handler", number, "ask_return", reason="灯杆属于小区物业") == 302
    assert town.state(number) == "return_asked"
    assert "正在核定由哪个单位办理，办理时限不变" in town.told(number)[-1]

    # The one who asked cannot decide, nor can a unit that has nothing to do with it.
    assert town.desk("handler", number, "decide_return", decision="refused", reason="x") in (403, 404, 409)
    assert town.desk("other_handler", number, "decide_return", decision="refused", reason="x") == 404

    ruling = {"decision": "refused", "reason": "灯杆在市政道路上", "designated": "true"}
    assert town.desk("dispatcher", number, "decide_return", **ruling) == 302
    assert town.state(number) == "assigned"
    assert town.desk("handler", number, "ask_return", reason="还是不归我们") == 409
    assert town.desk("handler", number, "sign") == 302
    assert any("已确认由原承办单位办理" in words for words in town.told(number))
