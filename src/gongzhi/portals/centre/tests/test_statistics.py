"""The page of figures: rates with what stands beside them, claims and what lasted, and the same as a file."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.kernel import clock, ids
from gongzhi.matters.models import Appraisal, Closure, Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in


@pytest.fixture
def came_back(world: World, report: Any) -> str:
    """Closed sixty days ago with a rating that somebody asked for; the same came back twenty days later."""
    lead, now = world.organisations["lighting"], clock.now()
    first, again = report(), report()
    closed_at = now - timedelta(days=60)
    rows = Matter.objects.filter(number=first.number)
    rows.update(
        opened_at=closed_at - timedelta(days=2),
        state="closed",
        stage="closed",
        closed_at=closed_at,
        due_at=None,
        lead=lead,
    )
    Matter.objects.filter(number=again.number).update(opened_at=now - timedelta(days=40))
    common = {"matter": rows.get(), "by": "account:r", "organisation": lead, "at": closed_at}
    Appraisal.objects.create(
        id=ids.uuid7(closed_at), level=5, contacted=True, solved=True, pressed=True, **common
    )
    Closure.objects.create(id=ids.uuid7(closed_at), **common)
    return str(lead.name)


def test_the_page_says_what_was_claimed_and_what_lasted(world: World, came_back: str) -> None:
    page = signed_in(world.accounts["dispatcher"]).get("/desk/statistics/").content.decode()
    durable = page.split('id="durable"')[1]
    assert came_back in durable
    assert "100.0 个百分点" in durable
    assert "同地再次反映 1 件" in durable
    assert "未满 90 天 1 件，不计" in durable
    assert "催评 1 件" in page.split('id="rates"')[1].split('id="durable"')[0]


def test_the_file_holds_the_figures_of_the_page_and_an_act_tells_of_it(world: World, came_back: str) -> None:
    answer = signed_in(world.accounts["dispatcher"]).get("/desk/statistics.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    head, line = text.splitlines()[:2]
    cells = dict(zip(head.lstrip("\ufeff").split(","), line.split(","), strict=True))
    assert cells["单位"] == came_back
    assert (cells["30 天 称已解决"], cells["30 天 持久解决"], cells["30 天 相差"]) == (
        "100.0",
        "0.0",
        "100.0",
    )
    assert (cells["90 天 未到期"], cells["催评"]) == ("1", "1")


def test_a_unit_exports_its_own_figures_and_a_neighbour_nobody_elses(world: World, came_back: str) -> None:
    own = signed_in(world.accounts["handler"]).get("/desk/statistics.csv")
    assert came_back in b"".join(own.streaming_content).decode()  # type: ignore[attr-defined]
    other = signed_in(world.accounts["neighbour"]).get("/desk/statistics.csv")
    assert came_back not in b"".join(other.streaming_content).decode()  # type: ignore[attr-defined]
    assert signed_in(world.accounts["handler"]).get("/desk/statistics.exe").status_code == 404
