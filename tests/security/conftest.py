"""One town a module: built once, inside a transaction that is taken back; each test has its own savepoint in it."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.security import house as houses
from tests.security.house import House


@pytest.fixture(scope="module")
def shared_house(django_db_setup: None, django_db_blocker) -> Iterator[House]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield houses.build()
        finally:
            connection.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def house(shared_house: House, db: None) -> House:
    return shared_house
