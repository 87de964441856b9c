"""Recording: inside a transaction, all or nothing, in order; evidence is never changed."""

from datetime import datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.acts import actions, queries
from gongzhi.acts.models import Act, ActContent, Pending
from gongzhi.kernel import clock


def test_an_act_keeps_when_it_happened_and_when_it_was_recorded(db, draft, subject):
    actions.record_many([draft()])
    (entry,) = queries.timeline(subject.kind, subject.id)
    assert entry.at == draft().at
    assert abs(entry.recorded_at - clock.now()) < timedelta(minutes=1)
    assert entry.payload == {"text": "路灯不亮", "seen_at": "2026-03-02T01:30:00.000000Z"}
    assert (entry.position, entry.erased) == (None, False)


def test_nothing_is_recorded_outside_a_transaction(transactional_db, draft):
    with pytest.raises(RuntimeError, match="transaction"):
        actions.record_many([draft()])


def test_a_rollback_leaves_nothing(transactional_db, draft):
    def failing(count):
        with transaction.atomic():
            actions.record_many([draft() for _ in range(count)])
            raise KeyError

    for count in (1, 20):
        with pytest.raises(KeyError):
            failing(count)
    assert [Act.objects.count(), ActContent.objects.count(), Pending.objects.count()] == [0, 0, 0]


@pytest.mark.parametrize("count", [1, 7, 8, 300])
def test_one_and_many_are_recorded_alike_and_in_order(db, draft, subject, count):
    by = Actor(kind="account", id=uuid4(), request_id="r-1")
    made = actions.record_many(
        [draft(f"第{n}件", by=by, area_path="430102/", under="handler") for n in range(count)]
    )
    assert made == sorted(made)
    entries = queries.timeline(subject.kind, subject.id, limit=1000)
    assert [entry.id for entry in entries] == made[::-1]
    assert [entry.payload["text"] for entry in entries] == [f"第{n}件" for n in reversed(range(count))]
    assert {(e.by, e.under, e.area_path) for e in entries} == {(by.reference, "handler", "430102/")}
    assert Act.objects.filter(request="r-1").count() == Pending.objects.count() == count


def test_a_batch_is_one_statement_however_many(db, draft, django_assert_num_queries):
    for count in (1, 5, 1000):
        with django_assert_num_queries(1):
            actions.record_many([draft() for _ in range(count)])


def test_wrong_drafts_are_refused_before_anything_is_written(db, draft):
    with pytest.raises(ValueError, match="time zone"):
        actions.record_many([draft(at=datetime(2026, 1, 1))])  # noqa: DTZ001
    with pytest.raises(TypeError, match="not an @event"):
        actions.record_many([draft(event=object())])
    assert Act.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE acts_act SET verb = 'x'",
        "DELETE FROM acts_act",
        "TRUNCATE acts_act",
        "UPDATE acts_leaf SET position = position + 1",
        "DELETE FROM acts_leaf",
        "UPDATE acts_content SET payload = '{}'",
        "DELETE FROM acts_content",
        "INSERT INTO acts_tombstone VALUES (gen_random_uuid(), now(), 'x', 'y')",
        "INSERT INTO acts_act (id, recorded_at, at, by, verb, subject_kind, subject_id, origin)"
        " VALUES (gen_random_uuid(), now(), now(), 'x', 'x', 'x', 'x', 'x')",
        "SELECT acts_erase(gen_random_uuid(), 'x', 'y')",
        "SELECT acts_add_months('2040-01-01', 1)",
    ],
)
def test_the_application_can_neither_change_evidence_nor_invent_when_it_was_recorded(
    app_connection, statement
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)


def test_not_even_the_owner_changes_an_act(db, draft):
    actions.record_many([draft()])
    for table, change in (
        ("acts_act", "UPDATE acts_act SET verb = 'x'"),
        ("acts_act", "DELETE FROM acts_act"),
    ):
        with pytest.raises(DatabaseError, match=f"{table}.* is refused"), transaction.atomic():
            connection.cursor().execute(change)


def test_the_application_role_records(db, draft, as_role):
    with as_role("app"):
        assert len(actions.record_many([draft()])) == 1
        assert len(actions.record_many([draft() for _ in range(20)])) == 20
