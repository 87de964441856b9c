"""What a listener is told of a matter is what a list would show: same sight, same queues."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.decisions import may
from gongzhi.kernel import ids
from gongzhi.matters import queries
from gongzhi.matters.models import Assignment, Matter
from gongzhi.matters.queries import Filters
from gongzhi.matters.queries.standing import Standing
from gongzhi.matters.queues import QUEUES
from gongzhi.matters.tests import scenes
from gongzhi.matters.tests.town import EAST, WEST, Town

STATES = ("accept", "dispatch", "sign", "answer", "decide_extension", "decide_return", "close", "reopen")


@pytest.fixture
def matters(town: Town) -> list[Matter]:
    for verb in STATES:
        scenes.ready_for(town, verb)
    town.open(confidential=True)
    helped = Matter.objects.get(number=scenes.ready_for(town, "sign"))
    Assignment.objects.create(
        id=ids.uuid7(town.clock),
        matter=helped,
        role="assist",
        organisation=town.organisations["other"],
        at=town.clock,
        by="system",
    )
    return list(Matter.objects.order_by("id"))


def test_a_matter_stands_where_the_lists_of_everybody_show_it(town: Town, matters: list[Matter]) -> None:
    standing = Standing(matters)
    seen = 0
    for at in (town.clock, town.clock + timedelta(hours=20), town.clock + timedelta(days=60)):
        for actor in town.actors.values():
            told = {m.number: standing.queues(m, of=actor, at=at) for m in matters}
            for code, queue in QUEUES.items():
                listed = queries.page(visible_to=actor, filters=Filters(queue=code), at=at).rows
                expected = {row.number for row in listed} if queue.is_for(actor) else set()
                assert {number for number, codes in told.items() if code in codes} == expected, (code, actor)
                seen += len(expected)
    assert seen > 50


FILTERS = (
    Filters(state="accepted"), Filters(state="nowhere"), Filters(category="lamp"), Filters(category="nothing"),
    Filters(area=EAST), Filters(area=WEST), Filters(overdue=True),
    Filters(open=True), Filters(open=False), Filters(channel="web", state="assigned"),
)  # fmt: skip


def test_it_passes_the_filters_that_the_list_passes(town: Town, matters: list[Matter]) -> None:
    standing = Standing(matters)
    for at in (town.clock, town.clock + timedelta(days=60)):
        for filters in FILTERS:
            listed = queries.page(visible_to=town["dispatcher"], filters=filters, at=at).rows
            passing = {m.number for m in matters if standing.passes(m, filters, at=at)}
            assert passing == {row.number for row in listed}, filters


def test_sight_is_the_policy_s_with_facts_read_once(town: Town, matters: list[Matter]) -> None:
    with CaptureQueriesContext(connection) as asked:
        standing = Standing(matters)
        told = {
            (m.id, name): standing.visible(m, to=actor)
            for m in matters
            for name, actor in town.actors.items()
        }
    assert len(asked) <= 8  # one for each kind of fact that gives sight or a queue, however many read
    for matter in matters:
        for name, actor in town.actors.items():
            assert told[matter.id, name] == may(actor, "view", matter), name
    assert any(told[m.id, "stranger"] for m in matters)  # the unit that assists
