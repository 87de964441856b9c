"""A thousand screens listen while ten changes a second happen: how long until a screen shows the change.

People of every desk of the demo district, each with its own streets, grids or unit, look at their inbox, at a case, at a
filtered list or at the map (tests/load/screens.py does what the page's script does). Every second change is an acceptance, the
next one dispatches that case to some unit: it leaves one list, enters another and is shown on somebody's case page.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.load import people, town
from tests.load.believable import Reports
from tests.load.client import ask, drive, request
from tests.load.harness import Row
from tests.load.screens import Kind, Page, Screen, Seen
from tests.load.town import Town

SCREENS: Mapping[Kind, int] = {"list": 600, "case": 340, "filtered": 40, "map": 20}
CHANGES_A_SECOND = 10
_OPENED = 150
_FILTER = {"state": "accepted"}
_JSON = ("Content-Type", "application/json")
_STAFF = """
from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area
now = clock.now()
areas, units = list(Area.objects.order_by("path")), list(Organisation.objects.filter(ended_at=None, kind__in=("bureau", "company", "station", "street")).order_by("code"))
duties = [(role, "", None) for role, count in (("dispatcher", 20), ("quality", 10), ("supervisor", 5)) for _ in range(count)]
per_level = {"street": ("window", "street_leader"), "community": ("community_worker",) * 4, "grid": ("grid_worker",) * 2}
duties += [(role, area.path, None) for area in areas for role in per_level.get(area.level, ())]
duties += [(role, "", unit.id) for unit in units for role in ("handler",) * 4 + ("unit_head",)]
names = []
for n, (role, path, unit) in enumerate(duties):
    made = parties.create_account(username=f"screen.{n}", password=None, by=SYSTEM, at=now)
    grants.give(account_id=made.id, role=role, area_path=path, organisation_id=unit, by=SYSTEM, at=now)
    names.append(made.username)
