"""The resident sees what was done at their door; what the centre photographed to check it stays with the centre."""

import pytest

from tests.journeys.people import Town, photo


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_photos_of_the_work_reach_the_reporter_when_shared(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归市政设施所")
    town.desk("handler", number, "sign")
    town.desk("handler", number, "contact", outcome="reached", note="约好晚上去看")
    answer = {"result": "solved", "reply": "已更换灯具", "evidence": photo(), "evidence-shared": "1"}
    assert town.desk("handler", number, "answer", **answer) == 302
    page = town.page(number)
    assert "办理情况照片" in page
    assert page.count("after.jpg") >= 1
    address = page.split("办理情况照片")[1].split('href="')[1].split('"')[0]
    assert town.resident.get(address)["Content-Type"] == "image/jpeg"

    checked = {"decision": "passed", "note": "已亮", "evidence": photo()}
    assert town.desk("quality", number, "verify", **checked) == 302
    assert town.page(number).count("<img") == page.count("<img")  # the picture taken to check stays inside
