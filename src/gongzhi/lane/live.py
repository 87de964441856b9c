"""Live streams (server-sent events): the door to them, what goes out, and when one must end.

A list is told the line of what enters, changes or leaves it, so a thousand screens need not ask at once; a case is
told that it changed, and how long those who must ask for it may take about it. Everybody hears only what they may see.
"""

import asyncio
import logging
import random
import time

import psycopg
from django.db import Error, InterfaceError, OperationalError

from gongzhi.kernel.refusals import NotSignedIn, Refusal, Unavailable
from gongzhi.lane.asgi import Receive, Scope, Send, header
from gongzhi.lane.audience import Audience
from gongzhi.lane.changes import Listener, News
from gongzhi.lane.checking import check
from gongzhi.lane.counting import Counting
from gongzhi.lane.hearers import Group, Hearer, Offer
from gongzhi.lane.listening import asked
from gongzhi.lane.refusing import away, refuse, wrong_method
from gongzhi.lane.sessions import actor_behind
from gongzhi.lane.streams import Stream

log = logging.getLogger("gongzhi.lane")

LISTENERS_MAX = 5_000
_ROUND_SECONDS = 0.1
_RETRY_MS = (1_000, 6_000)  # each stream another: a thousand that break together come back one by one
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Streams:
    """All live streams of this process."""

    def __init__(self) -> None:
        self.audience = Audience(send=self._from_thread, count=self._counts_moved)
        self._counting = Counting(groups=self.audience.groups, send=self._from_thread)
        self._listener = Listener(tell=self._tell, wanted=lambda: bool(self._streams))
        self._streams: dict[Hearer, Stream] = {}
        self._position = -1
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._round: asyncio.TimerHandle | None = None
        self._round_at = 0.0
        self._checking: asyncio.Task[None] | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._listener.start()
        self._counting.start()

    async def stop(self) -> None:
        self._stopping = True
        for stream in self._streams.values():
            stream.end()
        await asyncio.to_thread(self._listener.stop)
        await asyncio.to_thread(self._counting.stop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                await refuse(send, wrong_method(), scope, headers=[(b"allow", b"GET")])
                return
            self._loop = asyncio.get_running_loop()
            await self._hold(scope, receive, send)
        except Refusal as refusal:
            await refuse(send, refusal, scope)
        except (OperationalError, InterfaceError):
            await refuse(send, away(), scope)

    async def _hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookie = header(scope, b"cookie")
        hearer, since, numbers = await self._asked(scope, cookie)
        stream = self._streams[hearer] = Stream(hearer, cookie, time.monotonic())
        gone = asyncio.create_task(_until_gone(receive, stream))
        try:
            await asyncio.to_thread(self.audience.join, hearer, since=since, numbers=numbers)
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._serve(stream, send, gone)
        finally:
            del self._streams[hearer]
            gone.cancel()
            await asyncio.shield(asyncio.to_thread(self.audience.leave, hearer))

    async def _asked(self, scope: Scope, cookie: str) -> tuple[Hearer, int | None, list[str]]:
        actor = await asyncio.to_thread(actor_behind, cookie)
        if actor is None:
            raise NotSignedIn("live.not_signed_in", "请先登录。")
        if len(self._streams) >= LISTENERS_MAX or self._stopping:
            raise Unavailable("live.full", "实时连接已满，请稍后再试。", retry_after_seconds=30)
        return asked(actor, scope)

    async def _serve(self, stream: Stream, send: Send, gone: "asyncio.Task[None]") -> None:
        retry = f"retry: {random.randint(*_RETRY_MS)}\n\n".encode()  # noqa: S311 (spreading, no secret)
        await send({"type": "http.response.body", "body": retry, "more_body": True})
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(check(self._streams))
        while not gone.done() and not stream.ended:
            if body := stream.take(self._position, listeners=len(self._streams)):
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await stream.wake.wait()
            stream.wake.clear()
        if not gone.done():
            await send({"type": "http.response.body", "body": b"event: end\ndata: {}\n\n"})

    def _tell(self, news: News) -> None:
        try:
            self.audience.tell(news)
        except (Error, psycopg.Error):
            raise  # the listener begins again where it stood
        except Exception:
            log.exception("live: defect between positions %d and %d", news.after, news.position)
            self.audience.confess()
        if news.accounts and self._loop is not None:
            self._loop.call_soon_threadsafe(self._doubt, news.accounts)

    def _counts_moved(self, groups: list[Group]) -> None:
        self._counting.add(groups)

    def _from_thread(self, offers: list[Offer], position: int | None = None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._take_in, offers, position)

    def _take_in(self, offers: list[Offer], position: int | None) -> None:
        self._position = max(self._position, position if position is not None else -1)
        for hearer, event in offers:
            if stream := self._streams.get(hearer):
                stream.offer(event)
        if offers and self._round is None and self._loop is not None:
            wait = max(0.0, self._round_at + _ROUND_SECONDS - self._loop.time())
            self._round = self._loop.call_later(wait, self._send_round)

    def _send_round(self) -> None:
        """Wake every stream with something to say: once for all changes of the moment before."""
        self._round = None
        self._round_at = self._loop.time() if self._loop is not None else 0.0
        for stream in self._streams.values():
            if stream.waiting or stream.missed:
                stream.wake.set()

    def _doubt(self, accounts: frozenset[str]) -> None:
        """Somebody's rights may have changed: look again at the next turn instead of in half a minute."""
        for stream in self._streams.values():
            if str(stream.hearer.actor.id) in accounts:
                stream.checked_at = float("-inf")


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.wake.set()
