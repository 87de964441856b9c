from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.parties import actions
from gongzhi.parties.models import Account, Organisation

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def security() -> Actor:
    return Actor(kind="account", id=uuid4(), held=(Held("security_admin"),))


def new_account(name: str, person_id: UUID | None = None) -> Account:
    return actions.create_account(username=name, person_id=person_id, by=SYSTEM, at=AT)


def new_organisation(code: str, parent: Organisation | None = None) -> Organisation:
    return actions.register_organisation(
        code=code, name=code, kind="bureau", parent_id=parent.id if parent else None, by=SYSTEM, at=AT
    )


@pytest.fixture
def account(db: None) -> Account:
    return new_account("zhang.san")
