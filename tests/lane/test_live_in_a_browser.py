"""What others do appears on a screen by itself: a line enters, changes, leaves; nobody asks for the list again."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import requests

from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser
from tests.lane.conftest import Door
from tests.load import people

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.browser,
    pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built"),
]
_SOON_MS = 8_000
_REPORTED = "queue=all&state=reported"  # the longest due first, however many other tests have left
_TO_DISPATCH = (
    "[data-live-count=to_dispatch] .count:last-child"  # few: only tests of this file accept reports
)
_DONE = """
from gongzhi.grants.queries import actor_of
from gongzhi.matters.actions import perform
number, verb, name, form = given
by = actor_of(Account.objects.get(username=name).id, clock.now())
perform(number=number, verb=verb, form=form, by=by, at=clock.now())
print("null")
"""
_ROLE = """
from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.grants.models import Grant
name, = given
for grant in Grant.objects.filter(account__username=name, valid_until=None):
    grants.end(grant_id=grant.id, reason="", by=SYSTEM, at=clock.now())
print("null")
"""


def opened(door: Door, text: str) -> str:
    answer = door.report({"text": text, "opened_at": "2019-03-01T08:00:00+08:00"})
    assert answer.status_code == 201
    return str(answer.json()["number"])


def done(door: Door, number: str, verb: str, by: str = "other", **form: str) -> None:
    people.inside(door.town, _DONE, [number, verb, by, form])


def cookie(door: Door, name: str) -> dict[str, Any]:
    key, value = door.cookies[name].split("=", 1)
    return {"name": key, "value": value, "url": door.url}


def test_a_line_enters_changes_and_leaves_without_asking_for_the_list(door: Door) -> None:
    first = opened(door, "路灯不亮")
    with browser.opened(viewport=browser.DESK, cookies=[cookie(door, "disp")]) as (page, complaints):
        page.goto(f"{door.url}/desk/?{_REPORTED}")
        page.wait_for_selector("[data-live-lamp][data-state=on]")
        page.check(f"#row-{first} input")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/desk/" in request.url else None)
        number = opened(door, "井盖松动")
        page.wait_for_selector(f"#row-{number}", timeout=_SOON_MS)
        assert page.locator(f"#row-{number} a.title").get_attribute("href") == f"?{_REPORTED}&case={number}"
        assert page.is_checked(f"#row-{first} input")
        waiting = page.inner_text(_TO_DISPATCH)
        done(door, number, "accept")
        page.wait_for_selector(f"#row-{number}", state="detached", timeout=_SOON_MS)
        page.wait_for_function(
            "([which, before]) => document.querySelector(which).textContent.trim() !== before",
            arg=[_TO_DISPATCH, waiting],
            timeout=_SOON_MS,
        )
        assert int(page.inner_text(_TO_DISPATCH)) == int(waiting) + 1
        assert asked == []
        assert complaints == []


def test_an_open_case_shows_what_a_colleague_did(door: Door) -> None:
    number = opened(door, "垃圾没有清")
    with browser.opened(viewport=browser.DESK, cookies=[cookie(door, "disp")]) as (page, complaints):
        page.goto(f"{door.url}/desk/?{_REPORTED}&case={number}")
        page.wait_for_selector("[data-live-lamp][data-state=on]")
        done(door, number, "accept")
        page.wait_for_selector(f"#row-{number}", state="detached", timeout=_SOON_MS)
        page.wait_for_function(
            "() => document.querySelector('#case header .tag').textContent === '待派单'", timeout=_SOON_MS
        )
        assert complaints == []


def test_what_is_being_written_is_left_alone_until_it_is_put_down(door: Door) -> None:
    number = opened(door, "噪声扰民")
    done(door, number, "accept")
    with browser.opened(viewport=browser.DESK, cookies=[cookie(door, "disp")]) as (page, complaints):
        page.goto(f"{door.url}/desk/cases/{number}/")
        page.wait_for_selector("[data-live-lamp][data-state=on]")
        page.click("details[data-verb=note] summary")
        page.fill("details[data-verb=note] textarea", "写了一半")
        done(door, number, "note", text="同事先记了一笔")
        page.wait_for_selector("#case[data-stale]", timeout=_SOON_MS)
        assert page.input_value("details[data-verb=note] textarea") == "写了一半"
        assert complaints == []


def test_when_the_lane_died_the_screen_comes_back_and_has_missed_nothing(door: Door) -> None:
    with browser.opened(viewport=browser.DESK, cookies=[cookie(door, "disp")]) as (page, complaints):
        page.goto(f"{door.url}/desk/?{_REPORTED}")
        page.wait_for_selector("[data-live-lamp][data-state=on]")
        os.kill(lane(door), signal.SIGKILL)
        page.wait_for_selector("[data-live-lamp][data-state=off]", timeout=_SOON_MS)
        number = ""
        while not number:
            with contextlib.suppress(requests.ConnectionError):
                number = opened(door, "水管爆了")
        page.wait_for_selector(f"#row-{number}", timeout=40_000)
        assert complaints == []


def lane(door: Door) -> int:
    """The process that holds the streams: a child of `up`."""
    children = (
        Path(f"/proc/{door.town.process.pid}/task/{door.town.process.pid}/children").read_text().split()
    )
    return next(int(pid) for pid in children if b"lane.app" in Path(f"/proc/{pid}/cmdline").read_bytes())


def test_who_loses_the_role_hears_nothing_more(door: Door) -> None:
    answer = requests.get(
        f"{door.url}/live/stream", headers={"Cookie": door.cookies["short"]}, stream=True, timeout=(5, 15)
    )
    lines = (str(line) for line in answer.iter_lines(chunk_size=1, decode_unicode=True))
    assert next(lines).startswith("retry: ")
    people.inside(door.town, _ROLE, ["short"], role="owner")
    assert "event: end" in list(lines)
