import threading
import time
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from gongzhi.parties import actions as parties
from gongzhi.places import actions, queries, snapshot
from gongzhi.places.models import Area
from gongzhi.places.tests.conftest import SOUTH, STEP, WEST, square


@pytest.fixture
def street(db: None, admin: Actor, at: datetime) -> Area:
    return actions.register_area(
        code="430102001",
        name="桔子洲街道",
        level="street",
        geometry=square(WEST, SOUTH, 0.04),
        by=admin,
        at=at,
    )


@pytest.fixture
def grid(street: Area, admin: Actor, at: datetime) -> Area:
    return actions.register_area(
        code="43010200101",
        name="第一网格",
        level="grid",
        parent_id=street.id,
        geometry=square(WEST, SOUTH),
        by=admin,
        at=at,
    )


def test_an_area_stands_below_its_parent_and_leaves_an_act(grid: Area) -> None:
    assert grid.path == "430102001/43010200101/"
    act = Act.objects.get(subject_id=str(grid.id))
    assert (act.verb, act.area_path) == ("places.register_area", grid.path)


def test_a_change_is_seen_by_the_next_snapshot_and_not_by_the_last(
    grid: Area, admin: Actor, at: datetime
) -> None:
    before = snapshot.current()
    assert snapshot.current() is before
    assert before.locate_point(WEST + STEP / 2, SOUTH + STEP / 2).area_path == grid.path
    actions.change_area(area_id=grid.id, name="新网格", geometry=square(WEST + STEP, SOUTH), by=admin, at=at)
    after = snapshot.current()
    assert after.version != before.version
    assert before.locate_point(WEST + STEP / 2, SOUTH + STEP / 2).area_path == grid.path
    assert after.locate_point(WEST + STEP / 2, SOUTH + STEP / 2).reason == "in_area_without_grid"
    assert after.areas[grid.path].name == "新网格"


def test_an_ended_area_is_kept_and_answers_no_more(
    grid: Area, street: Area, admin: Actor, at: datetime
) -> None:
    with pytest.raises(Conflict):
        actions.end_area(area_id=street.id, reason="撤并", by=admin, at=at)
    actions.end_area(area_id=grid.id, reason="撤并", by=admin, at=at)
    assert snapshot.current().locate_point(WEST + STEP / 2, SOUTH + STEP / 2).area_path == street.path
    assert Area.objects.filter(id=grid.id).exists()
    for again in (actions.end_area, actions.change_area):
        with pytest.raises(NotFound):
            again(
                area_id=grid.id,
                by=admin,
                at=at,
                **({"reason": ""} if again is actions.end_area else {"name": "x"}),
            )  # type: ignore[operator]
    reborn = actions.register_area(
        code=grid.code, name="新", level="grid", parent_id=street.id, by=admin, at=at
    )
    assert reborn.id != grid.id


def test_bad_codes_levels_and_shapes_are_refused(street: Area, admin: Actor, at: datetime) -> None:
    good: dict[str, object] = {"code": "x1", "name": "某", "level": "grid", "parent_id": street.id}
    for wrong in (
        {"code": "a/b"},
        {"code": ""},
        {"name": ""},
        {"name": "长" * 81},
        {"level": "empire"},
        {"level": "district"},
        {"level": "street"},
        {"geometry": {"type": "Point"}},
    ):
        with pytest.raises(Invalid):
            actions.register_area(**{**good, **wrong}, by=admin, at=at)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        actions.register_area(**{**good, "code": street.code}, by=admin, at=at)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        actions.register_area(**{**good, "parent_id": uuid4()}, by=admin, at=at)  # type: ignore[arg-type]


