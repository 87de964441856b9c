"""Live streams (server-sent events): who is listening, what each may see, and when a stream must end.

A change carries only number, verb, area and position; the client refetches what it shows, so the page's own
policy judges again. Scopes are matched in memory with the same declaration that judges objects and lists.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import InterfaceError, OperationalError

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may
from gongzhi.kernel.refusals import NotSignedIn, Refusal, Unavailable
from gongzhi.lane.asgi import Receive, Scope, Send, header
from gongzhi.lane.changes import READ_MAX, Change, Listener, newest_position, read_after
from gongzhi.lane.refusing import away, refuse, wrong_method
from gongzhi.lane.sessions import actor_behind

LISTENERS_MAX = 5_000
_WAITING_EVENTS_MAX = 200
_COALESCE_SECONDS = 0.15
_RECHECK_SECONDS = 30.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(eq=False, slots=True)
class Stream:
    """One listener; `missed` when it was too slow and must reload as a whole."""

    actor: Actor
    waiting: list[bytes] = field(default_factory=list)
    missed: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, event: bytes) -> None:
        """Sent with the next round (`Streams._send_round`)."""
        if len(self.waiting) >= _WAITING_EVENTS_MAX:
            self.waiting.clear()
            self.missed = True
        if not self.missed:
            self.waiting.append(event)

    def take(self, position: int) -> bytes:
        if self.missed:
            self.missed = False
            return f"id: {position}\nevent: reload\ndata: {{}}\n\n".encode()
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def event_of(change: Change) -> bytes:
    """The wire form of one change: no text, no names."""
    matter = change.matter
    content = msgspec.json.encode(
        {"matter": matter.number, "verb": change.verb, "state": matter.state, "area": matter.area_path}
    )
    return f"id: {change.position}\nevent: change\ndata: ".encode() + content + b"\n\n"


class Streams:
    """All live streams of this process."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._position = -1
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._round: asyncio.TimerHandle | None = None
        self._listener = Listener(deliver=self._deliver, wanted=lambda: bool(self._streams))

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._listener.start()

    async def stop(self) -> None:
        self._stopping = True
        for stream in self._streams:
            stream.wake.set()
        await asyncio.to_thread(self._listener.stop)

    def _deliver(self, changes: Sequence[Change], position: int) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._fan_out, list(changes), position)

    def _fan_out(self, changes: Sequence[Change], position: int) -> None:
        self._position = position
        events = [(change, event_of(change)) for change in changes]
        for stream in self._streams:
            for change, event in events:
                if may(stream.actor, "view", change.matter):
                    stream.offer(event)
        if self._loop is not None and self._round is None:
            self._round = self._loop.call_later(_COALESCE_SECONDS, self._send_round)

    def _send_round(self) -> None:
        """Wake every stream with something to say: once for all changes of the moment before."""
        self._round = None
        for stream in self._streams:
            if stream.waiting or stream.missed:
                stream.wake.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                await refuse(send, wrong_method(), scope, headers=[(b"allow", b"GET")])
                return
            stream = Stream(await self._listener_behind(header(scope, b"cookie")))
            await self._hold(stream, scope, receive, send)
        except Refusal as refusal:
            await refuse(send, refusal, scope)
        except (OperationalError, InterfaceError):
            await refuse(send, away(), scope)

    async def _hold(self, stream: Stream, scope: Scope, receive: Receive, send: Send) -> None:
        self._streams.add(stream)  # before catching up: an event told twice is harmless, a gap is not
        gone = asyncio.create_task(_until_gone(receive, stream))
        try:
            await self._resume(stream, header(scope, b"last-event-id"))
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._serve(stream, header(scope, b"cookie"), send, gone)
        finally:
            self._streams.discard(stream)
            gone.cancel()

    async def _listener_behind(self, cookie: str) -> Actor:
        actor = await asyncio.to_thread(actor_behind, cookie)
        if actor is None:
            raise NotSignedIn("live.not_signed_in", "请先登录。")
        if len(self._streams) >= LISTENERS_MAX or self._stopping:
            raise Unavailable("live.full", "实时连接已满，请稍后再试。", retry_after_seconds=30)
        return actor

    async def _serve(self, stream: Stream, cookie: str, send: Send, gone: "asyncio.Task[None]") -> None:
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        checked_at = time.monotonic()
        while not gone.done() and not self._stopping:
            try:
                await asyncio.wait_for(stream.wake.wait(), timeout=_RECHECK_SECONDS)
            except TimeoutError:
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
            stream.wake.clear()
            if time.monotonic() - checked_at > _RECHECK_SECONDS:
                if not await _still(stream.actor, cookie):
                    break  # signed out, or a role ended: the client reconnects with what it is now
                checked_at = time.monotonic()
            if body := stream.take(self._position):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b"event: end\ndata: {}\n\n"})

    async def _resume(self, stream: Stream, last_event_id: str) -> None:
        """What happened since the event the client saw last; `reload` when that is too much or from another history."""
        if not last_event_id.isdecimal() or len(last_event_id) > 18:
            return
        seen = int(last_event_id)
        changes, read_to = await asyncio.to_thread(read_after, seen)
        newest = await asyncio.to_thread(newest_position)
        if seen > newest or read_to - seen >= READ_MAX:  # positions are dense
            self._position = max(self._position, newest)
            stream.missed = True
        for change in changes:
            if may(stream.actor, "view", change.matter):
                stream.offer(event_of(change))
        stream.wake.set()


async def _still(actor: Actor, cookie: str) -> bool:
    """Whether the session is still this actor's; as long as the database is away nobody is thrown out."""
    try:
        return await asyncio.to_thread(actor_behind, cookie) == actor
    except (OperationalError, InterfaceError):
        return True


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.wake.set()
