"""Which acts a subscription wants, when to try again, when to stop. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

RETRY_SECONDS = (10, 60, 300, 1800, 7200, 21600, 43200, 86400)
FAILURES_MAX = 50
VERBS_MAX = 50
LEASE = timedelta(minutes=2)


def wants(verbs: Iterable[str], area_path: str, *, verb: str, area: str) -> bool:
    """Whether an act with this verb and area belongs to the subscription."""
    named = list(verbs)
    by_verb = not named or any(verb.startswith(n) if n.endswith(".") else verb == n for n in named)
    return by_verb and (not area_path or area.startswith(area_path))


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None: give up."""
    return now + timedelta(seconds=RETRY_SECONDS[attempts - 1]) if attempts <= len(RETRY_SECONDS) else None


def delivered(status: int) -> bool:
    """Only 2xx counts; redirects are answers we do not follow."""
    return 200 <= status < 300
