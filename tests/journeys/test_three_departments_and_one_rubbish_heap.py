"""A heap of rubbish on a green bank of a canal: three departments' lists name it, so nobody does it. One is sent it and
gives it back; all three are called together; one leads, two help, one of them only when the district looks. The first time
it is not solved. The second time it is.
"""

from datetime import datetime
from html import unescape

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.councils.models import Council, Item
from gongzhi.kernel import clock
from gongzhi.mandates import actions as mandates
from gongzhi.mandates.importing import MandateRow
from gongzhi.mandates.table import Limit
from gongzhi.matters.models import Assignment, ClockRun, Matter, Routing, SupervisionRequest
from gongzhi.parties import actions as parties
from gongzhi.portals.centre.tests.world import START
from gongzhi.web.tests.people import signed_in, staff
from tests.journeys.people import Town, page, photo

HEAP = "010101"
DEPARTMENTS = {"urban": "城市管理局", "green": "园林绿化局", "water": "水务局"}


@pytest.fixture
def town(db: None) -> Town:
    """Its list gives the heap to all three, in the same words, on the same day."""
    town = Town()
    world, top = town.world, town.world.areas["990101"].path
    for code in ("green", "water"):
        world.organisations[code] = parties.register_organisation(
            code=code, name=DEPARTMENTS[code], kind="bureau", area_path=top, by=SYSTEM, at=START
        )
        world.accounts[code] = staff(
            f"{code}.one", role="handler", organisation_id=world.organisations[code].id
        )
    world.accounts["urban"] = world.accounts["other_handler"]
    world.accounts["supervisor"] = staff("sun.li", role="supervisor", area_path=top)
    mandates.load(rows=[_lead(n, code) for n, code in enumerate(DEPARTMENTS)], by=SYSTEM, at=START)
    return town


def _lead(n: int, code: str) -> MandateRow:
    return MandateRow(
        f"B-{n:02}", "暴露垃圾清理", code, "", HEAP, "lead", "basic", "云溪区责任清单（2026）", None, None, None,
        Limit(24, "hour"), Limit(5, "work_day"),
    )  # fmt: skip


def unit(town: Town, code: str) -> str:
    return str(town.world.organisations[code].id)


def test_three_departments_and_one_rubbish_heap(town: Town) -> None:
    number = town.report("河边绿化带里垃圾成堆，三个月没人管", category=HEAP)
    assert town.desk("dispatcher", number, "accept") == 302
    promised = _promise(number)

    # The list names three: nobody leads by itself, and the desk reads why.
    routing = Routing.objects.get(matter__number=number, ended_at__isnull=True)
    assert routing.state == "consultation"
    assert {name for _, name in routing.candidates} == set(DEPARTMENTS.values())
    _green_gives_it_back(town, number)
    _they_are_called_together(town, number)

    # The lead takes it up, and cannot give away what was settled.
    assert town.desk("urban", number, "sign") == 302
    assert town.desk("urban", number, "ask_return", reason="绿化带归园林") == 409
    assert town.desk("urban", number, "contact", outcome="reached") == 302
    called = {"organisations": [unit(town, "green"), unit(town, "water")], "work": "分清绿化带和岸坡的垃圾"}
    assert town.desk("urban", number, "call_assistants", **called) == 302
    _one_helper_is_silent(town, number)

    # It is answered, looked at, and not solved.
    _answered(town, number, "垃圾已清走")
    said = {"outcome": "reached", "contacted": "true", "level": "2"}
    assert town.desk("quality", number, "call_back", solved="false", note="岸坡下面还有", **said) == 302
    assert town.desk("quality", number, "rework", reason="岸坡下面还有垃圾") == 302
    assert town.state(number) == "handling"
    assert "已要求承办单位继续办理" in town.told(number)[-1]
    assert ClockRun.objects.filter(matter__number=number, code="rework", stopped_at__isnull=True).exists()

    # The second time the water bureau finishes its part, too.
    assert town.desk("water", number, "report_stage", text="岸坡已清到水边", done="true") == 302
    assert not Assignment.objects.filter(matter__number=number, role="assist", ended_at__isnull=True).exists()
    _answered(town, number, "岸坡上下都清走了，装了护栏")
    assert town.desk("quality", number, "call_back", solved="true", **{**said, "level": "5"}) == 302
    assert town.desk("quality", number, "close") == 409  # the district still supervises
    assert town.desk("water", number, "report_supervision", text="已整改") == 302
    assert town.desk("supervisor", number, "lift_supervision", reason="已解决") == 302
    assert town.desk("quality", number, "close") == 302
    assert town.tell(number, "appraise", level="5", contacted="true", solved="true") == 302
    _what_the_person_lived_through(town, number, promised)


