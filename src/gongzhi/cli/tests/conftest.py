from collections.abc import Iterator

import pytest

from gongzhi.cli.tests.installed import Installed, installation


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    """One installation for the tests of a module, in their order."""
    with installation() as made:
        yield made
