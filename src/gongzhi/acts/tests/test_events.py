"""Events: typed, versioned, read for ever."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from gongzhi.acts import events


@events.event("acts_tests.rich", version=1)
@dataclass(frozen=True, slots=True)
class Rich:
    who: UUID
    on: date
    at: datetime
    amount: Decimal
    lon: float
    tags: tuple[str, ...] = ()


def test_a_payload_survives_its_canonical_form():
    rich = Rich(
        UUID(int=7),
        date(2026, 2, 17),
        datetime(2026, 2, 17, 8, tzinfo=UTC),
        Decimal("1.50"),
        112.98,
        ("甲", "乙"),
    )
    text = events.dump(rich)
    assert text == (
        '{"amount":"1.50","at":"2026-02-17T08:00:00.000000Z","lon":112.98,"on":"2026-02-17","tags":["甲","乙"],'
        '"who":"00000000-0000-0000-0000-000000000007"}'
    )
    assert events.load("acts_tests.rich", 1, text) == rich


def test_an_old_payload_is_read_through_upcasters():
    @events.event(
        "acts_tests.moved",
        version=3,
        upcasters={1: lambda p: {"area": p["grid"]}, 2: lambda p: {**p, "reason": "unknown"}},
    )
    @dataclass(frozen=True, slots=True)
    class Moved:
        area: str
        reason: str

    assert events.load("acts_tests.moved", 1, '{"grid":"g1"}') == Moved("g1", "unknown")
    assert events.load("acts_tests.moved", 2, '{"area":"g2"}') == Moved("g2", "unknown")
    with pytest.raises(ValueError, match="newer release"):
        events.load("acts_tests.moved", 4, "{}")


def test_a_type_nobody_knows_any_more_is_still_readable():
    assert events.load("acts_tests.gone", 5, '{"a":1}') == {"a": 1}


def test_registration_refuses_what_would_break_later():
    with pytest.raises(ValueError, match="needs upcasters"):
        events.event("acts_tests.jump", version=2)(Rich)
    with pytest.raises(ValueError, match="not a dataclass"):
        events.event("acts_tests.plain", version=1)(object)
    with pytest.raises(ValueError, match="is already"):
        events.event("acts_tests.rich", version=1)(type("Other", (), {}))
    with pytest.raises(TypeError, match="not an @event"):
        events.of(3)
