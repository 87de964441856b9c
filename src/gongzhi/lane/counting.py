"""Counts of the queues, for those whose lists just moved: once for all with the same rights, and never more of them
than a fraction of one core can count. A burst of changes makes counts come a little later, not more often.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterable
from uuid import UUID

from django.db import Error, connection
from django.utils import translation

from gongzhi.access.actor import Actor
from gongzhi.kernel import clock
from gongzhi.lane import wire
from gongzhi.lane.hearers import Group, Offer
from gongzhi.matters import queries as matters
from gongzhi.web.live import desk

log = logging.getLogger("gongzhi.lane")
GATHER_SECONDS = 0.2
_SHARE = 0.25  # of the time this thread may spend counting
_ALL_SECONDS = 60.0  # nothing tells that a matter no screen shows left a queue, or that an hour has passed
_LANGUAGES = ("zh-hans", "en")


class Counting:
    """`groups`: everybody who listens. `send` gets what they are told."""

    def __init__(self, *, groups: Callable[[], list[Group]], send: Callable[[list[Offer]], None]) -> None:
        self._groups, self._send = groups, send
        self._stale: set[Group] = set()
        self._lock = threading.Lock()
        self._work, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lane-counting", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._work.set()
        self._thread.join(timeout=5)

    def add(self, groups: Iterable[Group]) -> None:
        """Their counts may have moved. Returns at once."""
        with self._lock:
            self._stale.update(groups)
        self._work.set()

    def _run(self) -> None:
        everybody_at = time.monotonic()
        while not self._stop.is_set():
            self._work.wait(timeout=_ALL_SECONDS)
            if self._stop.wait(GATHER_SECONDS):
                break
            self._work.clear()
            with self._lock:
                stale, self._stale = self._stale, set()
            if time.monotonic() - everybody_at > _ALL_SECONDS:
                everybody_at = time.monotonic()
                stale.update(self._groups())
            try:
                self._count(stale)
            except Error as error:
                log.warning("live: database away (%s), counts come later", type(error).__name__)
                connection.close()
            except Exception:
                log.exception("live: defect while counting")
        connection.close()

    def _count(self, groups: Iterable[Group]) -> None:
        """Equal roles are counted once; the pauses between keep to the share."""
        by_roles: dict[object, list[Group]] = {}
        accused = matters.accused_accounts()
        for group in groups:
            if group.lists:
                by_roles.setdefault(_rights(group.actor, accused), []).append(group)
        for alike in by_roles.values():
            began = time.monotonic()
            said = self._said(alike[0])
            self._send(
                [
                    (hearer, said[hearer.language])
                    for group in alike
                    for hearer in list(group.hearers)
                    if hearer.wants == "list"
                ]
            )
            if self._stop.wait((time.monotonic() - began) * (1 / _SHARE - 1)):
                return

    def _said(self, group: Group) -> dict[str, bytes]:
        counts = matters.counts(visible_to=group.actor, at=clock.now())
        said = {}
        for language in _LANGUAGES:
            with translation.override(language):
                said[language] = wire.event("counts", desk().counts(counts))
        return said


def _rights(actor: Actor, accused: Collection[UUID]) -> Hashable:
    """Equal roles see the same, save who is complained of: from them something is kept."""
    return actor.kind, actor.held, actor.units, actor.id if actor.id in accused else None
