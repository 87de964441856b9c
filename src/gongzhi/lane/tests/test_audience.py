"""Who is told what of a change: owner, colleague, stranger; lists, cases and what left one's sight."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.acts.queries import head
from gongzhi.acts.sequencer import sequence_all
from gongzhi.lane import recent
from gongzhi.lane.audience import Audience
from gongzhi.lane.changes import read_after
from gongzhi.lane.hearers import Group, Hearer, spread_ms
from gongzhi.matters.models import Matter
from gongzhi.matters.queries import Filters
from gongzhi.matters.tests.town import EAST, WEST, Town

Event = dict[str, Any]


class Room:
    """An audience whose offers are kept by hearer, read as events."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.heard: dict[Hearer, list[Event]] = {}
        self.stale: list[Group] = []
        self.audience = Audience(send=self._send, count=self.stale.extend)
        self.position = head()

    def _send(self, offers: list[tuple[Hearer, bytes]], _position: int) -> None:
        for hearer, event in offers:
            lines = dict(line.split(": ", 1) for line in event.decode().strip().split("\n"))
            self.heard[hearer].append(
                {**json.loads(lines["data"]), "event": lines["event"], "id": lines.get("id")}
            )

    def hearer(
        self, who: str, *, see: tuple[str, ...] = (), since: int | None = None, **wants: Any
    ) -> Hearer:
        made = Hearer(self.town[who], **wants)
        self.heard[made] = []
        self.audience.join(made, since=since, numbers=(*see, *([made.case] if made.case else ())))
        return made

    def pass_on(self) -> None:
        """What happened since, as the listener does it."""
        sequence_all()
        while (news := read_after(self.position)).position != self.position:
            self.audience.tell(news)
            self.position = news.position

    def take(self, hearer: Hearer) -> list[Event]:
        taken, self.heard[hearer] = self.heard[hearer], []
        return taken


@pytest.fixture
def room(town: Town) -> Room:
    sequence_all()
    return Room(town)


def test_the_owner_and_a_colleague_hear_of_it_and_a_stranger_does_not(room: Room) -> None:
    number = room.town.open().number
    room.town.road(number, until="assigned")
    hearers = {who: room.hearer(who) for who in ("handler", "colleague", "stranger", "reporter", "quality")}
    room.pass_on()
    room.town.do(number, "sign", "handler")
    room.heard = {hearer: [] for hearer in room.heard}
    room.pass_on()
    told = {who: [event["matter"] for event in room.take(hearer)] for who, hearer in hearers.items()}
    assert told == {
        "handler": [number], "colleague": [number], "stranger": [], "reporter": [number], "quality": [number]
    }  # fmt: skip


def test_bare_news_hold_no_words(room: Room) -> None:
    hearer = room.hearer("dispatcher")
    room.town.open(title="路灯坏了", text="家住三号楼")
    room.pass_on()
    [event] = room.take(hearer)
    assert set(event) == {"event", "id", "matter", "verb", "state", "area", "version", "within"}


def test_a_list_is_sent_the_line_of_what_enters_and_told_what_leaves(room: Room) -> None:
    to_accept = room.hearer("dispatcher", wants="list", queue="to_accept")
    to_dispatch = room.hearer("dispatcher", wants="list", queue="to_dispatch")
    number = room.town.open(title="路灯坏了").number
    room.pass_on()
    [event] = room.take(to_accept)
    assert f'data-number="{number}"' in event["row"]
    assert "路灯坏了" in event["row"]
    assert room.take(to_dispatch) == []  # nothing on that screen changes
    room.town.do(number, "accept", "dispatcher")
    room.pass_on()
    assert [(event["matter"], event["row"]) for event in room.take(to_accept)] == [(number, "")]
    assert "路灯坏了" in room.take(to_dispatch)[0]["row"]
    room.town.do(number, "note", "dispatcher", text="记一笔")
    room.pass_on()
    assert room.take(to_accept) == []  # it left; what happens to it there is not told here


def test_a_filtered_list_hears_what_its_filters_pass(room: Room) -> None:
    filters = {"east": Filters(area=EAST), "west": Filters(area=WEST), "state": Filters(state="accepted")}
    hearers = {
        name: room.hearer("dispatcher", wants="list", filters=chosen) for name, chosen in filters.items()
    }
    number = room.town.open().number
    room.pass_on()
    assert {name: len(room.take(hearer)) for name, hearer in hearers.items()} == {
        "east": 1,
        "west": 0,
        "state": 0,
    }
    room.town.do(number, "accept", "dispatcher")
    room.pass_on()
    assert {name: len(room.take(hearer)) for name, hearer in hearers.items()} == {
        "east": 1,
        "west": 0,
        "state": 1,
    }


def test_a_line_is_drawn_once_for_a_language(room: Room) -> None:
    zh = [room.hearer("dispatcher", wants="list", queue="to_accept") for _ in range(3)]
    en = room.hearer("dispatcher", wants="list", queue="to_accept", language="en")
    room.town.open()
    room.pass_on()
    drawn = [room.take(hearer)[0]["row"] for hearer in zh]
    assert drawn[0] == drawn[1] == drawn[2]
    assert "待受理" in drawn[0]
    assert "待受理" not in room.take(en)[0]["row"]


def test_an_open_case_is_told_and_so_is_nobody_else_s(room: Room) -> None:
    first, second = room.town.open().number, room.town.open().number
    sequence_all()
    room.position = head()
    watching = room.hearer("dispatcher", wants="case", case=first)
    other = room.hearer("dispatcher", wants="case", case=second)
    room.town.do(first, "accept", "dispatcher")
    room.pass_on()
    assert [event["matter"] for event in room.take(watching)] == [first]
    assert room.take(other) == []


