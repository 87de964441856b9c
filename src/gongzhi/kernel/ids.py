"""Identifiers: uuid version 7, so that a primary key carries its time and an index stays dense."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

_MILLISECOND_MAX = 2**48 - 1


def uuid7(at: datetime) -> UUID:
    """A new UUIDv7 (RFC 9562 §5.7) whose first 48 bits are the milliseconds of `at`; the rest is random."""
    milliseconds = int(at.timestamp() * 1000)
    if not 0 <= milliseconds <= _MILLISECOND_MAX:
        raise ValueError(f"{at.isoformat()} does not fit a UUIDv7")
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def uuid7_floor(at: datetime) -> UUID:
    """The smallest UUIDv7-ordered value of that millisecond: a partition bound, never an id."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def uuid7_time(id_: UUID) -> datetime:
    """The instant, to the millisecond, that a UUIDv7 carries."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, tz=UTC)
