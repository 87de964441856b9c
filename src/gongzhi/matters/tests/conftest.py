from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from django.db import transaction

from gongzhi.matters.tests import town as towns
from gongzhi.matters.tests.town import Town


class Shared:
    """One town for the tests of a module, each of which is rolled back to it: building it takes longer than most."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._open.enter_context(transaction.atomic())
        self._open.callback(transaction.set_rollback, True)
        self.town: Town | None = towns.build()

    def lend(self) -> Town:
        if self.town is None:
            return towns.build()
        return replace(self.town, actors=dict(self.town.actors), taken=[])

    def end(self) -> None:
        self.town = None
        self._open.close()


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker) -> Iterator[Shared]:
    with django_db_blocker.unblock():
        made = Shared()
    yield made
    with django_db_blocker.unblock():
        made.end()


@pytest.fixture
def town(shared, db):
    return shared.lend()


@pytest.fixture
def committed(shared, django_db_blocker) -> None:
    """Nothing is open any more: the database is as other connections see it."""
    with django_db_blocker.unblock():
        shared.end()


@pytest.fixture
def committed_town(committed, transactional_db):
    """Rows that other connections see."""
    return towns.build()
