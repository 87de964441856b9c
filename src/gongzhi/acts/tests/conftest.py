"""What the tests of acts share: one event, drafts, and a second connection."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import actions, reactions
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.acts.events import event
from gongzhi.kernel import clock, ids

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@event("acts_tests.noted", version=1)
@dataclass(frozen=True, slots=True)
class Noted:
    text: str
    seen_at: datetime | None = None


@pytest.fixture
def subject() -> Subject:
    return Subject("acts_tests.thing", ids.uuid7(clock.now()))


@pytest.fixture
def draft(subject: Subject) -> Callable[..., Draft]:
    def made(text: str = "路灯不亮", **changed: Any) -> Draft:
        given = {
            "verb": "acts_tests.note",
            "subject": subject,
            "by": SYSTEM,
            "at": AT,
            "event": Noted(text, AT),
        }
        return Draft(**{**given, **changed})

    return made


@pytest.fixture
def recorded(draft: Callable[..., Draft]) -> Callable[..., list[Any]]:
    """Record and commit `count` acts."""

    def made(count: int = 1, **changed: Any) -> list[Any]:
        with transaction.atomic():
            return actions.record_many([draft(f"note {n}", **changed) for n in range(count)])

    return made


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[Callable[..., Future[Any]]]:
    """Runs a function in another thread with its own connection."""
    with ThreadPoolExecutor() as pool:

        def run(work: Callable[..., Any], *given: Any) -> Future[Any]:
            def closing() -> Any:
                try:
                    return work(*given)
                finally:
                    connection.close()

            return pool.submit(closing)

        yield run


@pytest.fixture(autouse=True)
def no_reactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the reactions a test registers itself."""
    monkeypatch.setattr(reactions, "_reactions", {})
