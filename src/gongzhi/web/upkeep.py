"""What all doors share and nobody needs any more: kept answers, full buckets, sessions that ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from gongzhi.web import idempotency
from gongzhi.web.models import RateBucket

_BUCKETS_KEPT = timedelta(days=1)  # every bucket is full again long before


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each went."""

    answers: int
    buckets: int
    sessions: int


def forget(*, at: datetime) -> Forgotten:
    """Delete what has run out: answers after their 48 hours, untouched buckets after a day, ended sessions. Hourly."""
    return Forgotten(
        idempotency.forget(before=at),
        RateBucket.objects.filter(at__lt=at - _BUCKETS_KEPT).delete()[0],
        Session.objects.filter(expire_date__lt=at).delete()[0],
    )
