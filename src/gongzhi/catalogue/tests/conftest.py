from datetime import UTC, datetime

import pytest

from gongzhi.access.actor import Actor, Held
from gongzhi.catalogue import reading, shipped
from gongzhi.kernel import ids

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture
def administrator():
    return Actor(kind="account", id=ids.uuid7(AT), held=(Held(role="system_admin"),))


@pytest.fixture
def raw():
    """The shipped case procedure as plain data, renamed so that no other test shares its cached versions."""
    return {**shipped.read_raw(shipped.FOLDER / "procedures" / "case"), "code": "trial"}


@pytest.fixture
def trial(raw):
    return reading.read_procedure(raw, source="trial.yaml")
