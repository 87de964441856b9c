"""Where a day begins: a leader at five figures, a window at what it registered, a grid worker at the next task."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import START, World, later
from gongzhi.web.tests.people import signed_in, staff

FIGURE = re.compile(r'<li><a href="([^"]+)"><b class="count[^"]*">(\d+)</b> ([^<]+)</a>')


@pytest.fixture
def worker(world: World):  # type: ignore[no-untyped-def]
    return signed_in(staff("grid.liu", role="grid_worker", area_path=world.areas["990101001"].path))


def figures(page: str) -> list[tuple[str, int, str]]:
    return [(address, int(count), words.strip()) for address, count, words in FIGURE.findall(page)]


def verifying(report, column: float = 0.5) -> str:  # type: ignore[no-untyped-def]
    """Only the state: what a grid worker has before them, without walking there."""
    number = report(column=column).number
    Matter.objects.filter(number=number).update(state="verifying", stage="review")
    return str(number)


@pytest.mark.parametrize("role", ["street_leader", "supervisor"])
def test_a_leader_begins_at_five_figures_late_first_each_the_list_it_counts(
    world: World, report, role: str
) -> None:  # type: ignore[no-untyped-def]
    report()
    number = report("井盖缺失").number
    Matter.objects.filter(number=number).update(due_at=START, state="assigned", stage="dispatch")
    client = signed_in(staff("leader.one", role=role, area_path=world.areas["990101001"].path))
    assert client.get("/")["Location"] == "/desk/overview/"
    page = client.get("/desk/overview/").content.decode()
    found = figures(page)
    assert len(found) == 5
    assert found[0][:2] == ("/desk/?queue=late", 1)
    for address, count, words in found:
        listed = client.get(address).content.decode()
        assert listed.count("data-row") == count, words
    assert "等得最久：桃源街道" in page
    assert f"case={number}" in page


def test_a_leader_counts_nothing_of_another_street_and_nothing_confidential(world: World, report) -> None:  # type: ignore[no-untyped-def]
    for place in ({"column": 2.5}, {"confidential": True}):
        Matter.objects.filter(number=report(**place).number).update(due_at=START, state="assigned")
    page = signed_in(world.accounts["leader"]).get("/desk/overview/").content.decode()
    assert [count for _, count, _ in figures(page)] == [0, 0, 0, 0, 0]
    assert "没有超期的" in page


def test_a_head_of_unit_counts_what_the_unit_carries(world: World, report) -> None:  # type: ignore[no-untyped-def]
    lighting, urban = world.organisations["lighting"], world.organisations["urban"]
    Matter.objects.filter(number=report().number).update(state="assigned", stage="dispatch", lead=lighting)
    mine = signed_in(staff("head.one", role="unit_head", organisation_id=lighting.id))
    other = signed_in(staff("head.two", role="unit_head", organisation_id=urban.id))
    counted = {words: count for _, count, words in figures(mine.get("/desk/overview/").content.decode())}
    assert len(counted) == 5
    assert counted["待签收"] == 1
    assert not any(count for _, count, _ in figures(other.get("/desk/overview/").content.decode()))


def test_a_window_has_a_queue_of_what_it_registered(world: World, report) -> None:  # type: ignore[no-untyped-def]
    here, phoned, elsewhere = report().number, report().number, report(column=2.5).number
    Matter.objects.filter(number__in=(here, elsewhere)).update(channel="window")
    client = signed_in(staff("window.one", role="window", area_path=world.areas["990101001"].path))
    page = client.get("/desk/").content.decode()
    assert f"row-{here}" in page
    assert f"row-{phoned}" not in page
    assert f"row-{elsewhere}" not in page


def test_a_grid_worker_begins_at_the_next_task_and_why(world: World, report, worker) -> None:  # type: ignore[no-untyped-def]
    assert worker.get("/")["Location"] == "/desk/today/"
    assert "今天没有要您去办的" in worker.get("/desk/today/").content.decode()
    second, first, foreign = verifying(report), verifying(report), verifying(report, column=2.5)
    Matter.objects.filter(number=first).update(due_at=later(1))
    Matter.objects.filter(number=second).update(due_at=later(10_000_000))
    page = worker.get("/desk/today/").content.decode()
    assert f'href="/desk/cases/{first}/">开始办这件' in page
    assert "它已经超期" in page
    assert 'href="geo:28.' in page
    assert f"row-{second}" in page
    assert foreign not in page


def test_today_is_empty_for_who_walks_no_street(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = verifying(report)
    for name in ("dispatcher", "handler", "leader", "quality"):
        assert number not in signed_in(world.accounts[name]).get("/desk/today/").content.decode(), name


@pytest.mark.parametrize("address", ["/desk/today/", "/desk/overview/"])
def test_a_full_day_asks_the_database_no_more_than_a_quiet_one(world: World, report, worker, address) -> None:  # type: ignore[no-untyped-def]
    leader = signed_in(world.accounts["leader"])
    client = worker if "today" in address else leader
    counts = []
    for more in (5, 45):
        for _ in range(more):
            verifying(report)
        Matter.objects.update(due_at=START)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
