"""Instants. Stored in UTC, computed and shown in China Standard Time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant in UTC. Doors call it once and pass `at=` down; rules and actions never do."""
    return datetime.now(UTC)


def in_china(at: datetime) -> datetime:
    """The same instant on a Chinese wall clock. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(SHANGHAI)
