"""Timelines read few months, page back, and cost one query whatever they hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from gongzhi.acts import actions, partitions, queries
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import clock, ids


def test_a_timeline_pages_back_without_gaps(db, recorded, subject):
    made = recorded(25)
    page, before, seen = [None], None, []
    while page:
        page = queries.timeline(subject.kind, subject.id, limit=10, before=before)
        seen += [entry.id for entry in page]
        before = seen[-1]
    assert seen == made[::-1]


def test_five_and_fifty_acts_cost_one_query(db, recorded, subject, django_assert_num_queries):
    for count in (5, 45):
        recorded(count)
        with django_assert_num_queries(1):
            queries.timeline(subject.kind, subject.id, limit=100)


def test_other_subjects_are_not_mixed_in(db, recorded, draft, subject):
    recorded(2)
    recorded(2, subject=Subject(subject.kind, "2026"))
    recorded(2, subject=Subject("acts_tests.other", subject.id))
    assert len(queries.timeline(subject.kind, subject.id)) == 2
    assert len(queries.timeline(subject.kind, "2026")) == 2


def asked(subject_id) -> set[str]:
    """The months whose index a timeline looks into."""

    def scans(cursor) -> dict[str, int]:
        cursor.execute(
            "SELECT relname, idx_scan FROM pg_stat_xact_user_tables WHERE relname LIKE 'acts_act_2%'"
        )
        return dict(cursor.fetchall())

    with connection.cursor() as cursor:
        before = scans(cursor)
        queries.timeline("acts_tests.thing", subject_id)
        return {name for name, count in scans(cursor).items() if count > before.get(name, 0)}


def test_months_before_the_subject_existed_and_months_to_come_are_not_looked_at(db, recorded, subject):
    with connection.cursor() as cursor:
        cursor.execute("SELECT acts_add_months('2024-01-01', 60)")
    recorded()
    assert 1 <= len(asked(subject.id)) <= 2
    assert len(asked("no uuid: every month so far is asked")) > 20


def test_partitions_reach_ten_years_and_more_are_made_on_demand(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT acts_add_months(%s, 121)", [clock.now().date()])
        cursor.execute("SELECT acts_add_months(%s, 121)", [clock.now().date()])
        assert cursor.fetchone() == (0,)
    assert partitions.months_left(clock.now()) == 120
    assert partitions.add_months(2) == 2
    assert partitions.months_left(clock.now()) == 122


def test_the_migration_makes_ten_years():
    assert (
        "- interval '1 month')::date, 122)"
        in (Path(partitions.__file__).parent / "sql" / "act.sql").read_text()
    )


def test_a_month_without_partition_is_an_error_not_a_silent_default(db, monkeypatch, draft):
    monkeypatch.setattr(actions, "_series", ids.Series())
    monkeypatch.setattr(clock, "now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    with pytest.raises(Exception, match="no partition of relation"):
        actions.record_many([draft()])


def test_a_partition_begins_with_its_month_in_utc(db):
    first = datetime(2041, 5, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT acts_add_months('2041-05-17', 1)")
        cursor.execute(
            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'acts_act_2041_05'"
        )
        low, high = (part.split("'")[1] for part in cursor.fetchone()[0].split("TO"))
    assert low <= str(ids.uuid7(first)) < high
    assert not low <= str(ids.uuid7(first - timedelta(milliseconds=1)))