print(json.dumps([names, [str(unit.id) for unit in units]]))
"""


def rows(quick: bool) -> Iterable[Row]:
    expected = 100 if quick else 2 * _OPENED
    with town.running() as here:
        names, units = people.inside(here, _STAFF, role="owner")
        cookies = people.cookies(here, names)
        secret = people.token(here, "desk.he", by="admin.security")
        numbers = _opened(here.port, people.token(here), _OPENED)
        time.sleep(3)  # what follows their opening is over
        seen, wrong = asyncio.run(
            _run(here, secret, [cookies[name] for name in names], numbers, units, expected)
        )
    yield Row.at_least("changes made", len(seen.answered), "", goal=expected)
    yield Row.at_least("screens told, a change", len(seen.told) / expected, "")
    for title, kinds in _KINDS.items():
        shown = seen.delays_ms(kinds)
        yield Row.at_most(f"commit to {title}, p50", _p(shown, 50), "ms")
        yield Row.at_most(f"commit to {title}, p99", _p(shown, 99), "ms", goal=1000)
    pressed = seen.delays_ms(("list", "case", "filtered"), since="sent")
    yield Row.at_most("pressing the button to any of these, p99", _p(pressed, 99), "ms")
    asked = sum(seen.asked.values())
    yield Row.at_most("questions asked by all screens, a change", asked / expected, "", goal=10)
    yield Row.at_most("lists that differ from a freshly loaded page", wrong, "", goal=0)
    yield Row.at_most("streams or questions refused", seen.refused, "", goal=0)


_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "any screen": ("list", "case", "filtered"),
    "a list": ("list",),
    "a case page": ("case",),
    "a filtered list": ("filtered",),
}


def _opened(port: int, secret: str, count: int) -> list[str]:
    """Numbers of fresh reports."""
    reports = Reports()

    def make(_connection: int, _number: int) -> bytes:
        body = json.dumps(reports.body(), ensure_ascii=False).encode()
        return request("POST", "/lane/reports", body=body, headers=[_JSON, _bearer(secret)])

    numbers: list[str] = []
    while len(numbers) < count:
        done = asyncio.run(drive(port=port, connections=8, seconds=0.5, make=make, keep_bodies=True))
        numbers += [json.loads(body)["number"] for body in done.bodies]
    return numbers[:count]


async def _run(
    here: Town,
    secret: str,
    cookies: Sequence[str],
    numbers: Sequence[str],
    units: Sequence[str],
    expected: int,
) -> tuple[Seen, int]:
    seen, dice, ready = Seen(), Random(7), asyncio.Semaphore(0)
    screens = await _screens(here.port, cookies, numbers, seen)
    listening = []
    for n, screen in enumerate(screens):
        listening.append(asyncio.create_task(screen.listen(here.port, ready)))
        if n % 20 == 19:
            await asyncio.sleep(0.1)
    for _ in screens:
        await asyncio.wait_for(ready.acquire(), timeout=120)
    await asyncio.sleep(2)
    steps: list[tuple[int, str, str, dict[str, Any]]] = []
    for n, number in enumerate(numbers[: expected // 2]):  # accepted; three seconds later dispatched
        form = {"organisation": dice.choice(units), "reason": "属地管理"}
        steps += [(2 * n, number, "accept", {}), (2 * n + 3 * CHANGES_A_SECOND + 1, number, "dispatch", form)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as changes:
        for slot, number, verb, given in sorted(steps):
            await asyncio.sleep(max(0.0, began + slot / CHANGES_A_SECOND - time.perf_counter()))
            changes.create_task(_change(here.port, number, verb, given, secret, seen))
    await asyncio.sleep(4)
    wrong = await _wrong(here.port, screens)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return seen, wrong


async def _screens(port: int, cookies: Sequence[str], numbers: Sequence[str], seen: Seen) -> list[Screen]:
    """Everybody loads what the desk opens with; a case is one that its reader may see, a filter is by state."""
    dice, fresh = Random(7), set(numbers)
    inboxes = await _pages(port, cookies)
    newest = await _pages(port, cookies, queue="all")
    readers = [cookie for cookie in cookies if fresh & newest[cookie].rows.keys()]
    filtered = await _pages(port, cookies[:40], queue="all", **_FILTER)
    screens: list[Screen] = []
    for _ in range(SCREENS["list"]):
        cookie = dice.choice(cookies)
        screens.append(Screen("list", cookie, seen, page=inboxes[cookie].copy()))
    for _ in range(SCREENS["case"]):
        cookie = dice.choice(readers)
        case = dice.choice(sorted(fresh & newest[cookie].rows.keys()))
        screens.append(Screen("case", cookie, seen, case=case))
    for cookie in dice.choices(list(filtered), k=SCREENS["filtered"]):
        screens.append(Screen("filtered", cookie, seen, page=filtered[cookie].copy(), filters=_FILTER))
    screens += [Screen("map", dice.choice(cookies), seen) for _ in range(SCREENS["map"])]
    dice.shuffle(screens)
    return screens


async def _pages(port: int, cookies: Sequence[str], **query: str) -> dict[str, Page]:
    """A few at a time."""
    turn = asyncio.Semaphore(6)

    async def load(cookie: str) -> tuple[str, Page]:
        async with turn:
            return cookie, await _page(port, cookie, **query)

    return dict(await asyncio.gather(*(load(cookie) for cookie in cookies)))


async def _page(port: int, cookie: str, **query: str) -> Page:
    path = f"/desk/?{urlencode(query)}"
    status, body = await ask(
        port, request("GET", path, headers=[("Cookie", cookie), ("Accept", "text/html")])
    )
    assert status == 200, body[:500]
    return Page.read(body.decode())


async def _wrong(port: int, screens: Sequence[Screen]) -> int:
    """How many of these (one for each person and kind, eighty at most) a reload would change."""
    each = list({(screen.cookie, screen.kind): screen for screen in screens}.values())[:80]
    wrong = 0
    for screen in each:
        if screen.page is not None:
            fresh, shown = (
                (await _page(port, screen.cookie, queue=screen.page.queue, **screen.filters)).numbers(),
                screen.page.numbers(),
            )
            compared = len(fresh) if not screen.page.more else min(len(fresh), len(shown))
            wrong += fresh[:compared] != shown[: max(compared, len(shown) if not screen.page.more else 0)]
    return wrong


async def _change(
    port: int, number: str, verb: str, form: Mapping[str, Any], secret: str, seen: Seen
) -> None:
    sent = time.perf_counter()
    body = json.dumps({"verb": verb, "form": form}).encode()
    path = f"/api/v1/matters/{number}/transitions"
    status, answer = await ask(port, request("POST", path, body=body, headers=[_JSON, _bearer(secret)]))
    if status == 201:
        change = f"{number} {json.loads(answer)['version']}"
        seen.sent[change], seen.answered[change] = sent, time.perf_counter()


def _bearer(secret: str) -> tuple[str, str]:
    return "Authorization", f"Bearer {secret}"


def _p(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else float("nan")
