"""A resident complains of the man who handles their kind of case: another unit handles it, and he never learns of it."""

from typing import Any

import pytest

from gongzhi.access.decisions import visible
from gongzhi.acts import reacting
from gongzhi.kernel.clock import now
from gongzhi.matters.models import Matter
from gongzhi.notices.models import Notice
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.web.tests.people import signed_in
from tests.journeys.people import Town, photo

WORDS = "市政设施所的人上门修路灯时态度恶劣，还要我给好处"


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def body(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


def seen(town: Town, who: str, number: str) -> bool:
    """By any page that lists, counts, finds or opens cases, or tells of them."""
    client = signed_in(town.world.accounts[who])
    case = client.get(f"/desk/cases/{number}/").status_code == 200
    box = f"{worlds.WEST - 1},{worlds.SOUTH - 1},{worlds.WEST + 1},{worlds.SOUTH + 1}"
    pages = [
        client.get("/desk/", {"queue": "all"}),
        client.get("/desk/", {"queue": "all", "q": "态度恶劣"}),
        client.get("/desk/", {"q": number}),
        *(client.get(f"/desk/{page}/") for page in ("overview", "today", "records")),
    ]
    data = [
        client.get("/desk/export.csv"),
        client.get("/desk/map/clusters.json", {"bbox": box, "zoom": "18"}),
        client.get("/api/v1/matters", headers={"accept": "application/json"}),
    ]
    listed = any(f"/desk/cases/{number}/" in body(one) for one in pages) or any(
        number in body(one) for one in data
    )
    assert case == listed, (who, number)
    return case


def test_he_neither_sees_nor_handles_it_and_the_reporter_is_answered_in_time(town: Town) -> None:
    number = town.report(WORDS, complains="1", accused_words="姓王，穿蓝色工装")
    assert not seen(town, "handler", number)

    # Nobody knows yet who is meant, so nothing can be sent to anybody.
    town.desk("dispatcher", number, "accept")
    urban, station = (str(town.world.organisations[code].id) for code in ("urban", "lighting"))
    assert town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归他们") == 409
    him = str(town.world.accounts["handler"].id)
    assert town.desk("dispatcher", number, "name_accused", account=him, reason="工号与派工单一致") == 302

    # Neither his unit, nor he with another hat.
    assert town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归他们") == 422
    assert Matter.objects.get(number=number).lead is None
    assert town.desk("dispatcher", number, "dispatch", organisation=urban, reason="由城管局核查") == 302
    assert not seen(town, "handler", number)
    for verb in ("sign", "note", "answer", "hand_on"):
        assert town.desk("handler", number, verb, text="看看是谁告我") == 404

    assert town.desk("other_handler", number, "sign") == 302
    assert town.desk("other_handler", number, "contact", outcome="reached") == 302
    told = {"result": "solved", "reply": "已核实，当事人停职检查，登门致歉。"}
    assert town.desk("other_handler", number, "answer", evidence=photo(), **told) == 302
    assert town.state(number) in ("verifying", "calling_back")
    assert len(town.told(number)) >= 5  # received, accepted, sent, taken up, answered

    reacting.settle(strict=True)
    about = Notice.objects.filter(subject_id=str(Matter.objects.get(number=number).id))
    read = {who: visible(about, town.world.actor(who, now())).count() for who in ("other_handler", "handler")}
    assert read["other_handler"] > 0
    assert read["handler"] == 0
    assert seen(town, "dispatcher", number)
    assert not seen(town, "handler", number)
