"""The list: equal query counts, escaped words, filters that survive bad input."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.grants import queries as grants
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Filters, MatterRow
from gongzhi.portals.centre.lines import drawn
from gongzhi.portals.centre.tests.conftest import PAYLOAD
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in, staff


def _queries(client, address: str) -> int:  # type: ignore[no-untyped-def]
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_fifty_rows_cost_as_many_queries_as_five(world: World, report) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.accounts["dispatcher"])
    for _ in range(5):
        report()
    client.get("/desk/?queue=all")
    five = _queries(client, "/desk/?queue=all")
    for _ in range(45):
        report()
    assert _queries(client, "/desk/?queue=all") == five


def test_markup_in_a_report_is_shown_as_text_everywhere(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report(f"{PAYLOAD}=1+1").number
    client = signed_in(world.accounts["dispatcher"])
    for address in ("/desk/?queue=all", f"/desk/cases/{number}/", f"/desk/?queue=all&case={number}"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_formulas_in_titles_leave_the_house_as_text(world: World, report) -> None:  # type: ignore[no-untyped-def]
    report("=HYPERLINK(1)")
    text = signed_in(world.accounts["dispatcher"]).get("/desk/export.csv?queue=all").getvalue().decode()
    assert "'=HYPERLINK" in text


@pytest.mark.parametrize(
    "query",
    ["state=nope", "category=%00", "area=../..", "organisation=x", "q=%25%27%22%3B--", "late=x", "case=NOPE"],
)
def test_strange_filters_find_nothing_and_break_nothing(world: World, query: str) -> None:
    assert signed_in(world.accounts["dispatcher"]).get(f"/desk/?queue=all&{query}").status_code in (200, 404)


@pytest.mark.parametrize("query", ["queue=nope", "queue=all&after=!!"])
def test_an_unknown_queue_or_place_in_the_list_is_said(world: World, query: str) -> None:
    assert signed_in(world.accounts["dispatcher"]).get(f"/desk/?{query}").status_code in (404, 422)


@pytest.mark.parametrize("query", ["bbox=1,2,3", "bbox=nan,1,2,3", "bbox=200,0,201,1", ""])
def test_a_bad_map_range_is_refused_in_words(world: World, query: str) -> None:
    answer = signed_in(world.accounts["dispatcher"], accept="application/json").get(
        f"/desk/map/clusters.json?{query}"
    )
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_a_remembered_line_says_what_has_changed_since(world: World, report) -> None:  # type: ignore[no-untyped-def]
    """Lines are drawn once a minute for all; a row that turned late within this minute is late, a new lead is named."""
    number = report("路灯不亮").number
    at = datetime(2030, 3, 4, 9, 0, 40, tzinfo=UTC)
    [row] = [row for row in _rows(world, at) if row.number == number]
    before = drawn([replace(row, due_at=at + timedelta(days=2))], at=at, address="?q=<b>", open_number="")
    assert "还剩" in before
    assert "?q=&lt;b&gt;&amp;case=" in before
    assert "aria-current" not in before
    late = drawn([replace(row, due_at=at - timedelta(seconds=10))], at=at, address="?", open_number=number)
    assert "已超" in late
    assert "aria-current" in late
    assert "乙单位" in drawn([replace(row, lead="乙单位")], at=at, address="?", open_number="")


def _rows(world: World, at: datetime) -> list[MatterRow]:
    actor = grants.actor_of(world.accounts["dispatcher"].id, at)
    return matters.page(visible_to=actor, filters=Filters(), at=at).rows


def test_back_to_a_case_that_was_handed_on_keeps_the_list(world: World, report) -> None:  # type: ignore[no-untyped-def]
    here, away = report().number, report("邻居半夜吵架打孩子", column=2.5).number
    client = signed_in(staff("street.dispatcher", role="dispatcher", area_path=world.areas["990101001"].path))
    for number in (away, "ZZZZZZZZZZ", "%00"):
        answer = client.get(f"/desk/?queue=to_accept&case={number}")
        page = answer.content.decode()
        assert answer.status_code == 404
        assert f"row-{here}" in page
        assert "这件事已不在您的范围内" in page
        assert "邻居半夜吵架打孩子" not in page
        assert f"row-{away}" not in page
