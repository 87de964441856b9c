"""A thousand screens listen while ten changes a second happen: how long until a screen shows the change.

Listeners do what the page's script does (frontend/src/live.ts): wait a quiet time and a random moment, then refetch
the fragment that cares; several changes in that time become one request. Every listener has one case open; ten of
them look at an inbox, which every change concerns.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.load import people, town
from tests.load.believable import Reports
from tests.load.client import ask, drive, request
from tests.load.harness import Row

LISTENERS = 1_000
CHANGES_A_SECOND = 10
INBOXES = 10
_QUIET_SECONDS, _JITTER_SECONDS = 0.25, 0.4
_PEOPLE = ("desk.he", "supervisor.qin", "quality.tang", "leader.gao")
_JSON = ("Content-Type", "application/json")


@dataclass(slots=True)
class Seen:
    """Instants by case number, of one clock; shown: when the refetched fragment was there."""

    changed_at: dict[str, float] = field(default_factory=dict)
    told: list[tuple[str, float]] = field(default_factory=list)
    shown: list[tuple[str, float]] = field(default_factory=list)
    refetches: int = 0
    refused: int = 0

    def delays_ms(self, events: Sequence[tuple[str, float]]) -> list[float]:
        """Since the change was answered; an event may be faster than the answer."""
        return sorted(max(0.0, at - self.changed_at[n]) * 1000 for n, at in events if n in self.changed_at)


def rows(quick: bool) -> Iterable[Row]:
    """Each change is an acceptance at the desk, done through the API."""
    seconds = 10 if quick else 30
    expected = seconds * CHANGES_A_SECOND
    with town.running() as here:
        cookies = list(people.cookies(here, _PEOPLE).values())
        secret = people.token(here, "desk.he", by="admin.security")
        numbers = _opened(here.port, people.token(here), expected)
        time.sleep(3)  # what follows their opening is over
        seen = asyncio.run(_run(here.port, secret, cookies, numbers))
    told, shown = seen.delays_ms(seen.told), seen.delays_ms(seen.shown)
    yield Row.at_least("changes made", len(seen.changed_at), "", goal=expected)
    yield Row.at_least(f"listeners told, of {LISTENERS:,}, a change", len(told) / expected, "")
    yield Row.at_most("commit to event at a listener, p99", _p(told, 99), "ms")
    yield Row.at_most("commit to screen, refetch included, p50", _p(shown, 50), "ms")
    yield Row.at_most("commit to screen, refetch included, p99", _p(shown, 99), "ms", goal=1000)
    yield Row.at_most("fragments refetched a change", seen.refetches / expected, "", goal=2 * INBOXES)
    yield Row.at_most("streams or fragments refused", seen.refused, "", goal=0)


def _opened(port: int, secret: str, count: int) -> list[str]:
    """Numbers of fresh reports to be accepted."""
    reports = Reports()

    def make(_connection: int, _number: int) -> bytes:
        body = json.dumps(reports.body(), ensure_ascii=False).encode()
        return request("POST", "/lane/reports", body=body, headers=[_JSON, _bearer(secret)])

    numbers: list[str] = []
    while len(numbers) < count:
        done = asyncio.run(drive(port=port, connections=8, seconds=1, make=make, keep_bodies=True))
        numbers += [json.loads(body)["number"] for body in done.bodies]
    return numbers[:count]


async def _run(port: int, secret: str, cookies: Sequence[str], numbers: Sequence[str]) -> Seen:
    seen, ready = Seen(), asyncio.Semaphore(0)
    listeners = [
        asyncio.create_task(
            _listen(
                port, cookies[n % len(cookies)], "" if n < INBOXES else numbers[n % len(numbers)], seen, ready
            )
        )
        for n in range(LISTENERS)
    ]
    for _ in listeners:
        await asyncio.wait_for(ready.acquire(), timeout=120)
    body = json.dumps({"verb": "accept", "form": {}}).encode()
    began = time.perf_counter()
    async with asyncio.TaskGroup() as changes:
        for n, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, began + n / CHANGES_A_SECOND - time.perf_counter()))
            changes.create_task(_change(port, number, body, secret, seen))
    await asyncio.sleep(3)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return seen


async def _change(port: int, number: str, body: bytes, secret: str, seen: Seen) -> None:
    path = f"/api/v1/matters/{number}/transitions"
    status, _ = await ask(port, request("POST", path, body=body, headers=[_JSON, _bearer(secret)]))
    if status == 201:
        seen.changed_at[number] = time.perf_counter()


async def _listen(port: int, cookie: str, case: str, seen: Seen, ready: asyncio.Semaphore) -> None:
    """One screen. case "": an inbox, which every change concerns."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        request("GET", "/live/stream", headers=[("Cookie", cookie), ("Accept", "text/event-stream")])
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        seen.refused += 1
    ready.release()
    waiting: list[str] = []
    refetches: set[asyncio.Task[None]] = set()
    while line := await reader.readline():
        if not line.startswith(b'data: {"matter'):
            continue
        number = str(json.loads(line[6:])["matter"])
        seen.told.append((number, time.perf_counter()))
        if case in ("", number):
            waiting.append(number)
            if len(waiting) == 1:
                task = asyncio.create_task(_refetch(port, cookie, case, waiting, seen))
                refetches.add(task)
                task.add_done_callback(refetches.discard)
    writer.close()


async def _refetch(port: int, cookie: str, case: str, waiting: list[str], seen: Seen) -> None:
    await asyncio.sleep(_QUIET_SECONDS + random.random() * _JITTER_SECONDS)
    changed = list(waiting)
    waiting.clear()
    path = f"/desk/cases/{case}/" if case else "/desk/"
    status, _ = await ask(port, request("GET", path, headers=[("Cookie", cookie), ("HX-Request", "true")]))
    seen.refetches += 1
    if status == 200:
        seen.shown += [(number, time.perf_counter()) for number in changed]
    else:
        seen.refused += 1


def _bearer(secret: str) -> tuple[str, str]:
    return "Authorization", f"Bearer {secret}"


def _p(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else float("nan")
