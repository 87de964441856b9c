"""The outgoing side of one listener."""

import asyncio
from dataclasses import dataclass, field

from gongzhi.lane import wire
from gongzhi.lane.hearers import Hearer, spread_ms

_WAITING_EVENTS_MAX = 200


@dataclass(eq=False, slots=True)
class Stream:
    """The outgoing side of one hearer; `missed` when it was too slow and must reload as a whole."""

    hearer: Hearer
    cookie: str
    checked_at: float
    waiting: list[bytes] = field(default_factory=list)
    missed: bool = False
    ended: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, event: bytes) -> None:
        """Sent with the next round."""
        if len(self.waiting) >= _WAITING_EVENTS_MAX:
            self.waiting.clear()
            self.missed = True
        if not self.missed:
            self.waiting.append(event)

    def take(self, position: int, *, listeners: int) -> bytes:
        if self.missed:
            self.missed = False
            return wire.reload(position, within_ms=spread_ms(listeners))
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken

    def still_here(self) -> None:
        """Keeps proxies from closing a stream on which nothing happens."""
        if not self.waiting:
            self.waiting.append(b": still here\n\n")
            self.wake.set()

    def end(self) -> None:
        self.ended = True
        self.wake.set()
