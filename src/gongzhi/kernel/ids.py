"""Identifiers: uuid version 7, so that a primary key carries its time and an index stays dense."""

import os
import threading
from collections import deque
from datetime import UTC, datetime
from uuid import UUID

_MILLISECOND_MAX = 2**48 - 1


def uuid7(at: datetime) -> UUID:
    """A new UUIDv7 (RFC 9562 §5.7) whose first 48 bits are the milliseconds of `at`; the rest is random."""
    milliseconds = int(at.timestamp() * 1000)
    if not 0 <= milliseconds <= _MILLISECOND_MAX:
        raise ValueError(f"{at.isoformat()} does not fit a UUIDv7")
    chance = (_chance() & ~(0xF << 76 | 0x3 << 62)) | (0x7 << 76 | 0x2 << 62)
    return UUID(int=milliseconds << 80 | chance)


_chances: deque[int] = deque()
os.register_at_fork(after_in_child=_chances.clear)


def _chance() -> int:
    """80 random bits of the system's; asked for 256 at a time, since asking costs more than everything else here."""
    while True:
        try:
            return _chances.pop()
        except IndexError:
            drawn = os.urandom(10 * 256)
            _chances.extend(int.from_bytes(drawn[at : at + 10], "big") for at in range(0, len(drawn), 10))


def uuid7_floor(at: datetime) -> UUID:
    """The smallest UUIDv7-ordered value of that millisecond: a partition bound, never an id."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def uuid7_time(id_: UUID) -> datetime:
    """The instant, to the millisecond, that a UUIDv7 carries."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, tz=UTC)


class Series:
    """UUIDv7s that never go backwards within this process, however many are asked for in one millisecond.

    The 12 bits after the version count fractions of a millisecond (RFC 9562 §6.2, method 3); 62 bits are random.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def take(self, at: datetime, count: int = 1) -> list[UUID]:
        """`count` ids in order, starting at `at` or just after the last one taken.

        A clock set back by more than ten seconds starts afresh, so that one wrong hour does not last for ever.
        """
        now = int(at.timestamp() * 1_000_000) * _TICKS // 1000
        with self._lock:
            ahead = self._last - now
            first = self._last + 1 if 0 <= ahead < 10_000 * _TICKS else now
            self._last = first + count - 1
        return [_ticked(tick) for tick in range(first, first + count)]


_TICKS = 4096  # per millisecond


def _ticked(tick: int) -> UUID:
    milliseconds, fraction = divmod(tick, _TICKS)
    chance = _chance() & (2**62 - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | chance)
