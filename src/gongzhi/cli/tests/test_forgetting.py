"""The hourly forgetting: what has run out goes, what counts stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from gongzhi.cli.worker import LOOPS
from gongzhi.kernel.refusals import TooMany
from gongzhi.web import rates
from gongzhi.web.idempotency import Answer, answer_once, fingerprint
from gongzhi.web.models import IdempotentRequest, RateBucket
from gongzhi.web.upkeep import Forgotten

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _step(at: datetime) -> Any:
    """The worker's own loop, one round of it."""
    [loop] = [loop for loop in LOOPS if loop.name == "forgetting"]
    assert loop.every_seconds is not None
    assert loop.every_seconds <= 3600
    return loop.load()(at=at)


def _ask(key: str, at: datetime) -> Answer:
    return answer_once(
        actor="account:1", key=key, print_=fingerprint(b"x"), at=at, work=lambda: Answer(201, key.encode())
    )


def test_what_has_run_out_goes_and_the_rest_stays() -> None:
    _ask("old", AT - timedelta(hours=49))
    _ask("new", AT - timedelta(hours=47))
    for days in (2, 0):
        rates.take(
            purpose="test", who=f"visitor {days}", capacity=1, per_seconds=60, at=AT - timedelta(days=days)
        )
        Session.objects.create(
            session_key=f"s{days}", session_data="", expire_date=AT + timedelta(hours=1 - 24 * days)
        )
    assert _step(AT) == Forgotten(answers=1, buckets=1, sessions=1)
    assert [row.key for row in IdempotentRequest.objects.all()] == ["new"]
    assert _ask("new", AT).repeated
    assert RateBucket.objects.count() == 1
    with pytest.raises(TooMany):
        rates.take(purpose="test", who="visitor 0", capacity=1, per_seconds=60, at=AT)
    assert Session.objects.get().session_key == "s0"
    assert _step(AT) == Forgotten(0, 0, 0)


def test_every_loop_of_the_worker_can_be_loaded() -> None:
    assert len({loop.name for loop in LOOPS}) == len(LOOPS)
    assert all(callable(loop.load()) for loop in LOOPS)
