"""Screens that listen, doing what the page's script does (frontend/src/live.ts, rows.ts): put in the lines they are sent,
ask for the rest within the time the server names, rest after an answer that took long.
"""

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from tests.load.client import ask, request

Kind = Literal["list", "case", "filtered", "map"]
_ROW = re.compile(r'data-number="(\w+)" data-id="([\w-]+)" data-due="(\d*)" data-opened="(\d*)"')
_SINCE = re.compile(r'data-live-since="(-?\d*)"')
_LIST = re.compile(r'data-live-list="(\w*)"( data-more)?')
_ORDER = re.compile(r'data-order="(\w+)"')
_REST_TIMES, _REST_SECONDS = 2, (0.25, 15.0)
_AGAIN_SECONDS = 2.0  # while an answer is awaited
_MAP = "/desk/map/clusters.json?" + urlencode({"bbox": "110,26,118,32", "zoom": "12"})


@dataclass(slots=True)
class Seen:
    """Instants of one clock. sent, answered: by change; told, shown: (change, kind of screen, instant)."""

    sent: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    told: list[tuple[str, Kind, float]] = field(default_factory=list)
    shown: list[tuple[str, Kind, float]] = field(default_factory=list)
    asked: dict[Kind, int] = field(default_factory=dict)
    refused: int = 0

    def delays_ms(
        self, kinds: tuple[Kind, ...], *, what: str = "shown", since: str = "answered"
    ) -> list[float]:
        """An event may be faster than the answer to who made the change: then no time has passed."""
        began: dict[str, float] = getattr(self, since)
        return sorted(
            max(0.0, at - began[change]) * 1000
            for change, kind, at in getattr(self, what)
            if kind in kinds and change in began
        )


@dataclass(slots=True)
class Page:
    """The inbox as it was loaded: rows in order, keyed by number → (due or opened, id)."""

    queue: str
    since: str
    more: bool
    newest: bool
    rows: dict[str, tuple[float, str]]

    @classmethod
    def read(cls, html: str) -> "Page":
        (queue, more), order = _LIST.findall(html)[0], _ORDER.search(html)
        newest = order is not None and order[1] == "newest"
        return cls(queue, _SINCE.findall(html)[0], bool(more), newest, rows_of(html, newest=newest))

    def copy(self) -> "Page":
        return Page(self.queue, self.since, self.more, self.newest, dict(self.rows))

    def put(self, number: str, html: str) -> None:
        """As rows.ts does."""
        self.rows.pop(number, None)
        for key in rows_of(html, newest=self.newest).values():
            if not (self.more and all(key > other for other in self.rows.values())):
                self.rows[number] = key

    def numbers(self) -> list[str]:
        return sorted(self.rows, key=lambda number: self.rows[number])


def rows_of(html: str, *, newest: bool) -> dict[str, tuple[float, str]]:
    """Smaller keys stand higher."""
    return {
        number: (-float(opened), _flipped(id_)) if newest else (float(due or "inf"), id_)
        for number, id_, due, opened in _ROW.findall(html)
    }


def _flipped(id_: str) -> str:
    return id_.translate(str.maketrans("0123456789abcdef", "fedcba9876543210"))


@dataclass(slots=True)
class Screen:
    """One page somebody has open. case: the number that is open on it; page: its list, filters: of the list."""

    kind: Kind
    cookie: str
    seen: Seen
    case: str = ""
    page: Page | None = None
    filters: dict[str, str] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    rest_until: float = 0.0
    asking: "asyncio.Task[None] | None" = None

    def address(self) -> str:
        wants = {"case": "case", "map": "all"}.get(self.kind, "list")
        query = {"lang": "zh-Hans", "wants": wants, "case": self.case, **self.filters}
        if self.page is not None:
            query |= {"queue": self.page.queue, "since": self.page.since, "see": ",".join(self.page.rows)}
        return "/live/stream?" + urlencode({name: value for name, value in query.items() if value})

    async def listen(self, port: int, ready: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        headers = [("Cookie", self.cookie), ("Accept", "text/event-stream")]
        writer.write(request("GET", self.address(), headers=headers))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:20]:
            self.seen.refused += 1
        ready.release()
        while line := await reader.readline():
            if line.startswith(b'data: {"matter'):
                self.hear(line[6:], port)
        writer.close()

    def hear(self, data: bytes, port: int) -> None:
        at = time.perf_counter()
        said = json.loads(data)
        change = f"{said['matter']} {said.get('version', '')}"
        new = change not in self.heard  # acts that follow a change tell of it again
        self.heard.add(change)
        if new:
            self.seen.told.append((change, self.kind, at))
        if self.page is not None:
            self.page.put(said["matter"], said.get("row", ""))
            self.seen.shown += [(change, self.kind, at)] if new else []
        else:
            self.waiting.append(change if new else "")
            if self.asking is None or self.asking.done():
                self.asking = asyncio.create_task(self._ask(port, said.get("within", 0) / 1000))

    async def _ask(self, port: int, within_seconds: float) -> None:
        spread = random.random() * within_seconds
        while self.waiting:
            await asyncio.sleep(max(0.0, self.rest_until - time.perf_counter()) + spread)
            changes, self.waiting = self.waiting, []
            began = time.perf_counter()
            path = f"/desk/cases/{self.case}/?alone=1" if self.kind == "case" else _MAP
            headers = [("Cookie", self.cookie), ("HX-Request", "true")]
            status, _ = await ask(port, request("GET", path, headers=headers))
            at = time.perf_counter()
            shortest, longest = _REST_SECONDS
            rest = _AGAIN_SECONDS if self.kind == "map" else max(shortest, _REST_TIMES * (at - began))
            self.rest_until = at + min(longest, rest)
            self.seen.asked[self.kind] = self.seen.asked.get(self.kind, 0) + 1
            if status == 200:
                self.seen.shown += [(change, self.kind, at) for change in changes]
            else:
                self.seen.refused += 1
