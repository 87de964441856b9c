"""A stream ends when its session does, or when its listener is no longer who came: signed out, disabled, another role."""

import asyncio
import random
import time
from collections.abc import Mapping

from django.db import InterfaceError, OperationalError

from gongzhi.lane.hearers import Hearer
from gongzhi.lane.sessions import actor_behind, still_open
from gongzhi.lane.streams import Stream

SIGNED_OUT_SECONDS = 5.0
RECHECK_SECONDS = 30.0
Streams = Mapping[Hearer, Stream]


async def check(streams: Streams) -> None:
    """Until there are none: sessions all at a glance, rights one listener after the other. Those who stay are told that
    we are still here."""
    sessions_at = float("-inf")
    while streams:
        await asyncio.sleep(min(1.0, RECHECK_SECONDS))
        now = time.monotonic()
        try:
            if now - sessions_at >= min(SIGNED_OUT_SECONDS, RECHECK_SECONDS):
                sessions_at = now
                await _check_sessions(streams)
            await _check_rights(streams, now)
        except (OperationalError, InterfaceError):
            continue  # as long as the database is away nobody is thrown out


async def _check_sessions(streams: Streams) -> None:
    cookies = {stream.cookie for stream in streams.values()}
    opened = await asyncio.to_thread(still_open, cookies)
    for stream in streams.values():
        if stream.cookie in cookies and stream.cookie not in opened:
            stream.end()


async def _check_rights(streams: Streams, now: float) -> None:
    due: dict[str, list[Stream]] = {}
    for stream in streams.values():
        if now - stream.checked_at >= RECHECK_SECONDS and not stream.ended:
            due.setdefault(stream.cookie, []).append(stream)
    for cookie, same in due.items():
        actor = await asyncio.to_thread(actor_behind, cookie)
        for stream in same:
            stream.checked_at = now + random.random()  # noqa: S311 (spreading, no secret)
            if actor == stream.hearer.actor:
                stream.still_here()
            else:
                stream.end()  # the client comes again as what it is now
