from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from gongzhi.parties import actions, queries
from gongzhi.parties.models import Organisation
from gongzhi.parties.tests.conftest import actor

pytestmark = pytest.mark.django_db


def test_an_organisation_stands_below_its_parent(bureau: Organisation, admin: Actor, at: datetime) -> None:
    station = actions.register_organisation(
        code="cg-1", name="第一中队", kind="station", parent_id=bureau.id, by=admin, at=at
    )
    assert station.path == "cg/cg-1/"
    assert list(queries.organisations(visible_to=ANONYMOUS, below="cg/")) == [bureau, station]
    assert list(queries.organisations(visible_to=ANONYMOUS, below="cg/cg-1/")) == [station]


def test_bad_codes_kinds_and_names_are_refused(admin: Actor, at: datetime) -> None:
    good = {"code": "x", "name": "某局", "kind": "bureau"}
    for wrong in ({"code": "a/b"}, {"code": ""}, {"kind": "empire"}, {"name": " "}, {"name": "长" * 121}):
        with pytest.raises(Invalid):
            actions.register_organisation(**{**good, **wrong}, by=admin, at=at)


def test_a_code_is_used_once_even_after_the_end(bureau: Organisation, admin: Actor, at: datetime) -> None:
    actions.end_organisation(organisation_id=bureau.id, reason="撤并", by=admin, at=at)
    with pytest.raises(Conflict):
        actions.register_organisation(code="cg", name="新局", kind="bureau", by=admin, at=at)
    with pytest.raises(NotFound):
        actions.change_organisation(organisation_id=bureau.id, name="新名", by=admin, at=at)
    assert list(queries.organisations(visible_to=ANONYMOUS)) == []


def test_an_organisation_with_others_below_does_not_end(
    bureau: Organisation, admin: Actor, at: datetime
) -> None:
    actions.register_organisation(
        code="cg-1", name="第一中队", kind="station", parent_id=bureau.id, by=admin, at=at
    )
    with pytest.raises(Conflict):
        actions.end_organisation(organisation_id=bureau.id, reason="撤并", by=admin, at=at)


def test_only_the_system_administrator_changes_organisations(bureau: Organisation, at: datetime) -> None:
    for stranger in (actor("unit_head"), actor("security_admin"), actor("dispatcher")):
        with pytest.raises(NotAllowed):
            actions.change_organisation(organisation_id=bureau.id, name="新名", by=stranger, at=at)


@pytest.mark.parametrize("count", [5, 50])
def test_the_list_is_one_query(count: int, admin: Actor, at: datetime) -> None:
    for n in range(count):
        actions.register_organisation(code=f"o{n}", name="某局", kind="bureau", by=admin, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.organisations(visible_to=ANONYMOUS)) == count
    assert len(asked) == 1
