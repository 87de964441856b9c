"""A small town and some cases for every test of the desk."""

from datetime import datetime

import pytest

from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.matters.reports import Opened
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.portals.centre.tests.world import World

PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def world(db: None) -> World:
    return worlds.build()


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def report(world: World, now: datetime):  # type: ignore[no-untyped-def]
    """Open a case in the first street (column 0) or the second (column 2)."""

    def open_one(
        text: str = "小区门口路灯不亮三天了", *, column: float = 0.5, at: datetime = now, **more: object
    ) -> Opened:
        raw = RawReport(
            text=text,
            channel="phone",
            lon=worlds.WEST + column * worlds.STEP,
            lat=worlds.SOUTH + 0.5 * worlds.STEP,
            address="桃源路 18 号",
            phone="13800001234",
            name="刘桂兰",
            **more,  # type: ignore[arg-type]
        )
        return intake.take_in(raw=raw, by=world.actor("dispatcher", now), at=at)

    return open_one
