"""When a message leaves, when it is tried again, when a superior is read again. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongzhi.superiors.mapping import SuperiorMapping

RETRY_SECONDS = (10, 60, 300, 1800, 7200, 21600, 43200, 86400)
READ_EVERY = timedelta(seconds=60)
LEASE = timedelta(minutes=3)
_PAUSE_MAX = timedelta(hours=1)


def leaves_at(mapping: SuperiorMapping, now: datetime) -> datetime:
    """At once, or at the daily hour the superior wants its file."""
    if not mapping.send_at:
        return now
    zone = ZoneInfo(mapping.zone)
    local = now.astimezone(zone)
    leaves = datetime.combine(local.date(), time.fromisoformat(mapping.send_at), zone)
    return leaves if leaves >= local else leaves + timedelta(days=1)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None: give up."""
    return now + timedelta(seconds=RETRY_SECONDS[attempts - 1]) if attempts <= len(RETRY_SECONDS) else None


def next_reading(failures: int, now: datetime) -> datetime:
    """A superior that does not answer is asked less and less often, at least once an hour."""
    return now + min(READ_EVERY * (1 << min(failures, 10)), _PAUSE_MAX)
