"""Grandmother Lin's street has been dark for three days."""

import pytest
from django.test import Client

from gongzhi.acts.queries import timeline
from gongzhi.matters.models import Assignment, ClockRun, Matter
from tests.journeys.people import Town, photo


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def test_from_the_report_to_the_appraisal(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了，晚上老人摔跤")
    assert "受理，多半由<b>市政设施所</b>负责。" in town.page(number)
    assert "我们已收到您的诉求。" in town.told(number)[-1]

    assert town.desk("dispatcher", number, "accept") == 302
    lighting = town.world.organisations["lighting"]
    assert (
        town.desk("dispatcher", number, "dispatch", organisation=str(lighting.id), reason="照明归市政设施所")
        == 302
    )
    assert "由<b>市政设施所</b>负责，" in town.page(number)
    assert "会联系您" in town.page(number)
    assert Assignment.objects.get(matter__number=number, role="lead", ended_at=None).organisation == lighting

    assert town.desk("handler", number, "sign") == 302
    assert town.desk("handler", number, "contact", outcome="reached", note="约好今晚修") == 302
    answered = {"result": "solved", "reply": "已更换灯泡，今晚亮灯。", "evidence": photo()}
    assert town.desk("handler", number, "answer", **answered) == 302
    assert "已更换灯泡，今晚亮灯。" in town.page(number)

    if town.state(number) == "verifying":
        assert (
            town.desk("quality", number, "verify", decision="passed", note="灯亮了", evidence=photo()) == 302
        )
    assert town.state(number) == "calling_back"
    called = {"outcome": "reached", "contacted": "true", "solved": "true", "level": "5", "note": "老人说亮了"}
    assert town.desk("quality", number, "call_back", **called) == 302
    assert town.tell(number, "appraise", level="5", contacted="true", solved="true", comment="谢谢") == 302
    assert town.desk("quality", number, "close") == 302

    assert town.state(number) == "closed"
    assert not ClockRun.objects.filter(matter__number=number, stopped_at=None).exists()
    told = town.told(number)
    steps = ("已收到您的诉求", "已受理", "已派给承办单位", "已签收", "已办结")
    assert [step for step in steps if any(step in words for words in told)] == list(steps)
    matter = Matter.objects.get(number=number)
    verbs = {entry.verb for entry in timeline("matters.matter", matter.id)}
    assert {
        f"matters.{verb}" for verb in ("open", "accept", "dispatch", "sign", "contact", "answer", "close")
    } <= verbs


def test_a_stranger_with_the_number_alone_learns_nothing(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    stranger = Client(headers={"accept": "text/html"})
    assert stranger.get(f"/matters/{number}/").status_code == 404
    assert stranger.post("/follow/", {"number": number, "code": "AAAAAAAA"}).status_code == 404
    assert stranger.post("/follow/", {"number": number, "phone": "13900139000"}).status_code == 404
    assert stranger.post("/follow/", {"number": number, "phone": "138 0013 8000"}).status_code == 302
    assert "路灯" in stranger.get(f"/matters/{number}/").content.decode()


def test_a_report_with_nothing_in_it_keeps_what_was_typed(town: Town) -> None:
    answer = town.resident.post("/report/", {"text": "", "phone": "12", "address": "桃源路 18 号"})
    assert answer.status_code == 422
    assert "桃源路 18 号" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_form_sent_twice_is_one_matter(town: Town) -> None:
    form = {"text": "路灯不亮", "phone": "13800138000", "_once": "0d5c4e0e-1111-4222-8333-444455556666"}
    first, second = town.resident.post("/report/", form), town.resident.post("/report/", form)
    assert first.status_code == second.status_code == 302
    assert Matter.objects.count() == 1
