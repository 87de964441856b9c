"""When to try again. Pure."""

from datetime import datetime, timedelta

RETRY_MINUTES = (1, 5, 30, 120, 480, 1440)
LEASE = timedelta(minutes=5)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None: give up."""
    return now + timedelta(minutes=RETRY_MINUTES[attempts - 1]) if attempts <= len(RETRY_MINUTES) else None
