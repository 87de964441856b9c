"""When limits are used up: by the law's own examples, and against the slow way on random questions."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gongzhi.calendar.deadlines import deadline, extended
from gongzhi.calendar.holidays import Holidays, Unpublished, YearTable
from gongzhi.calendar.question import Extension, Pause, Question
from gongzhi.calendar.shares import percent_at, used_percent
from gongzhi.calendar.spans import spans
from gongzhi.calendar.tests.worlds import brute_force, make_holidays, make_question
from gongzhi.calendar.units import Limit, Unit
from gongzhi.kernel.clock import SHANGHAI

# October 2026 as an example of our own: 1–7 off, Saturday 10 worked.
OCTOBER = YearTable(
    2026,
    frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
    frozenset({date(2026, 10, 10)}),
    "example",
)
HOLIDAYS = Holidays.of([OCTOBER])


def at(*parts: int) -> datetime:
    return datetime(2026, *parts, tzinfo=SHANGHAI)


def due(start: datetime, value: int, unit: Unit, **more: object) -> datetime:
    limit = Limit(value, unit, more.pop("ends", "midnight"))
    answer = deadline(Question(start=start, limit=limit, holidays=HOLIDAYS, **more)).due_at
    assert answer is not None
    return answer.astimezone(SHANGHAI)


def test_an_hour_runs_from_the_very_moment_through_nights_and_holidays() -> None:
    assert due(at(9, 30, 23, 15), 24, Unit.HOUR) == at(10, 1, 23, 15)
    assert due(at(9, 30, 23, 45), 30, Unit.MINUTE) == at(10, 1, 0, 15)


def test_the_first_day_is_not_counted_and_the_last_ends_at_midnight() -> None:
    assert due(at(9, 1, 9), 2, Unit.DAY) == at(9, 4, 0)


def test_a_last_day_in_the_holidays_moves_to_the_first_work_day_after() -> None:
    assert due(at(9, 28, 9), 5, Unit.DAY) == at(10, 9, 0)


def test_working_days_skip_holidays_and_count_make_up_days() -> None:
    assert due(at(9, 29, 9), 4, Unit.WORK_DAY) == at(10, 11, 0)


def test_a_month_ends_on_the_same_day_or_the_last_one() -> None:
    assert due(at(8, 31, 9), 1, Unit.MONTH) == at(10, 1, 0)


def test_working_hours_pause_at_lunch_overnight_and_on_holidays() -> None:
    assert due(at(9, 30, 16), 4, Unit.WORK_HOUR) == at(10, 8, 11, 0)


def test_a_report_on_a_rest_day_starts_with_the_next_working_hour() -> None:
    assert due(at(10, 3, 12), 1, Unit.WORK_HOUR) == at(10, 8, 9, 30)


def test_a_limit_may_end_at_close_of_business() -> None:
    assert due(at(9, 1, 9), 1, Unit.WORK_DAY, ends="business") == at(9, 2, 17, 30)


def test_a_day_touched_by_a_pause_is_not_counted() -> None:
    pause = Pause(at(9, 2, 10), at(9, 3, 10))
    assert due(at(9, 1, 9), 2, Unit.WORK_DAY, pauses=(pause,)) == at(9, 8, 0)


def test_an_open_pause_leaves_the_deadline_open() -> None:
    for unit in Unit:
        question = Question(
            start=at(9, 1, 9), limit=Limit(61, unit), holidays=HOLIDAYS, pauses=(Pause(at(9, 1, 9, 30)),)
        )
        assert deadline(question).due_at is None
        assert percent_at(question, 50) is None
        assert used_percent(question, at(9, 3, 0)) is None
        assert spans(question) is not None


def test_an_extension_counts_from_where_the_time_ran_out() -> None:
    question = Question(start=at(9, 1, 9), limit=Limit(2, Unit.WORK_DAY), holidays=HOLIDAYS)
    longer = extended(question, Extension(Limit(1, Unit.WORK_DAY)))
    assert deadline(longer).due_at == at(9, 5, 0)


def test_an_unpublished_year_is_refused_or_guessed_and_said() -> None:
    question = Question(start=at(12, 30, 9), limit=Limit(5, Unit.WORK_DAY), holidays=HOLIDAYS)
    with pytest.raises(Unpublished) as refused:
        deadline(question)
    assert refused.value.year == 2027
    guess = deadline(replace(question, provisional_allowed=True))
    assert guess.provisional
    assert guess.unpublished_year == 2027
    assert guess.due_at == datetime(2027, 1, 7, tzinfo=SHANGHAI)


def test_a_deadline_inside_a_published_year_is_never_provisional() -> None:
    question = Question(
        start=at(12, 20, 9), limit=Limit(3, Unit.WORK_DAY), holidays=HOLIDAYS, provisional_allowed=True
    )
    assert not deadline(question).provisional


def test_natural_hours_lean_on_no_calendar() -> None:
    nothing = Question(start=at(12, 31, 20), limit=Limit(48, Unit.HOUR), holidays=Holidays.of([]))
    assert deadline(nothing).due_at == datetime(2027, 1, 2, 20, tzinfo=SHANGHAI)


def test_a_naive_instant_and_an_absurd_limit_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(Question(start=datetime(2026, 1, 1), limit=Limit(1, Unit.DAY), holidays=HOLIDAYS))  # noqa: DTZ001
    with pytest.raises(ValueError, match="10000"):
        Limit(10_001, Unit.DAY)


def test_the_days_before_the_calendar_are_refused_in_words() -> None:
    question = Question(
        start=datetime(1901, 1, 1, tzinfo=UTC), limit=Limit(1, Unit.WORK_DAY), holidays=HOLIDAYS
    )
    with pytest.raises(ValueError, match="outside the years"):
        deadline(replace(question, provisional_allowed=True))


def _compare(cases: int, seed: int) -> None:
    dice = random.Random(seed)
    worlds = [make_holidays(number) for number in range(5)]
    for number in range(cases):
        question = make_question(dice, dice.choice(worlds))
        assert deadline(question).due_at == brute_force(question), (seed, number, question)


def test_equal_to_counting_on_ones_fingers() -> None:
    _compare(2_000, seed=1)


@pytest.mark.slow
def test_equal_to_counting_on_ones_fingers_a_hundred_thousand_times() -> None:
    _compare(100_000, seed=2)


def test_a_later_start_is_never_due_earlier_and_asking_twice_answers_the_same() -> None:
    dice = random.Random(3)
    holidays = make_holidays(3)
    for _ in range(2_000):
        question = make_question(dice, holidays)
        later = replace(question, start=question.start + timedelta(minutes=dice.randrange(3_000)), pauses=())
        plain = replace(question, pauses=())
        assert deadline(plain).due_at <= deadline(later).due_at
        assert deadline(question).due_at == deadline(question).due_at


def test_spans_join_without_gaps_and_their_amounts_add_up() -> None:
    dice = random.Random(4)
    holidays = make_holidays(4)
    for _ in range(2_000):
        question = replace(make_question(dice, holidays), extensions=())
        if question.limit.value == 0:
            continue
        parts = spans(question)
        assert parts[0].from_at == question.start
        assert parts[-1].until_at == deadline(question).due_at
        assert all(a.until_at == b.from_at for a, b in pairwise(parts))
        if question.limit.unit is not Unit.MONTH:
            assert sum(part.amount for part in parts) == pytest.approx(question.limit.value)


def test_a_hundred_percent_is_the_deadline_and_halves_come_before() -> None:
    dice = random.Random(5)
    holidays = make_holidays(5)
    for _ in range(1_000):
        question = make_question(dice, holidays)
        end = deadline(question).due_at
        whole, half, late = (percent_at(question, percent) for percent in (100, 50, 150))
        assert abs(whole - end) < timedelta(seconds=1)
        assert half <= whole <= late
