"""Nobody owns the blocked drain and two units claim nothing: the desk calls them together; what is decided is a matter with an
owner and a clock."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.acts.models import Act
from gongzhi.councils.models import Council, Decision, Item
from gongzhi.kernel import clock
from gongzhi.matters.models import ClockRun, Matter
from gongzhi.web.tests.people import signed_in
from tests.journeys.people import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def _desk(town: Town, who: str) -> Client:
    return signed_in(town.world.accounts[who])


def _called(town: Town, *numbers: str, units: tuple[str, ...] = ("urban", "lighting")) -> Council:
    form = {
        "kind": "consultation",
        "title": "排水口归谁",
        "planned_at": _now(),
        "number": list(numbers),
        "words": "下次会议时间",
        "organisations": [str(town.world.organisations[unit].id) for unit in units],
    }
    answer = _desk(town, "dispatcher").post("/desk/councils/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Council.objects.get()


def _now() -> str:
    return clock.in_china(clock.now()).strftime("%Y-%m-%dT%H:%M")


def _act(town: Town, as_: str, council: Council, verb: str, **form: str) -> int:
    return _desk(town, as_).post(f"/desk/councils/{council.id}/{verb}/", form).status_code


def test_a_council_settles_whose_job_it_is(town: Town) -> None:
    number = town.report("路口下水道堵了，污水外溢", category="020301")
    agenda = _desk(town, "dispatcher").get("/desk/councils/").content.decode()
    assert number in agenda.replace("-", "")
    assert "没有单位负责" in agenda

    council = _called(town, number)
    drain, other = Item.objects.filter(council=council).order_by("position")
    urban, lighting = (str(town.world.organisations[code].id) for code in ("urban", "lighting"))
    assert "排水口归谁" in _desk(town, "handler").get(f"/desk/councils/{council.id}/").content.decode()
    assert _act(town, "dispatcher", council, "seat", organisation=urban, state="came", who="陈伟") == 302
    assert _act(town, "dispatcher", council, "seat", organisation=lighting, state="absent") == 302

    # Decided: the drain has a lead now, designated, its clocks run; a second decision opens a matter of its own.
    decision = {"item": str(drain.id), "text": "由城管局清掏", "owner": urban, "due_on": "2031-01-01"}
    assert _act(town, "dispatcher", council, "decide", **decision, _once="k1") == 302
    assert _act(town, "dispatcher", council, "decide", **decision, _once="k1") == 302
    matter = Matter.objects.get(number=number)
    assert (matter.state, str(matter.lead_id)) == ("assigned", urban)
    assert ClockRun.objects.filter(matter=matter, stopped_at__isnull=True).exists()
    assert town.desk("other_handler", number, "ask_return", reason="不归我们") == 409  # designated
    more = {"item": str(drain.id), "text": "沿线雨水篦子一并检查", "owner": lighting}
    assert _act(town, "dispatcher", council, "decide", **more) == 302
    second = Decision.objects.order_by("at").last()
    assert second is not None
    assert second.matter_id != matter.id
    assert (second.matter.state, second.matter.channel) == ("assigned", "council")
    assert Decision.objects.count() == 2

    # It ends with minutes, and only when every item has an outcome.
    assert _act(town, "dispatcher", council, "end", minutes="议定如上") == 409
    assert _act(town, "dispatcher", council, "postpone", item=str(other.id), text="") == 422
    assert _act(town, "dispatcher", council, "postpone", item=str(other.id), text="等街道意见") == 302
    assert _act(town, "dispatcher", council, "end", minutes="") == 422
    assert _act(town, "dispatcher", council, "end", minutes="议定如上") == 302
    assert _act(town, "dispatcher", council, "item", words="再加一项") == 409
    verbs = list(Act.objects.filter(subject_id=str(council.id)).values_list("verb", flat=True))
    assert verbs.count("councils.decide") == 2


def test_who_keeps_who_reads_and_who_sees_nothing(town: Town) -> None:
    number = town.report("路灯不亮三天了")
    council = _called(town, number, units=("lighting",))
    address = f"/desk/councils/{council.id}/"
    assert _desk(town, "dispatcher").get(address).status_code == 200
    assert _desk(town, "handler").get(address).status_code == 200  # its unit is asked to come
    assert _desk(town, "other_handler").get(address).status_code == 404
    assert _desk(town, "neighbour").get(address).status_code == 404
    assert _desk(town, "quality").get(address).status_code == 403
    assert _act(town, "handler", council, "item", words="x") == 403
    assert _act(town, "other_handler", council, "item", words="x") == 404
    assert _desk(town, "handler").get("/desk/councils/new/").status_code == 403
    assert _act(town, "dispatcher", council, "dance") == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 121),
        ("kind", "party"),
        ("planned_at", "gestern"),
        ("planned_at", "1999-01-01T10:00"),
        ("number", "0000000000"),
        ("words", "项\n" * 60),
    ],
)
def test_a_bad_call_says_what_is_wrong_and_keeps_the_rest(town: Town, field: str, value: str) -> None:
    form = {"kind": "consultation", "title": "谁管", "planned_at": _now(), "words": "一件事", field: value}
    answer = _desk(town, "dispatcher").post("/desk/councils/new/", form)
    assert answer.status_code in (404, 422)
    assert "strip error" in answer.content.decode()
    assert not Council.objects.exists()


def test_bad_decisions_are_refused(town: Town) -> None:
    council = _called(town, town.report("路灯不亮三天了"))
    [first, _] = Item.objects.order_by("position")
    unit = str(town.world.organisations["urban"].id)
    good = {"item": str(first.id), "text": "修", "owner": unit}
    for wrong in (
        {"text": " "},
        {"text": "长" * 4001},
        {"owner": ""},
        {"owner": "x"},
        {"due_on": "2001-01-01"},
    ):
        assert _act(town, "dispatcher", council, "decide", **{**good, **wrong}) == 422, wrong
    assert _act(town, "dispatcher", council, "decide", **{**good, "item": "x"}) == 404
    assert _act(town, "dispatcher", council, "seat", organisation=unit, state="asleep") == 422
    assert _act(town, "dispatcher", council, "seat", organisation="x", state="came") == 404
    assert not Decision.objects.exists()


def test_an_agenda_of_ten_costs_what_one_of_two_costs(town: Town) -> None:
    council = _called(town, town.report("路灯不亮三天了"))
    client = _desk(town, "dispatcher")

    def cost() -> int:
        client.get(f"/desk/councils/{council.id}/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/desk/councils/{council.id}/").status_code == 200
        return len(caught)

    two = cost()
    for n in range(8):
        assert _act(town, "dispatcher", council, "item", words=f"议题 {n}") == 302
    assert cost() == two
