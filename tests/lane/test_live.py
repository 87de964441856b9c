"""Live streams: a change reaches those who may see it, and nobody else."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest
import requests

from gongzhi.lane.changes import READ_MAX
from tests.lane.conftest import Door
from tests.load.client import drive, request

pytestmark = pytest.mark.embedded
_WAIT_SECONDS = 15


@dataclass
class Event:
    id: str = ""
    name: str = ""
    data: str = ""


@dataclass
class Stream:
    answer: requests.Response
    lines: Iterator[str]
    events: list[Event] = field(default_factory=list)

    def until(self, words: str, seconds: float = _WAIT_SECONDS) -> Event:
        """The first event about that; fails when it does not come in time."""
        end = time.monotonic() + seconds
        event = Event()
        for line in self.lines:
            name, _, value = line.partition(": ")
            if line == "":
                if words in event.data or words == event.name:
                    return event
                self.events.append(event)
                event = Event()
            elif name == "id":
                event.id = value
            elif name == "event":
                event.name = value
            elif name == "data":
                event.data = value
            assert time.monotonic() < end, f"nothing about {words}"
        raise AssertionError(f"the stream ended without {words}")


@contextmanager
def listening(door: Door, name: str, *, asked: str = "", **headers: str) -> Iterator[Stream]:
    answer = requests.get(
        f"{door.url}/live/stream{asked}",
        headers={"Cookie": door.cookies[name], **headers},
        stream=True,
        timeout=(5, _WAIT_SECONDS),
    )
    with closing(answer):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer, (str(line) for line in answer.iter_lines(chunk_size=1, decode_unicode=True)))


def opened(door: Door, **more: object) -> str:
    return str(door.report({"text": "路灯不亮", **more}).json()["number"])


def test_a_change_made_by_one_person_reaches_another(door: Door) -> None:
    with listening(door, "disp") as first, listening(door, "other") as second:
        number = opened(door)
        for stream in (first, second):
            event = stream.until(number)
            assert event.name == "change"
            assert event.id.isdecimal()
            assert "路灯" not in event.data
        done = requests.post(
            f"{door.url}/desk/cases/{number}/accept/",
            headers={"Cookie": door.cookies["other"]},
            timeout=30,
        )
        assert done.status_code == 403  # no CSRF token: nothing happened


def test_a_list_is_sent_its_lines_and_its_counts(door: Door) -> None:
    with listening(door, "disp", asked="?wants=list&queue=to_accept&lang=zh-Hans") as stream:
        number = opened(door)
        event = stream.until(number)
        assert f'data-number="{number}"' in json.loads(event.data)["row"]
        counts = stream.until("counts")
        assert "count" in json.loads(counts.data)["to_accept"]
        assert counts.id == ""  # who comes back misses no change because it heard counts


def test_streams_that_break_together_do_not_come_back_together(door: Door) -> None:
    retries = set()
    for _ in range(5):
        with listening(door, "disp") as stream:
            retries.add(next(line for line in stream.lines if line.startswith("retry: ")))
    assert len(retries) > 1


def test_a_stranger_hears_nothing_of_it(door: Door) -> None:
    with listening(door, "stranger") as stranger, listening(door, "disp") as dispatcher:
        number = opened(door)
        dispatcher.until(number)
        with pytest.raises((requests.ConnectionError, requests.ReadTimeout, AssertionError)):
            stranger.until(number, seconds=3)
        assert not any(number in event.data for event in stranger.events)


def test_without_signing_in_there_is_no_stream(door: Door) -> None:
    for headers in ({}, {"Cookie": "gongzhi_session=nothing"}, {"Authorization": f"Bearer {door.token}"}):
        answer = requests.get(f"{door.url}/live/stream", headers=headers, timeout=10)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
    posted = requests.post(f"{door.url}/live/stream", headers={"Cookie": door.cookies["disp"]}, timeout=10)
    assert posted.status_code == 405


def test_a_listener_that_was_away_is_told_what_it_missed(door: Door) -> None:
    with listening(door, "disp") as stream:
        seen = stream.until(opened(door)).id
    missed = opened(door)
    with listening(door, "disp", **{"Last-Event-ID": seen}) as stream:
        assert stream.until(missed).name == "change"


@pytest.mark.parametrize("last", ["999999999999", "-1", "x", "9" * 40])
def test_an_id_from_another_history_does_not_break_it(door: Door, last: str) -> None:
    with listening(door, "disp", **{"Last-Event-ID": last}) as stream:
        if last == "999999999999":
            assert stream.until("reload").name == "reload"
        stream.until(opened(door))


def test_who_was_away_too_long_reloads_instead(door: Door) -> None:
    with listening(door, "disp") as stream:
        seen = stream.until(opened(door)).id
    body = json.dumps({"text": "路灯不亮"}).encode()
    headers = [("Authorization", f"Bearer {door.token}"), ("Content-Type", "application/json")]
    report = request("POST", "/lane/reports", body=body, headers=headers)
    opened_now = 0
    while opened_now < READ_MAX + 20:  # more than is told one by one
        done = asyncio.run(drive(port=door.town.port, connections=16, seconds=1, make=lambda *_: report))
        opened_now += done.statuses.get(201, 0)
    time.sleep(1)  # the sequencer is another process
    with listening(door, "disp", **{"Last-Event-ID": seen}) as stream:
        assert stream.until("reload", seconds=30).name == "reload"
