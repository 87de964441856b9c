"""Before and after are means of whole months."""

from datetime import date

from gongzhi.projects.rules import volume


def test_a_quarter_less_is_said_as_that() -> None:
    counts = {date(2025, month, 1): 8 for month in range(1, 13)} | {
        date(2026, month, 1): 6 for month in (2, 3)
    }
    found = volume(counts, began_on=date(2026, 1, 15), today=date(2026, 4, 2))
    assert (found.before, found.after, found.change) == (8.0, 6.0, -0.25)
    assert found.months[0].first == date(2025, 1, 1)
    assert [month.after for month in found.months][-4:] == [False, True, True, True]


def test_the_month_it_began_in_and_the_present_one_count_for_neither() -> None:
    found = volume(
        {date(2026, 1, 1): 999, date(2026, 2, 1): 999}, began_on=date(2026, 1, 31), today=date(2026, 2, 27)
    )
    assert found.after is None
    assert found.before == 0
    assert found.change is None


def test_nothing_before_gives_no_share() -> None:
    found = volume({date(2026, 2, 1): 5}, began_on=date(2026, 1, 1), today=date(2026, 3, 1))
    assert (found.before, found.after, found.change) == (0.0, 5.0, None)
