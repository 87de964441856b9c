from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts.models import Act
from gongzhi.grants import queries
from gongzhi.grants.models import Grant
from gongzhi.grants.staff import Enrolled, StaffRow, enrol_many
from gongzhi.grants.tests.conftest import new_organisation
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import NotAllowed
from gongzhi.parties.actions import disable_account
from gongzhi.parties.models import Account, Organisation, Person, Post
from gongzhi.places.actions import end_area, register_area
from gongzhi.places.models import Area


@pytest.fixture
def grid(db: None, at: datetime) -> Area:
    return register_area(code="g1", name="第一网格", level="grid", by=SYSTEM, at=at)


@pytest.fixture
def bureau(db: None) -> Organisation:
    return new_organisation("cg")


def rows() -> list[StaffRow]:
    return [
        StaffRow(
            row=2,
            name="王芳",
            username="wang.fang",
            phone="13800138000",
            role="grid_worker",
            area="g1",
            manages=True,
        ),
        StaffRow(
            row=3,
            name="王芳",
            username="wang.fang",
            phone="13800138000",
            organisation="cg",
            title="队员",
            role="handler",
        ),
        StaffRow(row=4, name="李雷", username="li.lei", role="dispatcher"),
    ]


def test_people_posts_accounts_and_rights_are_made_once(
    grid: Area, bureau: Organisation, at: datetime
) -> None:
    made = enrol_many(rows(), by=SYSTEM, at=at)
    assert (made.accounts, made.posts, made.grants, made.refused) == (2, 1, 3, [])
    wang = Account.objects.get(username="wang.fang")
    assert set(queries.actor_of(wang.id, at).held) == {
        Held("grid_worker", "g1/"),
        Held("handler", "", bureau.id),
        Held("resident"),
    }
    assert Area.objects.get(code="g1").manager_id == wang.person_id
    assert not wang.has_usable_password()
    acts = Act.objects.count()
    assert enrol_many(rows(), by=SYSTEM, at=at) == Enrolled()
    assert Act.objects.count() == acts
    assert (Account.objects.count(), Person.objects.count(), Post.objects.count(), Grant.objects.count()) == (
        2,
        2,
        1,
        3,
    )


def test_rows_that_cannot_go_in_are_refused_alone(grid: Area, bureau: Organisation, at: datetime) -> None:
    enrol_many([StaffRow(row=1, name="", username="gone")], by=SYSTEM, at=at)
    disable_account(account_id=Account.objects.get(username="gone").id, reason="离职", by=SYSTEM, at=at)
    bad = [
        StaffRow(row=2, name="甲", username="a.a", organisation="none", role="handler"),
        StaffRow(row=3, name="乙", username="b.b", area="none", role="grid_worker"),
        StaffRow(row=4, name="丙", username="c.c", role="emperor"),
        StaffRow(row=5, name="丁", username="d.d", role="handler"),
        StaffRow(row=6, name="戊", username="e.e", manages=True),
        StaffRow(row=7, name="己", username="gone", role="auditor"),
        StaffRow(row=8, name="庚", username="f.f", role="system_admin"),
        StaffRow(row=9, name="庚", username="f.f", role="audit_admin"),
    ]
    made = enrol_many([*bad, *rows()], by=SYSTEM, at=at)
    assert [row for row, _ in made.refused] == [2, 3, 4, 5, 6, 7, 9]
    assert made.accounts == 3
    assert made.grants == 4


def test_only_the_installer_enrols_in_bulk(grid: Area, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        enrol_many(
            rows(), by=Actor(kind="account", held=(Held("system_admin"), Held("security_admin"))), at=at
        )


def test_statements_do_not_grow_with_the_list(grid: Area, bureau: Organisation, at: datetime) -> None:
    counts = []
    for size in (10, 100):
        some = [
            StaffRow(
                row=n,
                name="王芳",
                username=f"u{size}.{n}",
                phone=f"138{size:04}{n:04}",
                organisation="cg",
                title="队员",
                role="handler",
            )
            for n in range(size)
        ]
        with CaptureQueriesContext(connection) as asked:
            enrol_many(some, by=SYSTEM, at=at)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_closed_area_is_said_to_be_closed_and_since_when(grid: Area, at: datetime) -> None:
    end_area(area_id=grid.id, reason="并入第二网格", by=SYSTEM, at=at)
    for row in (2, 3):
        given = "g1" if row == 2 else grid.path
        made = enrol_many(
            [StaffRow(row=row, name="王芳", username="wang.fang", role="grid_worker", area=given)],
            by=SYSTEM,
            at=at,
        )
        [(_, refusal)] = made.refused
        assert (refusal.code, refusal.params["given"]) == ("staff.area_closed", given)
        assert refusal.params["since"] == f"{in_china(at):%Y-%m-%d}"
    again = register_area(code="g1", name="新第一网格", level="grid", by=SYSTEM, at=at)
    fresh = StaffRow(row=4, name="王芳", username="wang.fang", role="grid_worker", area="g1")
    assert enrol_many([fresh], by=SYSTEM, at=at).refused == []
    assert Grant.objects.get().area_path == again.path
