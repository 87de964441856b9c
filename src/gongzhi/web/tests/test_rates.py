"""Token buckets: refill, say how long to wait, name nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.kernel.refusals import TooMany
from gongzhi.web import rates
from gongzhi.web.models import RateBucket

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _take(at: datetime, who: str = "13800000000") -> None:
    rates.take(purpose="test", who=who, capacity=3, per_seconds=60, at=at)


def test_the_fourth_at_once_is_refused_and_told_when_to_return() -> None:
    for _ in range(3):
        _take(AT)
    with pytest.raises(TooMany) as refused:
        _take(AT)
    assert refused.value.params["seconds"] == 20
    _take(AT + timedelta(seconds=20))


def test_waiting_refills_no_more_than_the_bucket_holds() -> None:
    for _ in range(3):
        _take(AT)
    later = AT + timedelta(days=1)
    for _ in range(3):
        _take(later)
    with pytest.raises(TooMany):
        _take(later)


def test_strangers_have_buckets_of_their_own_and_no_number_is_stored() -> None:
    for _ in range(3):
        _take(AT)
    _take(AT, who="13900000000")
    assert all("138" not in row.key[:11] and len(row.key) == 64 for row in RateBucket.objects.all())
