"""The small town of the desk's tests, and tokens for its people."""

from collections.abc import Callable

import pytest
from django.test import Client

from gongzhi.access.actor import SYSTEM
from gongzhi.exchange.token_actions import issue_token
from gongzhi.kernel import clock
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.portals.centre.tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return worlds.build()


@pytest.fixture
def program(world: World) -> Callable[[str], Client]:
    """A client that shows somebody's token."""

    def of(who: str) -> Client:
        secret = issue_token(
            account=world.accounts[who], name="test", days=1, by=SYSTEM, at=clock.now()
        ).secret
        return Client(headers={"authorization": f"Bearer {secret}", "accept": "application/json"})

    return of


@pytest.fixture
def report() -> dict[str, object]:
    return {
        "text": "小区门口路灯不亮三天了",
        "lon": worlds.WEST + 0.5 * worlds.STEP,
        "lat": worlds.SOUTH + 0.5 * worlds.STEP,
        "phone": "13800138000",
    }
