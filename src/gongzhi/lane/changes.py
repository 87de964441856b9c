"""The listener: follows positions in the database and hands each change of a matter to the streams.

One thread, one connection. Positions are dense, so what was missed during an outage is simply what comes next.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import Error, connection

from gongzhi.acts.models import Leaf
from gongzhi.matters.models import Matter

log = logging.getLogger("gongzhi.lane")

CHANNEL = "gongzhi_positions"
READ_MAX = 500
_WAIT_SECONDS = 1.0
_PAUSE_SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """position: ledger index · verb: what happened · matter: present row, for the policy to judge."""

    position: int
    verb: str
    matter: Matter


def newest_position() -> int:
    """The last position given out; -1 in an empty log."""
    newest = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
    return -1 if newest is None else newest


def read_after(position: int, *, limit: int = READ_MAX) -> tuple[list[Change], int]:
    """Up to `limit` positions after `position`: the changes of matters among them, and the last position read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf.position, act.verb, act.subject_id FROM acts_leaf leaf JOIN acts_act act ON act.id = leaf.act_id"
            " WHERE leaf.position > %s ORDER BY leaf.position LIMIT %s",
            [position, limit],
        )
        rows: list[tuple[int, str, str]] = cursor.fetchall()
    if not rows:
        return [], position
    matters = Matter.objects.in_bulk({subject for _, verb, subject in rows if verb.startswith("matters.")})
    by_text = {str(key): matter for key, matter in matters.items()}
    changes = [
        Change(position=at, verb=verb, matter=by_text[str(subject)])
        for at, verb, subject in rows
        if str(subject) in by_text
    ]
    return changes, rows[-1][0]


class Listener:
    """Calls `deliver` from its own thread with each run of changes, in order of position; while nobody is `wanted`,
    positions pass unread."""

    def __init__(
        self, *, deliver: Callable[[Sequence[Change], int], None], wanted: Callable[[], bool]
    ) -> None:
        self._deliver, self._wanted = deliver, wanted
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
                position = newest_position() if position is None else position
                for _ in self._wakings():
                    # Asked before `wanted`: whoever begins to listen in between misses nothing.
                    newest = newest_position()
                    if not self._wanted():
                        position = newest
                        continue
                    while True:
                        changes, read_to = read_after(position)
                        if changes:
                            self._deliver(changes, read_to)
                        if read_to == position:
                            break
                        position = read_to
                    pause_seconds = 0.2
            except (Error, psycopg.Error) as error:
                log.warning("live: database away (%s), trying again", type(error).__name__)
                connection.close()
                self._stop.wait(pause_seconds)
                pause_seconds = min(pause_seconds * 2, _PAUSE_SECONDS_MAX)
        connection.close()

    def _wakings(self) -> Iterator[None]:
        connection.ensure_connection()
        raw = cast("psycopg.Connection[Any]", connection.connection)
        raw.execute(f"LISTEN {CHANNEL}")
        while not self._stop.is_set():
            yield
            for _ in raw.notifies(timeout=_WAIT_SECONDS, stop_after=1):
                pass
