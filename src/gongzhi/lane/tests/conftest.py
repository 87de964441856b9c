"""The town of the matters' tests."""

import pytest

from gongzhi.matters.tests import town as towns
from gongzhi.matters.tests.town import Town


@pytest.fixture
def town(db: None) -> Town:
    return towns.build()


@pytest.fixture
def committed_town(transactional_db: None) -> Town:
    """Rows that other connections see."""
    return towns.build()
