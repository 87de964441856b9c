"""Durably solved: what was claimed, what came back, and when it is too early to say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.indicators import durable
from gongzhi.indicators.durable import Closing, judge
from gongzhi.indicators.lasting import durably_solved
from gongzhi.indicators.tests import town
from gongzhi.indicators.tests.town import at
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotAllowed, NotSignedIn
from gongzhi.matters.models import Complaint

JANUARY = {"since": date(2026, 1, 1), "until": date(2026, 2, 1)}
LATER = at(200)
[RULE] = durable.published()
METRE = 1 / 111_320
HERE = {"lon": 112.9, "lat": 28.2}


@pytest.mark.parametrize(
    ("age", "failed", "verdict"),
    [
        (29, None, "too_early"),
        (29, 3, "too_early"),
        (30, None, "durable"),
        (30, 30, "not_durable"),
        (31, 31, "durable"),
        (365, 0, "not_durable"),
    ],
)
def test_a_claim_lasts_when_nothing_came_back_in_the_whole_window(age, failed, verdict):
    reason = "recurred" if failed is not None else ""
    found = judge(Closing(True, age, failed, reason), window_days=30)
    assert found == (verdict, reason if verdict == "not_durable" else "")


closings = st.builds(
    Closing,
    solved=st.booleans(),
    age_days=st.integers(0, 200),
    failed_after_days=st.none() | st.integers(0, 120),
    reason=st.just("recurred"),
    exclusion=st.sampled_from(["", "malicious"]),
    cases=st.integers(1, 5),
)


@given(st.lists(closings, min_size=1))
def test_nobody_solves_more_durably_than_they_claim_and_no_case_is_lost(found):
    for window in durable.windows((one, RULE) for one in found):
        counted = window.claimed.denominator + window.claimed.excluded + window.too_early
        assert counted == sum(one.cases for one in found)
        assert window.durable.numerator + sum(window.failed.values()) == window.claimed.numerator
        assert window.gap is None or window.gap >= 0
        assert (window.gap is None) == (window.claimed.denominator == 0)


@pytest.fixture
def lamps(db):
    return town.category("lamps")


@pytest.fixture
def unit(db):
    return town.organisation("sz")


def closed(category, lead, *, opened=0, closed_on=2, solved=True, **place):
    case = town.matter(
        category=category, lead=lead, opened_at=at(opened), closed_at=at(closed_on), **(place or HERE)
    )
    town.appraised(case, at(closed_on, -1), solved=solved)
    town.reopened(case, at(closed_on), None)
    return case


def windows(now=LATER, actor=SYSTEM, **more):
    table = durably_solved(visible_to=actor, now=now, **{**JANUARY, **more})
    assert len(table.rows) <= 1
    return table.rows[0].windows if table.rows else ()


def test_what_came_back_at_the_same_place_was_not_durably_solved(lamps, unit):
    closed(lamps, unit)
    closed(lamps, unit, lon=113.5, lat=28.9)
    town.matter(category=lamps, opened_at=at(40), **HERE)
    thirty, ninety = windows()
    assert (thirty.days, str(thirty.claimed.value), str(thirty.durable.value)) == (30, "100.00", "100.00")
    assert (ninety.days, str(ninety.durable.value), str(ninety.gap)) == (90, "50.00", "50.00")
    assert ninety.failed["recurred"] == 1
    assert ninety.durable.low < ninety.durable.value < ninety.durable.high


@pytest.mark.parametrize(("metres", "durable_share"), [(49, "0.00"), (52, "100.00")])
@pytest.mark.parametrize("direction", ["north", "south", "east"])
def test_a_place_is_as_broad_as_the_rule_says(lamps, unit, metres, durable_share, direction):
    closed(lamps, unit)
    moved = {"north": (0, 1), "south": (0, -1), "east": (1 / 0.8813, 0)}[direction]
    lon, lat = (v + metres * METRE * step for v, step in zip(HERE.values(), moved, strict=True))
    town.matter(category=lamps, opened_at=at(10), lon=lon, lat=lat)
    assert str(windows()[0].durable.value) == durable_share


def test_another_kind_an_earlier_report_or_a_later_month_are_no_recurrence(lamps, unit):
    closed(lamps, unit)
    town.matter(category=town.category("roads"), opened_at=at(10), **HERE)
    town.matter(category=lamps, opened_at=at(1), **HERE)
    town.matter(category=lamps, opened_at=at(92, 1), **HERE)
    assert [str(window.gap) for window in windows()] == ["0.00", "0.00"]


def test_without_a_point_the_grid_is_the_place(lamps, unit):
    grid, other = town.grid("g1"), town.grid("g2")
    closed(lamps, unit, area=grid, area_path=grid.path)
    town.matter(category=lamps, opened_at=at(5), area=other, area_path=other.path)
    assert windows()[0].failed["recurred"] == 0
    town.matter(category=lamps, opened_at=at(6), area=grid, area_path=grid.path, **HERE)
    assert windows()[0].failed["recurred"] == 1


def test_a_case_opened_again_did_not_last_and_its_first_claim_counts(lamps, unit):
    case = town.matter(category=lamps, lead=unit, opened_at=at(0), closed_at=at(12), **HERE)
    first = town.appraised(case, at(1))
    type(first).objects.filter(id=first.id).update(ended_at=at(5))
    town.reopened(case, at(2), at(5))
    town.appraised(case, at(11))
    town.reopened(case, at(12), None)
    thirty = windows()[0]
    assert (thirty.claimed.denominator, thirty.failed["reopened"], thirty.durable.numerator) == (1, 1, 0)


def test_a_case_judged_unsolved_is_no_claim(lamps, unit):
    closed(lamps, unit, solved=False)
    town.matter(category=lamps, opened_at=at(5), **HERE)
    thirty = windows()[0]
    assert (thirty.claimed.denominator, thirty.claimed.numerator, str(thirty.gap)) == (1, 0, "0.00")


def test_a_young_closing_is_counted_as_too_early_only(lamps, unit):
    closed(lamps, unit)
    town.matter(category=lamps, opened_at=at(3), **HERE)
    thirty, ninety = windows(now=at(31, 23))
    assert (thirty.too_early, thirty.claimed.denominator, thirty.gap) == (1, 0, None)
    assert windows(now=at(32))[0].too_early == 0
    assert ninety.too_early == 1


def test_an_excluded_case_is_published_as_excluded(lamps, unit):
    town.excluded(closed(lamps, unit), at(3))
    thirty = windows()[0]
    assert (thirty.claimed.denominator, thirty.claimed.excluded) == (0, 1)


def test_confidential_reports_and_complaints_about_handlers_change_nobodys_figure(lamps, unit):
    closed(lamps, unit)
    town.matter(category=lamps, opened_at=at(5), confidential=True, **HERE)
    accusing = town.matter(category=lamps, opened_at=at(6), **HERE)
    Complaint.objects.create(id=ids.uuid7(at(6)), matter=accusing, at=at(6), by="account:d", text="那个队长")
    assert windows()[0].failed["recurred"] == 0


def test_a_unit_reads_its_own_figure_a_stranger_none_and_a_resident_is_refused(lamps, unit):
    closed(lamps, unit)
    town.matter(category=lamps, opened_at=at(5), **HERE)  # of another unit, invisible to this one: it counts
    member = Actor(kind="account", id=ids.uuid7(at(0)), held=(Held("handler", organisation_id=unit.id),))
    stranger = Actor(
        kind="account", id=ids.uuid7(at(0)), held=(Held("handler", organisation_id=ids.uuid7(at(0))),)
    )
    assert windows(actor=member)[0].failed["recurred"] == 1
    assert windows(actor=stranger) == ()
    for nobody, refusal in (
        (ANONYMOUS, NotSignedIn),
        (Actor(kind="account", id=ids.uuid7(at(0))), NotAllowed),
    ):
        with pytest.raises(refusal):
            windows(actor=nobody)


@pytest.mark.parametrize("count", [5, 50])
def test_durability_takes_the_same_number_of_queries_for_any_number_of_groups(
    lamps, count, django_assert_num_queries
):
    for n in range(count):
        closed(lamps, town.organisation(f"o{n}"))
    with django_assert_num_queries(2):
        durably_solved(visible_to=SYSTEM, now=LATER, **JANUARY)


def test_versions_are_whole_or_refused():
    text = durable.FILE.read_text("utf-8")
    for wrong in (
        text.replace("version: 1\n", "version: 2\n"),
        text.replace("[30, 90]", "[90, 30]"),
        text + "  more: 1\n",
    ):
        with pytest.raises(ValueError, match="durability"):
            durable.read(wrong)
