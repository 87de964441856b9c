"""What a list shows, an object answers, a search finds, a file exports, a count counts and a map draws is one set."""

import csv
import io
import json
import random
from collections.abc import Iterator

import pytest
from django.db import transaction

from gongzhi.access import decisions
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn
from gongzhi.matters import map, queries
from gongzhi.matters.models import CellCount, Matter
from gongzhi.matters.queries import Box, Filters
from gongzhi.matters.queries.counting import COUNT_MAX
from gongzhi.matters.queues import QUEUES
from tests.security import house as houses
from tests.security.house import House

SEEDS = (11, pytest.param(12, marks=pytest.mark.slow), pytest.param(13, marks=pytest.mark.slow))
MATTERS = 18
EVERYWHERE = Box(-180, -85, 180, 85)


@pytest.fixture(scope="module", params=SEEDS)
def peopled(shared_house: House, request: pytest.FixtureRequest, django_db_blocker) -> Iterator[House]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        inner = transaction.atomic()
        inner.__enter__()
        try:
            houses.people(shared_house, MATTERS, request.param)
            yield shared_house
        finally:
            transaction.set_rollback(True)
            inner.__exit__(None, None, None)


@pytest.fixture
def world(peopled: House, db: None) -> House:
    return peopled


def allowed(world: House, name: str) -> set[str]:
    actor = world.actor(name)
    return {one.number for one in Matter.objects.all() if decisions.may(actor, "view", one)}


def test_the_world_is_worth_asking(world: House) -> None:
    seen = {name: len(allowed(world, name)) for name in world.personas}
    assert len(set(Matter.objects.values_list("state", flat=True))) >= 5
    assert Matter.objects.filter(confidential=True).exists()
    assert seen["dispatcher"] > seen["window"] > 0
    assert seen["resident"] > 0
    assert seen["nobody"] == seen["anonymous"] == seen["integrator"] == seen["auditor"] == 0


def test_lists_in_every_order_are_what_the_object_allows(world: House) -> None:
    for name in world.personas:
        expected = allowed(world, name)
        for order in ("newest", "due"):
            found = world.numbers(name, order=order)  # type: ignore[arg-type]
            assert len(found) == len(set(found)), (name, order)
            assert set(found) == expected, (name, order)


def test_a_case_opens_exactly_when_the_list_has_it(world: House) -> None:
    for name in world.personas:
        opened = set()
        for matter in Matter.objects.all():
            try:
                queries.case(
                    visible_to=world.actor(name), number=matter.number, at=world.at, timeline_limit=1
                )
            except NotFound:
                continue
            opened.add(matter.number)
        assert opened == allowed(world, name), name


def test_search_finds_nothing_the_list_does_not_have(world: House) -> None:
    for name in world.personas:
        actor, expected = world.actor(name), allowed(world, name)
        assert {row.number for row in queries.search(visible_to=actor, text="路灯", limit=200)} == expected, (
            name
        )
        assert set(world.numbers(name, text="路灯")) == expected, name
        for matter in Matter.objects.all():
            found = {row.number for row in queries.search(visible_to=actor, text=matter.number)}
            assert found == {matter.number} & expected, name


def test_an_export_is_the_list_or_nothing(world: House) -> None:
    for name in world.personas:
        actor = world.actor(name)
        try:
            rows = list(queries.export(visible_to=actor, filters=Filters(), at=world.at))
        except (NotAllowed, NotSignedIn):
            assert not decisions.may_do(actor, "matters.export")
            continue
        assert {row.number for row in rows} == allowed(world, name), name


def test_counts_are_the_rows_of_their_queue_and_queues_are_parts_of_the_list(world: House) -> None:
    for name in world.personas:
        counted = {one.code: one for one in queries.counts(visible_to=world.actor(name), at=world.at)}
        for code in QUEUES:
            rows = world.numbers(name, queue=code, order="due")
            assert set(rows) <= allowed(world, name), (name, code)
            assert len(rows) < COUNT_MAX
            if code in counted:
                late = [n for n in rows if n in set(world.numbers(name, queue=code, overdue=True))]
                assert (counted[code].count, counted[code].late) == (len(rows), len(late)), (name, code)
            else:
                assert not rows, (name, code)


def test_the_map_shows_single_matters_of_the_list_and_no_others(world: House) -> None:
    for name in world.personas:
        points = queries.clusters(visible_to=world.actor(name), box=EVERYWHERE, zoom=17, at=world.at)
        here = Matter.objects.filter(closed_at=None, lat__isnull=False, number__in=allowed(world, name))
        assert {one.number for one in points} == set(here.values_list("number", flat=True)), name


def test_clusters_count_open_matters_of_ones_scope_and_never_confidential_ones(world: House) -> None:
    while map.fold():
        pass
    for name in world.personas:
        actor = world.actor(name)
        for zoom in (4, 9, 12, 15):
            clusters = queries.clusters(visible_to=actor, box=EVERYWHERE, zoom=zoom, at=world.at)
            mine = [
                one
                for one in Matter.objects.filter(
                    closed_at=None, lat__isnull=False, confidential=False, number__in=allowed(world, name)
                )
                if decisions.may(actor, "view", CellCount(area_path=one.area_path, lead_id=one.lead_id))
            ]
            assert sum(one.count for one in clusters) == len(mine), (name, zoom)


def test_the_api_and_the_pages_list_the_same(world: House) -> None:
    chance = random.Random(3)
    every = sorted(Matter.objects.values_list("number", flat=True))
    for name in world.personas:
        expected, client = allowed(world, name), world.client(name, accept="application/json")
        found: list[str] = []
        after = ""
        while True:
            page = client.get("/api/v1/matters", {"order": "newest", "limit": 9, "after": after}).json()
            found += [one["number"] for one in page["items"]]
            if not (after := page["next"]):
                break
        assert sorted(found) == sorted(expected), name
        for number in chance.sample(every, 3):
            status = client.get(f"/api/v1/matters/{number}").status_code
            assert status == (200 if number in expected else 404), (name, number)
        desk = world.client(name).get("/desk/?queue=all")
        if desk.status_code == 200:
            shown = desk.content.decode()
            assert {number for number in every if number in shown} == expected, name


def test_downloads_hold_what_the_list_shows(world: House) -> None:
    for name in ("dispatcher", "neighbour", "leader", "unit_head", "supervisor", "quality"):
        answer = world.client(name).get("/desk/export.csv?queue=all")
        rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[1:]
        assert {numbers.parse(row[0]) for row in rows} == allowed(world, name), name


def test_everybody_reads_the_same_open_data_and_it_is_public(world: House) -> None:
    from gongzhi.matters.queries.public import public

    expected = {row.number for row in public(limit=1_000)}
    hidden = set(Matter.objects.filter(confidential=True).values_list("number", flat=True))
    assert expected
    assert not expected & hidden
    for name in ("dispatcher", "resident", "anonymous"):
        answer = world.client(name).get("/open311/v2/requests.json?page_size=1000")
        assert {one["service_request_id"] for one in json.loads(answer.content)} == expected
        for number in hidden:
            assert world.client(name).get(f"/open311/v2/requests/{number}.json").status_code == 404