def _promise(number: str) -> datetime:
    return ClockRun.objects.get(matter__number=number, code="handling").started_at


def _green_gives_it_back(town: Town, number: str) -> None:
    """Sent there on a guess: it says within its time that the heap is not its own, and another body decides."""
    assert (
        town.desk("dispatcher", number, "dispatch", organisation=unit(town, "green"), reason="在绿化带里")
        == 302
    )
    assert town.desk("green", number, "ask_return", reason="垃圾不是绿化垃圾") == 302
    assert town.desk("green", number, "decide_return", decision="granted", reason="x") in (403, 409)
    ruled = {"decision": "granted", "reason": "三家清单都写了，须会商"}
    assert town.desk("dispatcher", number, "decide_return", **ruled) == 302
    assert town.state(number) == "accepted"
    assert "办理时限不变" in town.told(number)[-1]


def _they_are_called_together(town: Town, number: str) -> None:
    desk = signed_in(town.world.accounts["dispatcher"])
    assert number in desk.get("/desk/councils/").content.decode().replace("-", "")
    call = {
        "kind": "consultation",
        "title": "河边垃圾归谁",
        "planned_at": clock.in_china(clock.now()).strftime("%Y-%m-%dT%H:%M"),
        "number": [number],
        "organisations": [unit(town, code) for code in DEPARTMENTS],
    }
    assert desk.post("/desk/councils/new/", call).status_code == 302
    council, item = Council.objects.get(), Item.objects.get()
    for code in DEPARTMENTS:
        came = {"organisation": unit(town, code), "state": "came", "who": "分管负责人"}
        assert desk.post(f"/desk/councils/{council.id}/seat/", came).status_code == 302
    decided = {"item": str(item.id), "text": "城管局牵头清运，园林、水务协办", "owner": unit(town, "urban")}
    assert desk.post(f"/desk/councils/{council.id}/decide/", decided).status_code == 302
    assert (
        desk.post(f"/desk/councils/{council.id}/end/", {"minutes": "三家到会，议定如上"}).status_code == 302
    )
    assert Matter.objects.get(number=number).lead == town.world.organisations["urban"]
    assert town.state(number) == "assigned"


def _one_helper_is_silent(town: Town, number: str) -> None:
    """No answer leaves over a helper nobody has heard; the refusal names it; the district makes it speak."""
    assert town.desk("green", number, "report_stage", text="绿化带内已清完", done="true") == 302
    urban = signed_in(town.world.accounts["urban"])
    refused = urban.post(f"/desk/cases/{number}/answer/", {"result": "solved", "reply": "已清走"})
    assert refused.status_code == 409
    assert "协办单位还没有反馈：水务局" in unescape(refused.content.decode())

    asked = {"unit": unit(town, "water"), "ground": "refused_receipt", "reason": "三次催促不来人"}
    assert town.desk("leader", number, "ask_supervision", **asked) == 302
    request = SupervisionRequest.objects.get()
    order = {"decision": "granted", "reason": "属实", "kind": "listed", "demand": "当日清理岸坡"}
    assert town.desk("supervisor", number, "decide_supervision", request=str(request.id), **order) == 302
    assert any("已由区级督办" in words for words in town.told(number))
    assert "当日清理岸坡" in (page(town, "water", number) or "")
    assert town.desk("water", number, "report_stage", text="岸坡清了一半") == 302


def _answered(town: Town, number: str, reply: str) -> None:
    filled = {"result": "solved", "reply": reply, "evidence": photo()}
    assert town.desk("urban", number, "answer", **filled) == 302
    assert town.state(number) == "verifying"
    seen = {"decision": "passed", "note": "到现场看过", "evidence": photo()}
    assert town.desk("quality", number, "verify", **seen) == 302
    assert reply in town.page(number)


def _what_the_person_lived_through(town: Town, number: str, promised: datetime) -> None:
    """One number, one clock from the day it was accepted, and every turn of the road told."""
    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.lead) == ("closed", town.world.organisations["urban"])
    assert _promise(number) == promised
    assert not ClockRun.objects.filter(matter=matter, stopped_at__isnull=True).exists()
    told = town.told(number)
    road = ("已收到", "已受理", "已派给", "正在核定由哪个单位办理", "重新确定承办单位", "已派给", "已签收")
    places = iter(told)
    assert all(any(words in one for one in places) for words in road), told
    assert "已办结" in told[-1]
