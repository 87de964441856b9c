"""Parts of the platform die under load: what was acknowledged is kept, the rest is told when to come back."""

import contextlib
import os
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import pytest
import requests

from tests.lane.conftest import Door

pytestmark = pytest.mark.embedded
_WRITERS = 6


@dataclass
class History:
    acknowledged: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)  # a 503 that does not say when to come back


def _until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _ready(door: Door) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{door.url}/readyz", timeout=5).status_code == 200
    return False


def _kill(door: Door, word: str, number: int) -> list[int]:
    """Signal a child of the supervisor and what it started."""
    hit = []
    for child in psutil.Process(door.town.process.pid).children():
        with contextlib.suppress(psutil.Error):
            if any(word in part for part in child.cmdline()):
                family = [child] if number != signal.SIGKILL else [child, *child.children(recursive=True)]
                for process in family:
                    os.kill(process.pid, number)
                    hit.append(process.pid)
    assert hit, word
    return hit


@contextmanager
def writing(door: Door) -> Iterator[History]:
    """Programs that report without pause, for the length of the block."""
    history, stop = History(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            try:
                answer = door.report({"text": "路灯不亮"}, **{"Idempotency-Key": uuid.uuid4().hex})
            except requests.RequestException:
                history.statuses[0] += 1
                time.sleep(0.02)
                continue
            history.statuses[answer.status_code] += 1
            if answer.status_code == 201:
                history.acknowledged.append(answer.json()["number"])
            elif answer.status_code == 503 and not answer.headers.get("Retry-After"):
                history.silent.append(answer.text)

    threads = [threading.Thread(target=write) for _ in range(_WRITERS)]
    for thread in threads:
        thread.start()
    try:
        _until(lambda: len(history.acknowledged) > 20)
        yield history
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def test_a_database_that_dies_under_load_loses_nothing_that_was_acknowledged(door: Door) -> None:
    with writing(door) as history:
        for number in (signal.SIGINT, signal.SIGQUIT):
            before = len(history.acknowledged)
            _kill(door, "postgres", number)
            _until(lambda before=before: len(history.acknowledged) > before + 50)
    assert set(history.acknowledged) <= set(door.numbers())
    assert len(set(history.acknowledged)) == len(history.acknowledged)
    assert set(history.statuses) <= {0, 201, 503}, history.statuses
    assert history.statuses[503]
    assert not history.silent
    _until(lambda: _ready(door))


def test_a_lane_told_to_stop_commits_what_it_took(door: Door) -> None:
    with writing(door) as history:
        before = len(history.acknowledged)
        _kill(door, "gongzhi.lane.app", signal.SIGTERM)
        _until(lambda: len(history.acknowledged) > before + 50)
    assert set(history.acknowledged) <= set(door.numbers())
    assert set(history.statuses) <= {0, 201, 503}, history.statuses
    assert not history.silent


def test_while_web_is_away_people_read_a_page_and_programs_a_problem(door: Door) -> None:
    seen: dict[str, requests.Response] = {}

    def ask(kind: str) -> bool:
        answer = requests.get(f"{door.url}/sign-in/", headers={"Accept": kind}, timeout=30)
        if answer.status_code == 503:
            seen[kind] = answer
        return kind in seen

    for kind in ("text/html", "application/json"):
        _until(lambda: _ready(door))
        _kill(door, "gongzhi.config.wsgi", signal.SIGKILL)
        _until(lambda kind=kind: ask(kind))
        assert int(seen[kind].headers["Retry-After"]) > 0
    assert "<h1>" in seen["text/html"].text
    assert "default-src 'none'" in seen["text/html"].headers["Content-Security-Policy"]
    assert seen["application/json"].json()["code"] == "web.unavailable"
    assert door.report({"text": "路灯不亮"}).status_code == 201  # the lane needs no web
    _until(lambda: _ready(door))
    assert (
        requests.get(f"{door.url}/sign-in/", headers={"Accept": "text/html"}, timeout=30).status_code == 200
    )