def test_what_leaves_one_s_sight_is_told_once_and_nothing_more(room: Room) -> None:
    number = room.town.open().number
    room.town.road(number, until="assigned")
    sequence_all()
    room.position = head()
    handler = room.hearer("handler", wants="list", queue="to_sign", see=(number,))
    case = room.hearer("colleague", wants="case", case=number)
    assert room.take(handler) == room.take(case) == []
    lead = room.town.organisations["other"].id
    Matter.objects.filter(number=number).update(lead_id=lead)  # as a new ruling does
    room.town.do(number, "note", "dispatcher", text="改派")
    room.pass_on()
    for hearer in (handler, case):
        [event] = room.take(hearer)
        assert (event["event"], event["matter"]) == ("gone", number)
        assert set(event) == {"event", "id", "matter"}
    room.town.do(number, "note", "dispatcher", text="再记一笔")
    room.pass_on()
    assert room.take(handler) == room.take(case) == []


def test_naming_a_number_one_may_not_see_says_nothing_about_it(room: Room) -> None:
    number = room.town.open().number
    sequence_all()
    room.position = head()
    stranger = room.hearer("stranger", wants="case", see=(number, "NEVERBORN"))
    assert [event["matter"] for event in room.take(stranger)] == [
        number,
        "NEVERBORN",
    ]  # the same answer for both
    room.town.do(number, "accept", "dispatcher")
    room.pass_on()
    assert room.take(stranger) == []


def test_who_comes_back_is_told_what_it_missed_as_it_stands_now(room: Room) -> None:
    early = room.hearer("dispatcher", wants="list", queue="to_accept")
    number = room.town.open().number
    room.pass_on()
    seen = int(room.take(early)[0]["id"])
    room.audience.leave(early)
    other = room.hearer("dispatcher")  # somebody listens meanwhile
    room.town.do(number, "accept", "dispatcher")
    missed = room.town.open().number
    room.pass_on()
    assert len(room.take(other)) == 2
    back = room.hearer("dispatcher", wants="list", queue="to_accept", see=(number,), since=seen)
    told = {event["matter"]: bool(event["row"]) for event in room.take(back)}
    assert told == {number: False, missed: True}


def test_a_thousand_who_come_back_are_told_from_memory(room: Room) -> None:
    room.hearer("dispatcher")
    start = room.position
    room.town.open_several(20)
    room.pass_on()
    room.hearer("dispatcher", since=start)
    with CaptureQueriesContext(connection) as asked:
        backs = [room.hearer("dispatcher", since=start) for _ in range(50)]
    assert [len(room.take(hearer)) for hearer in backs] == [20] * 50
    assert len(asked) == 0


def test_what_passed_while_nobody_listened_is_read_for_who_comes_back(room: Room) -> None:
    last = room.hearer("dispatcher")
    room.town.open()
    room.pass_on()
    seen = int(room.take(last)[0]["id"])
    room.audience.leave(last)
    room.town.open_several(3)
    sequence_all()  # and nobody is told
    back = room.hearer("dispatcher", since=seen)
    assert len(room.take(back)) == 3
    room.position = head()
    room.town.open()
    room.pass_on()
    assert len(room.take(room.hearer("dispatcher", since=seen))) == 4


@pytest.mark.parametrize("since", [10**12, None])
def test_another_history_reloads_and_no_history_says_nothing(room: Room, since: int | None) -> None:
    hearer = room.hearer("dispatcher", since=since)
    assert [event["event"] for event in room.take(hearer)] == (["reload"] if since else [])


def test_who_missed_too_much_reloads(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    start = room.position
    room.town.open_several(5)
    sequence_all()
    monkeypatch.setattr(recent, "READ_MAX", 5)
    assert [event["event"] for event in room.take(room.hearer("dispatcher", since=start))] == ["reload"]


def test_questions_are_spread_over_more_time_the_more_screens_ask(room: Room) -> None:
    number = room.town.open().number
    sequence_all()
    room.position = head()
    cases = [room.hearer("dispatcher", wants="case", case=number) for _ in range(41)]
    lists = [room.hearer("dispatcher", wants="list") for _ in range(100)]
    room.town.do(number, "accept", "dispatcher")
    room.pass_on()
    assert room.take(cases[0])[0]["within"] == spread_ms(41) == 1000  # lists ask for nothing
    assert room.take(lists[0])[0]["row"]
    assert spread_ms(1) == 0
    assert spread_ms(100_000) == 20_000


def test_counts_are_stale_for_those_who_saw_it_and_no_others(room: Room) -> None:
    room.hearer("dispatcher", wants="list", queue="to_accept")
    room.hearer("stranger", wants="list", queue="to_sign")
    room.hearer("quality")
    room.town.open()
    room.pass_on()
    assert {group.actor for group in room.stale} == {room.town["dispatcher"]}


def test_many_listeners_cost_no_more_questions_to_the_database(room: Room) -> None:
    def told(listeners: int) -> int:
        for who in ("dispatcher", "handler", "stranger", "quality", "grid_worker"):
            for _ in range(listeners):
                room.hearer(who, wants="list")
        room.town.open()
        sequence_all()
        with CaptureQueriesContext(connection) as asked:
            room.pass_on()
        return len(asked)

    assert told(1) == told(20)


def test_what_turned_late_meanwhile_is_judged_at_the_moment_of_telling(room: Room) -> None:
    hearer = room.hearer("dispatcher", wants="list", queue="late")
    number = room.town.open().number
    Matter.objects.filter(number=number).update(due_at=room.town.clock - timedelta(days=400))
    room.pass_on()
    assert [event["matter"] for event in room.take(hearer)] == [number]
