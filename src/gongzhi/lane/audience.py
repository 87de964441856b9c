"""Who listens, what each may hear, what was told lately. Judged in threads, under one lock; nothing here sends.

The scopes are the declarations that judge objects and lists. Listeners with the same rights are judged once.
"""

import threading
from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.acts.queries import head
from gongzhi.kernel import clock
from gongzhi.lane import wire
from gongzhi.lane.changes import News
from gongzhi.lane.hearers import EVERYTHING, PLAIN, Group, Hearer, Offer, spread_ms
from gongzhi.lane.recent import Known, Recent, judged
from gongzhi.matters.models import Matter

TOLD_WATCHED_MAX = 500


class Audience:
    """`send` gets the offers of one moment, in order, from whichever thread made them; `count` gets the groups whose
    counts may have changed."""

    def __init__(
        self, *, send: Callable[[list[Offer], int], None], count: Callable[[list[Group]], None]
    ) -> None:
        self._send, self._count = send, count
        self._lock = threading.Lock()
        self._groups: dict[Actor, Group] = {}
        self._watching: dict[str, set[Hearer]] = {}
        self._recent = Recent()

    def __len__(self) -> int:
        return sum(len(group.hearers) for group in list(self._groups.values()))

    def groups(self) -> list[Group]:
        return list(self._groups.values())

    def tell(self, news: News) -> None:
        """Judge the news for everybody."""
        fresh = judged(news)
        with self._lock:
            self._recent.add(news, fresh)
            stale: dict[Group, None] = {}
            self._send(
                [offer for known in fresh for offer in self._offers(known, stale)], self._recent.position
            )
        if stale:
            self._count(list(stale))

    def join(self, hearer: Hearer, *, since: int | None, numbers: Iterable[str]) -> None:
        """From now on `hearer` is told; first what happened after `since`, and which `numbers` it may not see."""
        asked = dict.fromkeys(numbers)
        seen: QuerySet[Matter, str] = visible(
            Matter.objects.filter(number__in=asked), hearer.actor
        ).values_list("number", flat=True)
        hearer.seen = set(seen if asked else ())
        with self._lock:
            group = self._groups.setdefault(hearer.actor, Group(hearer.actor))
            group.hearers.add(hearer)
            group.lists += hearer.wants == "list"
            for number in hearer.seen:
                self._watching.setdefault(number, set()).add(hearer)
            offers = [
                (hearer, wire.event("gone", {"matter": number}))
                for number in asked
                if number not in hearer.seen
            ]
            missed = self._recent.since(since) if since is not None else []
            if missed is None:
                offers.append(
                    (hearer, wire.reload(max(self._recent.position, head()), within_ms=spread_ms(len(self))))
                )
            for known in missed or ():
                offers += self._offers(known, {}, only=hearer)
            self._send(offers, self._recent.position)

    def confess(self) -> None:
        """Something could not be told, by a defect of ours: everybody reads again what is shown."""
        with self._lock:
            event = wire.reload(self._recent.position, within_ms=spread_ms(len(self)))
            everybody = [hearer for group in self._groups.values() for hearer in group.hearers]
            self._send([(hearer, event) for hearer in everybody], self._recent.position)

    def leave(self, hearer: Hearer) -> None:
        with self._lock:
            group = self._groups.get(hearer.actor)
            if group is None or hearer not in group.hearers:
                return
            group.hearers.discard(hearer)
            group.lists -= hearer.wants == "list"
            if not group.hearers:
                del self._groups[hearer.actor]
                if not self._groups:
                    self._recent.forget()
            for number in [*hearer.seen, *hearer.told]:
                self._forget(hearer, number)

    def _offers(self, known: Known, stale: dict[Group, None], *, only: Hearer | None = None) -> list[Offer]:
        """Who hears what of one change. stale: filled with the groups whose counts it may move."""
        matter, number = known.change.matter, known.change.matter.number
        watching = self._watching.get(number, set())
        if only is not None:
            groups: Iterable[tuple[Group, Iterable[Hearer]]] = [(self._groups[only.actor], [only])]
        else:
            groups = [(group, group.hearers) for group in self._groups.values()]
        seeing: list[tuple[Group, list[Hearer]]] = []
        offers: list[Offer] = []
        for group, hearers in groups:
            concerned = [h for h in hearers if h.wants != "case" or h in watching]
            if not concerned:
                continue
            if known.standing.visible(matter, to=group.actor):
                seeing.append((group, concerned))
                continue
            for hearer in [h for h in concerned if h in watching]:
                offers.append((hearer, wire.gone(known.change)))
                self._forget(hearer, number)
                if group.lists:
                    stale[group] = None
        return offers + self._told(known, seeing, stale)

    def _told(
        self, known: Known, seeing: list[tuple[Group, list[Hearer]]], stale: dict[Group, None]
    ) -> list[Offer]:
        number, at = known.change.matter.number, clock.now()
        within_ms = spread_ms(sum(h.asks_about(number) for _, hearers in seeing for h in hearers))
        offers: list[Offer] = []
        for group, hearers in seeing:
            queues: tuple[str, ...] = (EVERYTHING,)
            if group.lists:
                queues += tuple(known.standing.queues(known.change.matter, of=group.actor, at=at))
                stale[group] = None
            for hearer in hearers:
                in_list = hearer.queue in queues and (
                    hearer.filters is PLAIN
                    or known.standing.passes(known.change.matter, hearer.filters, at=at)
                )
                if event := self._event(known.told, hearer, in_list, within_ms):
                    offers.append((hearer, event))
        return offers

    def _event(self, told: wire.Told, hearer: Hearer, in_list: bool, within_ms: int) -> bytes:
        """b"": nothing on this screen changes."""
        number = told.change.matter.number
        if hearer.wants != "list":
            return told.bare(within_ms=within_ms)
        if in_list:
            self._watch(hearer, number)
            return told.in_list(language=hearer.language, within_ms=within_ms)
        if number not in hearer.seen and number not in hearer.told:
            return b""
        if hearer.case != number:
            self._forget(hearer, number)
        return told.not_in_list(within_ms=within_ms)

    def _watch(self, hearer: Hearer, number: str) -> None:
        """The oldest of very many told leaves the watch; the client comes again before that (docs/api.md)."""
        if number in hearer.seen:
            return
        hearer.told[number] = None
        self._watching.setdefault(number, set()).add(hearer)
        if len(hearer.told) > TOLD_WATCHED_MAX:
            self._forget(hearer, next(iter(hearer.told)))

    def _forget(self, hearer: Hearer, number: str) -> None:
        hearer.seen.discard(number)
        hearer.told.pop(number, None)
        watching = self._watching.get(number)
        if watching is not None:
            watching.discard(hearer)
            if not watching:
                del self._watching[number]
