"""Who knocks at the lane: a program by its access token, or anybody, counted per network."""

import asyncio
import time
from dataclasses import replace

from django.db import connection

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.kernel import clock
from gongzhi.web import rates

_KEPT_SECONDS = 10.0
_KEPT_TOKENS_MAX = 1_000
_ANONYMOUS_A_MINUTE = 20


class Askers:
    """Remembers for ten seconds who is behind a token: so long an ended token may still send reports here."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Actor]] = {}

    async def of(self, authorization: str, network: str) -> Actor:
        """Raises NotSignedIn for a bad token, TooMany when a network sends too often without one."""
        if not authorization:
            await asyncio.to_thread(_take_turn, network)
            return ANONYMOUS
        known = self._known.get(authorization)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        actor = await asyncio.to_thread(_behind, authorization)
        if len(self._known) >= _KEPT_TOKENS_MAX:
            self._known.clear()
        self._known[authorization] = (time.monotonic() + _KEPT_SECONDS, actor)
        return actor


def owner_of_keys(by: Actor, network: str) -> str:
    """Whose Idempotency-Keys these are: strangers must not meet in one another's."""
    return by.reference if by.id else f"network:{rates.bucket_key('lane', network)[:40]}"


def _behind(authorization: str) -> Actor:
    try:
        return replace(actor_behind(authorization, at=clock.now()), request_id="")
    finally:
        connection.close()


def _take_turn(network: str) -> None:
    try:
        rates.take(
            purpose="lane.report", who=network, capacity=_ANONYMOUS_A_MINUTE, per_seconds=60, at=clock.now()
        )
    finally:
        connection.close()