def test_the_database_refuses_a_path_that_is_not_below_the_parent(grid: Area) -> None:
    for wrong in (
        {"path": "elsewhere/43010200101/"},
        {"level": "street"},
        {"parent": grid},
        {"west": 200.0},
        {"path": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(id=grid.id).update(**wrong)


def test_administrator_dispatcher_and_stranger(street: Area, admin: Actor, at: datetime) -> None:
    actions.change_area(area_id=street.id, name="新名", by=admin, at=at)
    with pytest.raises(NotAllowed):
        actions.change_area(
            area_id=street.id,
            name="x",
            by=Actor(kind="account", id=uuid4(), held=(Held("dispatcher"),)),
            at=at,
        )
    with pytest.raises(NotSignedIn):
        actions.change_area(area_id=street.id, name="x", by=ANONYMOUS, at=at)
    assert queries.area(visible_to=ANONYMOUS, path=street.path).name == "新名"


def test_a_manager_is_a_known_person(grid: Area, admin: Actor, at: datetime) -> None:
    person = parties.register_person(name="李四", by=SYSTEM, at=at)
    actions.appoint_manager(area_id=grid.id, person_id=person.id, by=admin, at=at)
    assert snapshot.current().areas[grid.path].manager_id == person.id
    with pytest.raises(NotFound):
        actions.appoint_manager(area_id=grid.id, person_id=uuid4(), by=admin, at=at)


def test_a_name_is_found_in_texts_until_it_ends(grid: Area, admin: Actor, at: datetime) -> None:
    given = {"area_id": grid.id, "kind": "estate", "by": admin, "at": at}
    name = actions.add_name(name="阳光花园", lon=WEST + STEP / 2, lat=SOUTH + STEP / 2, **given)  # type: ignore[arg-type]
    assert snapshot.current().place_text("阳光花园停水").area_path == grid.path
    with pytest.raises(Conflict):
        actions.add_name(name="阳光 花园", **given)  # type: ignore[arg-type]
    for wrong in (
        {"name": "园"},
        {"name": "某园", "lon": 1.0},
        {"name": "某园", "lon": 1.0, "lat": 99.0},
        {"name": "某园", "kind": "x"},
    ):
        with pytest.raises(Invalid):
            actions.add_name(**{**given, **wrong})  # type: ignore[arg-type]
    actions.end_name(name_id=name.id, reason="更名", by=admin, at=at.replace(hour=5))
    assert snapshot.current().place_text("阳光花园停水").reason == "no_name"
    with pytest.raises(NotFound):
        actions.end_name(name_id=name.id, reason="更名", by=admin, at=at.replace(hour=6))


@pytest.mark.parametrize("count", [5, 50])
def test_lists_are_one_query(count: int, street: Area, admin: Actor, at: datetime) -> None:
    for n in range(count):
        actions.register_area(
            code=f"{street.code}{n:02}",
            name=f"第{n}网格",
            level="grid",
            parent_id=street.id,
            geometry=square(WEST, SOUTH),
            by=admin,
            at=at,
        )
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.children(visible_to=ANONYMOUS, of=street.id)) == count
        assert len(queries.areas(visible_to=ANONYMOUS, below=street.path)) == count + 1
        assert len(queries.areas(visible_to=ANONYMOUS, level="grid")) == count
        assert (
            len(queries.within(visible_to=ANONYMOUS, level="grid", box=(WEST, SOUTH, WEST + 1, SOUTH + 1)))
            == count
        )
        assert len(queries.names(visible_to=ANONYMOUS, area_id=street.id)) == 0
    assert len(asked) == 5
    with pytest.raises(NotFound):
        queries.area(visible_to=ANONYMOUS, path="nowhere/")


@pytest.mark.django_db(transaction=True)
def test_on_the_hot_path_the_old_index_answers_while_the_new_one_is_built(admin: Actor, at: datetime) -> None:
    area = actions.register_area(
        code="a", name="甲", level="grid", geometry=square(WEST, SOUTH), by=admin, at=at
    )
    old = snapshot.current()
    actions.change_area(area_id=area.id, name="乙", by=admin, at=at)
    assert snapshot.at_hand() is old
    for thread in threading.enumerate():
        if thread.name == "places":
            thread.join(10)
    deadline = time.monotonic() + 10
    while snapshot.at_hand() is old and time.monotonic() < deadline:
        pass
    assert snapshot.at_hand().areas["a/"].name == "乙"
