"""Our judgement beside the source's."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue.shipped import read_categories, read_procedures
from gongzhi.indicators.ontime import on_time
from gongzhi.intake.imports.mapping import read_mapping
from gongzhi.intake.imports.runs import import_cases

AT = datetime(2026, 3, 2, tzinfo=UTC)
AS_OF = datetime(2025, 6, 1, tzinfo=UTC)
MAPPING = """
source: old
zone: UTC
times: ["%Y-%m-%d %H:%M"]
fields: {external_id: id, opened_at: opened, target_at: due, closed_at: closed, status: status, text: words}
"""
ROWS = {
    "closed in time": ("2025-05-20 00:00", "2025-05-19 00:00", "ONTIME"),
    "closed at the last minute": ("2025-05-20 00:00", "2025-05-20 00:00", "ONTIME"),
    "closed a minute late": ("2025-05-20 00:00", "2025-05-20 00:01", "OVERDUE"),
    "open and due later": ("2025-07-01 00:00", "", "ONTIME"),
    "open and past": ("2025-05-20 00:00", "", "OVERDUE"),
    "open, due within the hour, counted late": ("2025-06-01 00:30", "", "OVERDUE"),
    "closed since": ("2025-05-20 00:00", "2025-06-20 00:00", "ONTIME"),
    "said on time though late": ("2025-05-20 00:00", "2025-05-25 00:00", "按时"),
    "said late though on time": ("2025-05-20 00:00", "2025-05-10 00:00", "超期"),
    "no target": ("", "2025-05-10 00:00", "ONTIME"),
    "no status": ("2025-05-20 00:00", "2025-05-10 00:00", ""),
    "an unknown status": ("2025-05-20 00:00", "2025-05-10 00:00", "purple"),
}


@pytest.fixture
def imported(db, tmp_path):
    for procedure in read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=AT)
    catalogue.load_categories(rows=read_categories(), by=SYSTEM, at=AT)
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "opened", "due", "closed", "status", "words"])
        writer.writerows(
            (n, "2025-05-01 00:00", due, closed, status, name)
            for n, (name, (due, closed, status)) in enumerate(ROWS.items())
        )
    done = import_cases(file, mapping=read_mapping(MAPPING), rejects=tmp_path / "r.csv", by=SYSTEM, at=AT)
    assert done.opened == len(ROWS)


def test_each_disagreement_has_its_reason(imported):
    report = on_time(source="old", as_of=AS_OF, visible_to=SYSTEM)
    assert (report.cases, report.judged, report.agreed) == (12, 9, 5)
    assert (report.without_target, report.without_status) == (1, 2)
    assert report.agreement == pytest.approx(5 / 9)
    names = list(ROWS)
    assert {names[int(one.external_id)]: one.reason for one in report.disagreements} == {
        "open, due within the hour, counted late": "due_soon",
        "closed since": "closed_since",
        "said on time though late": "source_on_time",
        "said late though on time": "source_overdue",
    }


def test_a_later_date_turns_open_cases_overdue(imported):
    later = on_time(source="old", as_of=AS_OF + timedelta(days=60), visible_to=SYSTEM)
    assert later.on_time < on_time(source="old", as_of=AS_OF, visible_to=SYSTEM).on_time


def test_a_source_that_brought_nothing_has_no_agreement(imported):
    assert on_time(source="other", as_of=AS_OF, visible_to=SYSTEM).agreement is None


def test_only_those_who_may_read_the_sources_words_get_a_report(imported):
    def count(*roles):
        actor = Actor(kind="account", held=tuple(Held(role) for role in roles))
        return on_time(source="old", as_of=AS_OF, visible_to=actor).cases

    assert (count("supervisor"), count("handler"), count()) == (12, 0, 0)


def test_two_queries_however_many_cases(imported, django_assert_num_queries):
    with django_assert_num_queries(2):
        on_time(source="old", as_of=AS_OF, visible_to=SYSTEM)
