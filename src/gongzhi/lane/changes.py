"""The listener: follows positions in the database and hands what happened to the streams.

One thread, one connection. Positions are dense, so what was missed during an outage is simply what comes next.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import Error, connection

from gongzhi.acts.queries import head
from gongzhi.matters.models import Matter

log = logging.getLogger("gongzhi.lane")

CHANNEL = "gongzhi_positions"
READ_MAX = 500
_WAIT_SECONDS = 1.0
_PAUSE_SECONDS_MAX = 5.0
_MATTER, _ACCOUNT = "matters.matter", "parties.account"


@dataclass(frozen=True, slots=True)
class Change:
    """position: ledger index of the newest act · verb: what it was · matter: present row, for the policy to judge."""

    position: int
    verb: str
    matter: Matter


@dataclass(frozen=True, slots=True)
class News:
    """What happened after one position up to another: each changed matter once, and the accounts whose rights may
    have changed."""

    after: int
    position: int
    changes: tuple[Change, ...] = ()
    accounts: frozenset[str] = frozenset()


def read_after(position: int, *, limit: int = READ_MAX) -> News:
    """Up to `limit` positions after `position`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf.position, act.verb, act.subject_kind, act.subject_id"
            " FROM acts_leaf leaf JOIN acts_act act ON act.id = leaf.act_id"
            " WHERE leaf.position > %s ORDER BY leaf.position LIMIT %s",
            [position, limit],
        )
        rows: list[tuple[int, str, str, str]] = cursor.fetchall()
    if not rows:
        return News(position, position)
    newest = {subject: (at, verb) for at, verb, kind, subject in rows if kind == _MATTER}
    matters = Matter.objects.in_bulk(list(newest))
    changes = [Change(*newest[str(key)], matter) for key, matter in matters.items()]
    return News(
        after=position,
        position=rows[-1][0],
        changes=tuple(sorted(changes, key=lambda change: change.position)),
        accounts=frozenset(subject for _, _, kind, subject in rows if kind == _ACCOUNT),
    )


class Listener:
    """Calls `tell` from its own thread with each run of news, in order of position; while nobody is `wanted`,
    positions pass unread."""

    def __init__(self, *, tell: Callable[[News], None], wanted: Callable[[], bool]) -> None:
        self._tell, self._wanted = tell, wanted
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lane-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        position: int | None = None
        pause_seconds = 0.2
        while not self._stop.is_set():
            try:
                position = head() if position is None else position
                for _ in self._wakings():
                    # Asked before `wanted`: whoever begins to listen in between misses nothing.
                    newest = head()
                    position = self._follow(position) if self._wanted() else newest
                    pause_seconds = 0.2
            except (Error, psycopg.Error) as error:
                log.warning("live: database away (%s), trying again", type(error).__name__)
                connection.close()
                self._stop.wait(pause_seconds)
                pause_seconds = min(pause_seconds * 2, _PAUSE_SECONDS_MAX)
        connection.close()

    def _follow(self, position: int) -> int:
        """Tell everything there is after `position`; returns how far that went."""
        while (news := read_after(position)).position != position:
            self._tell(news)
            position = news.position
        return position

    def _wakings(self) -> Iterator[None]:
        connection.ensure_connection()
        raw = cast("psycopg.Connection[Any]", connection.connection)
        raw.execute(f"LISTEN {CHANNEL}")
        while not self._stop.is_set():
            yield
            for _ in raw.notifies(timeout=_WAIT_SECONDS, stop_after=1):
                pass
