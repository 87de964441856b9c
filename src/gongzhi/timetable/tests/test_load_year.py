"""Loading a holiday year: in force at once, in editions, by the right person."""

from datetime import UTC, date, datetime

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts.queries import timeline
from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.holidays import Unpublished, YearTable
from gongzhi.calendar.question import Question
from gongzhi.calendar.units import Limit, Unit
from gongzhi.kernel.refusals import Invalid, NotAllowed
from gongzhi.timetable import actions, queries, reading

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def _table(*off: int, source: str = "notice") -> YearTable:
    return YearTable(2027, frozenset(date(2027, 1, day) for day in off), frozenset(), source)


def test_the_shipped_years_are_whole_and_know_a_make_up_day() -> None:
    years = {table.year: table for table in reading.read_years(reading.SHIPPED.read_text(encoding="utf-8"))}
    assert set(years) == set(range(2010, 2027))
    assert years[2026].is_work_day(date(2026, 10, 10))
    assert not years[2026].is_work_day(date(2026, 10, 5))


def test_a_loaded_year_is_in_force_at_once_and_leaves_one_act() -> None:
    assert queries.missing_next_year(AT) == 2027
    row = actions.load_year(table=_table(1), by=SYSTEM, at=AT)
    assert queries.missing_next_year(AT) is None
    assert not queries.current().holidays.is_work_day(date(2027, 1, 1))
    assert [entry.verb for entry in timeline("timetable.holidayyear", row.id)] == ["timetable.load_year"]


def test_the_same_year_again_changes_nothing_and_a_correction_is_a_new_edition() -> None:
    first = actions.load_year(table=_table(1), by=SYSTEM, at=AT)
    assert actions.load_year(table=_table(1), by=SYSTEM, at=AT).pk == first.pk
    second = actions.load_year(table=_table(1, 4), by=SYSTEM, at=AT)
    assert (second.edition, len(timeline("timetable.holidayyear", first.id))) == (2, 1)
    assert not queries.current().holidays.is_work_day(date(2027, 1, 4))


def test_a_deadline_into_an_unloaded_year_is_refused_until_it_is_loaded() -> None:
    for table in reading.read_years(reading.SHIPPED.read_text(encoding="utf-8")):
        actions.load_year(table=table, by=SYSTEM, at=AT)
    question = Question(
        start=datetime(2026, 12, 30, tzinfo=UTC), limit=Limit(5, Unit.WORK_DAY), holidays=queries.holidays()
    )
    with pytest.raises(Unpublished):
        deadline(question)


def test_a_year_without_source_and_a_year_by_a_handler_are_refused() -> None:
    with pytest.raises(Invalid):
        actions.load_year(table=_table(1, source=" "), by=SYSTEM, at=AT)
    handler = Actor(kind="account", held=(Held("handler"),))
    with pytest.raises(NotAllowed):
        actions.load_year(table=_table(1), by=handler, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "years: [{year: 2027, source: x, worked: [2027-01-04]}]",
        "years: [{year: 2027, source: x, rest: [2026-12-31]}]",
        "years: [{year: 2027, source: x, rest: ['2027-05-05..2027-05-01']}]",
        "years: [{year: 2027, rest: [yesterday], source: x}]",
        "nothing",
        "years: 3",
        "a: [",
    ],
)
def test_a_wrong_file_says_what_is_wrong(text: str) -> None:
    with pytest.raises(Invalid):
        reading.read_years(text)
