import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.acts.models import Act
from gongzhi.kernel import crypto
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from gongzhi.parties import actions, queries, sealing
from gongzhi.parties.models import ContactPoint, Organisation, Person
from gongzhi.parties.tests.conftest import actor


def test_a_name_and_a_number_are_not_readable_in_the_tables(person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p::text || c::text FROM parties_person p JOIN parties_contactpoint c ON c.person_id = p.id"
        )
        (row,) = cursor.fetchone()
    for clear in ("欧阳娜娜", "13800138000", "欧阳娜娜".encode().hex(), b"13800138000".hex()):
        assert clear not in row
    assert "欧阳**" in row
    assert "138****8000" in row


def test_a_sealed_value_moved_to_another_row_does_not_open(person: Person) -> None:
    with pytest.raises(crypto.Unreadable):
        sealing.unseal(person.name_sealed, column=sealing.NAME, row=uuid.uuid4())
    assert sealing.unseal(person.name_sealed, column=sealing.NAME, row=person.id) == "欧阳娜娜"


def test_registering_leaves_one_act_without_clear_text(person: Person) -> None:
    (act,) = Act.objects.filter(subject_kind="parties.person", subject_id=str(person.id))
    assert act.verb == "parties.register_person"
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM acts_content WHERE act_id = %s", [act.id])
        (payload,) = cursor.fetchone()
    assert "欧阳娜娜" not in payload
    assert "13800138000" not in payload


def test_desk_finds_by_exact_number_and_sees_masks(person: Person, desk: Actor) -> None:
    (found,) = queries.people_with(kind="phone", value="+86 13800138000", visible_to=desk)
    assert (found.id, found.name) == (person.id, "欧阳**")
    assert [(kind, shown) for _, kind, shown in found.contacts] == [("phone", "138****8000")]


def test_owner_desk_and_stranger_see_what_they_may(person: Person, desk: Actor) -> None:
    owner, stranger = actor("resident", party=person.id), actor("resident", party=uuid.uuid4())
    for reader, seen in ((owner, 1), (desk, 1), (stranger, 0), (ANONYMOUS, 0)):
        assert len(queries.masked(person_ids=[person.id], visible_to=reader)) == seen
        assert len(queries.people_with(kind="phone", value="13800138000", visible_to=reader)) == seen


def test_owner_and_desk_rename_and_a_stranger_does_not_learn_that_the_person_exists(
    person: Person, desk: Actor, at: datetime
) -> None:
    owner, stranger = actor("resident", party=person.id), actor("resident", party=uuid.uuid4())
    for by in (owner, desk):
        assert actions.rename_person(person_id=person.id, name="张三", by=by, at=at).name_masked == "张*"
    with pytest.raises(NotFound):
        actions.rename_person(person_id=person.id, name="李四", by=stranger, at=at)
    with pytest.raises(NotAllowed):  # an administrator sees the masked row and may not change it
        actions.rename_person(person_id=person.id, name="李四", by=actor("system_admin"), at=at)


@pytest.mark.django_db
def test_registering_needs_a_desk(at: datetime) -> None:
    with pytest.raises(NotSignedIn):
        actions.register_person(name="张三", by=ANONYMOUS, at=at)
    with pytest.raises(NotAllowed):
        actions.register_person(name="张三", by=actor("resident"), at=at)


def test_a_household_shares_a_number_and_one_leads(person: Person, desk: Actor, at: datetime) -> None:
    other = actions.register_person(name="王五", by=desk, at=at)
    first = actions.add_contact(kind="phone", value="13800138000", person_id=other.id, by=desk, at=at)
    assert first.leads  # registering does not claim the number, adding does while it is free
    third = actions.register_person(name="赵六", by=desk, at=at)
    assert not actions.add_contact(
        kind="phone", value="13800138000", person_id=third.id, by=desk, at=at
    ).leads
    with pytest.raises(Conflict):
        actions.add_contact(kind="phone", value="138-0013-8000", person_id=third.id, by=desk, at=at)
    assert len(queries.people_with(kind="phone", value="13800138000", visible_to=desk)) == 3


def test_a_bad_value_is_refused_and_nothing_is_written(person: Person, desk: Actor, at: datetime) -> None:
    before = ContactPoint.objects.count()
    with pytest.raises(Invalid):
        actions.add_contact(kind="email", value="not mail", person_id=person.id, by=desk, at=at)
    assert ContactPoint.objects.count() == before


def test_an_ended_contact_is_kept_and_no_longer_found(person: Person, desk: Actor, at: datetime) -> None:
    point = ContactPoint.objects.get(person=person)
    actions.end_contact(contact_id=point.id, reason="换号", by=desk, at=at)
    assert queries.people_with(kind="phone", value="13800138000", visible_to=desk) == []
    assert ContactPoint.objects.filter(id=point.id).exists()
    with pytest.raises(NotFound):
        actions.end_contact(contact_id=point.id, reason="换号", by=desk, at=at)


def test_the_database_refuses_a_contact_of_two_parties(person: Person, bureau: Organisation) -> None:
    with pytest.raises(IntegrityError):
        ContactPoint.objects.filter(person=person).update(organisation=bureau)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [5, 50])
def test_masked_people_cost_two_queries_however_many(count: int, desk: Actor, at: datetime) -> None:
    people = [
        actions.register_person(name="张三", contacts=[("phone", f"138001{n:05}")], by=desk, at=at)
        for n in range(count)
    ]
    with CaptureQueriesContext(connection) as asked:
        shown = queries.masked(person_ids=[person.id for person in people], visible_to=desk)
    assert len(shown) == count
    assert len(asked) == 2


def test_posts_are_taken_once_and_left(
    person: Person, bureau: Organisation, admin: Actor, at: datetime
) -> None:
    given: dict[str, Any] = {
        "person_id": person.id,
        "organisation_id": bureau.id,
        "title": "局长",
        "by": admin,
        "at": at,
    }
    post = actions.take_post(**given)
    with pytest.raises(Conflict):
        actions.take_post(**given)
    with pytest.raises(Conflict):
        actions.end_organisation(organisation_id=bureau.id, reason="撤并", by=admin, at=at)
    later = at.replace(hour=9)
    actions.leave_post(post_id=post.id, by=admin, at=later)
    with pytest.raises(NotFound):
        actions.leave_post(post_id=post.id, by=admin, at=later)
    assert actions.take_post(**{**given, "at": later}).id != post.id
