from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from gongzhi.access.actor import Actor, Held
from gongzhi.parties import actions
from gongzhi.parties.models import Organisation, Person

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def actor(*roles: str, id: UUID | None = None, party: UUID | None = None) -> Actor:
    return Actor(
        kind="account", id=id or uuid4(), party_id=party, held=tuple(Held(role=role) for role in roles)
    )


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def desk() -> Actor:
    return actor("dispatcher")


@pytest.fixture
def admin() -> Actor:
    return actor("system_admin")


@pytest.fixture
def person(db: None, desk: Actor) -> Person:
    return actions.register_person(name="欧阳娜娜", contacts=[("phone", "138 0013 8000")], by=desk, at=AT)


@pytest.fixture
def bureau(db: None, admin: Actor) -> Organisation:
    return actions.register_organisation(code="cg", name="城市管理局", kind="bureau", by=admin, at=AT)
