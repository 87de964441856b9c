import pytest

from gongzhi.matters.tests import town as towns


@pytest.fixture
def town(db):
    return towns.build()


@pytest.fixture
def committed_town(transactional_db):
    """Rows that other connections see."""
    return towns.build()
