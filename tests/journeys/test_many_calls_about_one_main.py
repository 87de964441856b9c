"""A main bursts on a Saturday; thirty people call. One incident, one unit, one message to all, everybody is called back."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.acts import reacting
from gongzhi.acts.models import Act
from gongzhi.incidents import gathering
from gongzhi.incidents.models import CallBack, Gathered, Incident, Update
from gongzhi.kernel import clock
from gongzhi.matters.models import Matter
from gongzhi.notices.models import Notice
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.web.tests.people import signed_in
from tests.journeys.people import Town

CALLS = 30


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def _phones() -> Iterator[str]:
    return (f"138{n:08d}" for n in range(10_000))


def _call(town: Town, phone: str, text: str = "家里停水了，水管爆了吧", **more: str) -> str:
    town.resident = Client(headers={"accept": "text/html", "x-forwarded-for": phone})
    return town.report(text, phone=phone, category="050103", **more)


def _desk(town: Town, who: str) -> Client:
    return signed_in(town.world.accounts[who])


def _declared(town: Town, heart: str) -> Incident:
    form = {
        "number": heart,
        "plan": "water",
        "title": "桃源路爆管",
        "categories": ["0501"],
        "radius": "1500",
        "minutes_before": "60",
        "banner": "桃源路一带停水抢修，进展在这里更新。",
        "script": "我们已经知道，抢修人员已到场。",
        "duties": "临时送水点\n对外口径",
    }
    answer = _desk(town, "dispatcher").post("/desk/incidents/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Incident.objects.get()


def _act(town: Town, as_: str, incident: Incident, verb: str, **form: str) -> int:
    return _desk(town, as_).post(f"/desk/incidents/{incident.id}/{verb}/", form).status_code


def test_thirty_calls_are_one_incident(town: Town) -> None:
    phones = _phones()
    heart = _call(town, next(phones))
    early = [_call(town, next(phones)) for _ in range(6)]
    other_kind = town.report("路灯不亮三天了", category="020101")
    far = _call(town, next(phones), lon=str(worlds.WEST + 3.5 * worlds.STEP))
    secret = _call(town, next(phones), confidential="1")

    # The desk sees that reports crowd, and makes the first one the heart.
    page = _desk(town, "dispatcher").get("/desk/incidents/").content.decode()
    assert "可能是同一件事" in page
    incident = _declared(town, heart)
    assert {town.state(number) for number in early} == {"merged"}
    assert town.state(other_kind) == town.state(far) == town.state(secret) == "reported"

    # Whoever calls now is gathered by itself and told so; the clerk reads the script, the resident the banner.
    late = [_call(town, next(phones)) for _ in range(CALLS - 7)]
    reacting.settle(strict=True)
    assert {town.state(number) for number in late} == {"merged"}
    assert any("属于一起突发事件" in words for words in town.told(late[-1]))
    assert "抢修人员已到场" in _desk(town, "dispatcher").get("/desk/reports/new/").content.decode()
    assert "桃源路一带停水抢修" in town.resident.get("/report/").content.decode()

    # One update reaches all of them, once.
    assert _act(town, "dispatcher", incident, "update", text="预计 18 时恢复供水。") == 302
    reacting.settle(strict=True)
    told = Notice.objects.filter(template="incident.update", channel="shown")
    assert told.count() == CALLS
    assert told.values("person_id").distinct().count() == CALLS
    assert "预计 18 时恢复供水" in town.resident.get("/report/").content.decode()
    reacting.settle(strict=True)
    assert told.count() == CALLS

    # Sent twice by an impatient finger, it is one message.
    key = "6a2f6e0e-3a57-4a35-9f2e-0d6f3f7f4b11"
    for _ in range(2):
        assert _act(town, "dispatcher", incident, "update", text="已恢复供水。", _once=key) == 302
    assert Update.objects.count() == 2

    # The confidential one is taken in by hand, by somebody who may see it.
    assert _act(town, "dispatcher", incident, "gather", number=secret) == 302
    assert _act(town, "dispatcher", incident, "gather", number=secret) == 409

    # It cannot end while the heart is being handled, nor before everybody has been called.
    assert _act(town, "dispatcher", incident, "end", conclusion="已修复") == 409
    _solve(town, heart)
    assert _act(town, "dispatcher", incident, "end", conclusion="已修复") == 409
    for number in [heart, *early, *late, secret]:
        assert _act(town, "quality", incident, "call", number=number, outcome="reached", solved="yes") == 302
    assert _act(town, "dispatcher", incident, "end", conclusion="已修复", lessons="阀门图要更新") == 302
    incident.refresh_from_db()
    assert incident.ended_at is not None

    report = _desk(town, "leader").get(f"/desk/incidents/{incident.id}/report/").content.decode()
    assert "阀门图要更新" in report
    assert f"{CALLS + 1} 人已回访" in report
    assert "桃源路一带停水抢修" not in town.resident.get("/report/").content.decode()
    assert (
        town.state(_call(town, next(phones))) == "reported"
    )  # it is over: the next call is a case of its own
    verbs = set(Act.objects.filter(subject_id=str(incident.id)).values_list("verb", flat=True))
    assert verbs == {f"incidents.{verb}" for verb in ("declare", "gather", "update", "log", "call", "end")}


def _solve(town: Town, number: str) -> None:
    unit = str(town.world.organisations["urban"].id)
    for who, verb, form in (
        ("dispatcher", "accept", {}),
        ("dispatcher", "dispatch", {"organisation": unit, "reason": "抢修"}),
        ("other_handler", "sign", {}),
        ("other_handler", "contact", {"outcome": "reached"}),
        ("other_handler", "answer", {"result": "solved", "reply": "已恢复供水。"}),
        ("quality", "call_back", {"outcome": "reached", "solved": "true", "contacted": "true", "level": "5"}),
        ("quality", "close", {}),
    ):
        assert town.desk(who, number, verb, **form) == 302, (verb, town.state(number))


def test_who_may_lead_who_may_call_and_who_sees_nothing(town: Town) -> None:
    heart = _call(town, "13900000001")
    incident = _declared(town, heart)
    address = f"/desk/incidents/{incident.id}/"
    assert _desk(town, "dispatcher").get(address).status_code == 200
    assert _desk(town, "leader").get(address).status_code == 200
    assert _desk(town, "handler").get(address).status_code == 403  # has no part in it
    assert _desk(town, "neighbour").get(address).status_code == 404  # another street's desk
    assert Client().get(address).status_code in (302, 401)
    assert _act(town, "quality", incident, "update", text="x") == 403
    assert _act(town, "leader", incident, "call", number=heart, outcome="reached") == 403
    assert _act(town, "neighbour", incident, "update", text="x") == 404
    assert _act(town, "dispatcher", incident, "dance") == 404
    assert _desk(town, "handler").post("/desk/incidents/new/", {"number": heart}).status_code == 403
    assert _desk(town, "neighbour").post("/desk/incidents/new/", {"number": heart}).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 121),
        ("banner", " "),
        ("radius", "0"),
        ("radius", "99999999999"),
        ("radius", "-5"),
        ("categories", "nope"),
        ("script", "长" * 2001),
    ],
)
def test_a_declaration_says_what_is_wrong_and_keeps_what_was_written(
    town: Town, field: str, value: str
) -> None:
    form = {
        "number": _call(town, "13900000001"),
        "title": "爆管",
        "categories": "0501",
        "radius": "500",
        "banner": "停水",
    }
    answer = _desk(town, "dispatcher").post("/desk/incidents/new/", {**form, field: value})
    assert answer.status_code == 422
    assert "strip error" in answer.content.decode()
    assert ("爆管" if field != "title" else "停水") in answer.content.decode()
    assert not Incident.objects.exists()


def test_nothing_is_declared_twice_and_bad_lines_are_refused(town: Town) -> None:
    heart = _call(town, "13900000001")
    incident = _declared(town, heart)
    again = _desk(town, "dispatcher").post(
        "/desk/incidents/new/",
        {"number": heart, "title": "又一次", "categories": "0501", "radius": "500", "banner": "停水"},
    )
    assert again.status_code == 409
    assert _act(town, "dispatcher", incident, "update", text=" ") == 422
    assert _act(town, "dispatcher", incident, "update", text="长" * 2001) == 422
    assert _act(town, "dispatcher", incident, "log", kind="note", text="") == 422
    assert _act(town, "dispatcher", incident, "log", kind="bomb", text="x") == 422
    assert _act(town, "dispatcher", incident, "log", kind="resource", text="水车", quantity="-1") == 422
    assert (
        _act(town, "dispatcher", incident, "log", kind="resource", text="水车", quantity="3", who="水务")
        == 302
    )
    assert _act(town, "dispatcher", incident, "done", entry="x") == 404
    assert _act(town, "quality", incident, "call", number=heart, outcome="maybe") == 422
    assert _act(town, "quality", incident, "call", number="0000000000", outcome="reached") == 404


def test_a_report_taken_out_stays_out(town: Town) -> None:
    phones = _phones()
    heart = _call(town, next(phones))
    incident = _declared(town, heart)
    wrong = _call(town, next(phones), text="我家水龙头坏了，没水")
    reacting.settle(strict=True)
    assert town.state(wrong) == "merged"
    assert town.desk("dispatcher", wrong, "unmerge", reason="只是他家的龙头") == 302
    reacting.settle(strict=True)
    gathering.sweep(at=clock.now())
    assert town.state(wrong) == "reported"
    assert not Gathered.objects.filter(ended_at__isnull=True).exists()
    assert wrong not in _desk(town, "dispatcher").get(f"/desk/incidents/{incident.id}/").content.decode()


def test_fifty_people_cost_as_many_queries_as_five(town: Town) -> None:
    phones = _phones()
    heart = _call(town, next(phones))
    incident = _declared(town, heart)
    client = _desk(town, "dispatcher")

    def cost() -> int:
        reacting.settle(strict=True)
        client.get(f"/desk/incidents/{incident.id}/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/desk/incidents/{incident.id}/").status_code == 200
        return len(caught)

    for _ in range(5):
        _call(town, next(phones))
    five = cost()
    for _ in range(45):
        _call(town, next(phones))
    assert cost() == five
    assert Gathered.objects.count() == 50
    assert CallBack.objects.count() == 0
    assert Matter.objects.filter(state="merged").count() == 50
