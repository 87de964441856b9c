"""Figures over matters: who is counted, by which unit, in which week, and who may see them."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.indicators import queries
from gongzhi.indicators.judged import monday
from gongzhi.indicators.tests import town
from gongzhi.indicators.tests.town import at
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotSignedIn
from gongzhi.matters.models import Matter

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


def leader(area_path=""):
    return Actor(kind="account", id=ids.uuid7(town.START), held=(Held("street_leader", area_path=area_path),))


@pytest.fixture
def roads(db):
    return town.category("roads")


def only(table, code):
    (row,) = table.rows
    return row.rates[code]


def test_a_case_is_judged_once_by_its_last_completed_judgement(roads):
    lead = town.organisation("cg")
    case = town.matter(category=roads, lead=lead)
    town.called(case, at(1), contacted=True, solved=False, level=2)
    town.called(case, at(2), outcome="no_answer")
    town.appraised(case, at(3), level=4)
    table = queries.rates(visible_to=SYSTEM, **YEAR)
    assert [row.key for row in table.rows] == [str(lead.id)]
    assert table.rows[0].titles["zh-hans"] == "cg中队"
    assert only(table, "satisfied").value == Decimal("100.00")
    assert only(table, "solved").denominator == 1


def test_an_excluded_case_leaves_the_denominator_and_is_published_as_excluded(roads):
    lead = town.organisation("cg")
    for day in (1, 2, 3):
        town.appraised(town.matter(category=roads, lead=lead), at(day), level=5)
    bad = town.matter(category=roads, lead=lead)
    town.appraised(bad, at(4), level=1, solved=False)
    assert only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied").value == Decimal("75.00")
    asked = town.excluded(bad, at(5), decision="")
    assert only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied").denominator == 4
    type(asked).objects.filter(id=asked.id).update(
        decision="granted", decided_at=at(6), decided_by="account:s"
    )
    rate = only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied")
    assert (rate.value, rate.denominator, rate.excluded) == (Decimal("100.00"), 3, 1)


def test_an_exclusion_of_a_former_lead_does_not_help_the_present_one(roads):
    first, second = town.organisation("cg"), town.organisation("yl")
    case = town.matter(category=roads, lead=first)
    town.excluded(case, at(1))
    Matter.objects.filter(id=case.id).update(lead=second)
    case.refresh_from_db()
    town.appraised(case, at(2), level=1)
    rate = only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied")
    assert (rate.value, rate.denominator, rate.excluded) == (Decimal("0.00"), 1, 0)


def test_a_judgement_whose_appeal_was_granted_gives_way_to_the_one_before(roads):
    case = town.matter(category=roads, lead=town.organisation("cg"))
    town.appraised(case, at(1), level=5)
    town.called(case, at(2), contacted=True, solved=True, level=1)
    assert only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied").value == Decimal("0.00")
    town.appealed(case, at(3), about="call_back", decision="refused")
    assert only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied").value == Decimal("0.00")
    town.appealed(case, at(4), about="call_back")
    assert only(queries.rates(visible_to=SYSTEM, **YEAR), "satisfied").value == Decimal("100.00")


def test_a_judgement_that_was_withdrawn_does_not_count(roads):
    case = town.matter(category=roads)
    said = town.appraised(case, at(1))
    type(said).objects.update(ended_at=at(2))
    assert queries.rates(visible_to=SYSTEM, **YEAR).rows == ()


def test_a_case_without_completed_call_back_is_in_no_denominator(roads):
    town.called(town.matter(category=roads), at(1), outcome="no_answer")
    assert queries.rates(visible_to=SYSTEM, **YEAR).rows == ()


def test_what_nobody_said_has_no_rate_while_the_rest_has(roads):
    town.called(town.matter(category=roads), at(1), contacted=True, solved=True)
    table = queries.rates(visible_to=SYSTEM, by="all", **YEAR)
    assert only(table, "solved").value == Decimal("100.00")
    assert only(table, "satisfied").value is None


@pytest.mark.parametrize(
    ("due", "stopped", "value"),
    [(10, 9, "100.00"), (10, 11, "0.00"), (10, None, "0.00"), (90, None, "100.00")],
)
def test_a_response_after_its_limit_is_late(roads, due, stopped, value):
    case = town.matter(category=roads)
    town.clock(
        case,
        code="response",
        promised=False,
        started_at=at(0),
        due_at=at(0, due),
        stopped_at=None if stopped is None else at(0, stopped),
    )
    town.appraised(case, at(2))
    assert str(only(queries.rates(visible_to=SYSTEM, by="all", **YEAR), "response").value) == value


def test_the_period_is_half_open_in_chinese_days(roads):
    town.appraised(town.matter(category=roads), at(0, -9))  # Monday 0:00 in China
    town.appraised(town.matter(category=roads), at(1, -9))

    def count(since, until):
        rows = queries.rates(visible_to=SYSTEM, by="all", since=since, until=until).rows
        return rows[0].rates["solved"].denominator if rows else 0

    assert count(date(2026, 1, 5), date(2026, 1, 6)) == 1
    assert count(date(2026, 1, 4), date(2026, 1, 5)) == 0
    assert count(date(2026, 1, 5), date(2026, 1, 7)) == 2


def test_categories_are_counted_at_the_level_asked_for(roads):
    lamps = town.category("lamps", roads)
    dark = town.category("dark", lamps)
    for category in (roads, lamps, dark, dark):
        town.appraised(town.matter(category=category), at(1))

    def groups(depth):
        rows = queries.rates(visible_to=SYSTEM, by="category", depth=depth, **YEAR).rows
        return {row.key: row.rates["solved"].denominator for row in rows}

    assert groups(1) == {"roads": 4}
    assert groups(2) == {"roads": 1, "lamps": 3}
    assert groups(3) == {"roads": 1, "lamps": 1, "dark": 2}


def test_areas_are_counted_at_the_depth_asked_for(roads):
    for path in ("43/01/001/", "43/01/002/", "43/02/", ""):
        case = town.matter(category=roads)
        _place(case, path)
        town.appraised(case, at(1))
    rows = queries.rates(visible_to=SYSTEM, by="area", depth=2, **YEAR).rows
    assert {row.key: row.rates["solved"].denominator for row in rows} == {"43/01/": 2, "43/02/": 1, "": 1}
    assert rows[-1].key == ""


def _place(case, path):
    Matter.objects.filter(id=case.id).update(area_path=path)


def test_units_are_ranked_within_their_class(roads):
    station, bureau = town.organisation("cg"), town.organisation("yl")
    type(bureau).objects.filter(id=bureau.id).update(kind="bureau")
    for lead, level in ((station, 5), (bureau, 4)):
        for _ in range(30):
            town.appraised(town.matter(category=roads, lead=lead), at(1), level=level if _ else 1)
    found = {
        row.key: (row.unit_class, row.ranks["satisfied"])
        for row in queries.rates(visible_to=SYSTEM, **YEAR).rows
    }
    assert found == {str(station.id): ("station", 1), str(bureau.id): ("bureau", 1)}


def test_small_units_are_not_ranked_and_the_unassigned_never(roads):
    big, small = town.organisation("big"), town.organisation("small")
    for lead, count in ((big, 30), (small, 29), (None, 31)):
        for _ in range(count):
            town.appraised(town.matter(category=roads, lead=lead), at(1))
    ranks = {row.key: row.ranks["satisfied"] for row in queries.rates(visible_to=SYSTEM, **YEAR).rows}
    assert ranks == {str(big.id): 1, str(small.id): None, "": None}


def test_leader_neighbour_and_stranger_see_their_own_figures(roads):
    for path in ("43/01/001/", "43/01/002/", "43/02/"):
        case = town.matter(category=roads)
        _place(case, path)
        town.appraised(case, at(1))

    def seen(actor):
        rates = queries.rates(visible_to=actor, by="all", **YEAR).rows
        curve = queries.weekly(visible_to=actor, since=date(2026, 1, 5), until=date(2026, 1, 12))
        return (rates[0].rates["solved"].denominator if rates else 0, curve[0].opened if curve else 0)

    assert seen(leader("43/")) == (3, 3)
    assert seen(leader("43/01/")) == (2, 2)
    assert seen(leader("44/")) == (0, 0)
    with pytest.raises(NotSignedIn):
        seen(ANONYMOUS)
    with pytest.raises(NotAllowed):
        seen(
            Actor(
                kind="account",
                id=ids.uuid7(town.START),
                party_id=ids.uuid7(town.START),
                held=(Held("resident"),),
            )
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": date(2026, 1, 2), "until": date(2026, 1, 2)},
        {"since": date(2016, 1, 2), "until": date(2026, 1, 2)},
        {**YEAR, "by": "secret; DROP TABLE"},
        {**YEAR, "by": "area", "depth": 0},
        {**YEAR, "by": "area", "depth": 10},
    ],
)
def test_odd_periods_and_groups_are_refused(db, wrong):
    with pytest.raises(Invalid):
        queries.rates(visible_to=SYSTEM, **wrong)
    with pytest.raises(Invalid):
        queries.weekly(visible_to=SYSTEM, **wrong)


def test_a_matter_moves_through_the_weeks(roads):
    slow = town.matter(category=roads, opened_at=at(1), closed_at=at(16))
    town.clock(slow, started_at=at(1), due_at=at(8), stopped_at=at(16))
    quick = town.matter(category=roads, opened_at=at(2), closed_at=at(3))
    town.clock(quick, started_at=at(2), due_at=at(9), stopped_at=at(3))
    (curve,) = queries.weekly(visible_to=SYSTEM, since=date(2026, 1, 5), until=date(2026, 1, 26))
    assert [(w.opened, w.closed, w.still_open, w.overdue) for w in curve.weeks] == [
        (2, 1, 1, 0),
        (0, 0, 1, 1),
        (0, 1, 0, 0),
    ]


def test_what_was_open_before_the_first_week_is_its_opening_balance(roads):
    late = town.matter(category=roads, opened_at=at(-30))
    town.clock(late, started_at=at(-30), due_at=at(-20))
    town.matter(category=roads, opened_at=at(-30), closed_at=at(-10))
    (curve,) = queries.weekly(visible_to=SYSTEM, since=date(2026, 1, 5), until=date(2026, 1, 12))
    assert [(w.opened, w.still_open, w.overdue) for w in curve.weeks] == [(0, 1, 1)]


def test_a_reopened_matter_was_closed_between(roads):
    case = town.matter(category=roads, opened_at=at(0), closed_at=at(15))
    town.reopened(case, at(1), at(8))
    (curve,) = queries.weekly(visible_to=SYSTEM, since=date(2026, 1, 5), until=date(2026, 1, 26))
    assert [(w.closed, w.still_open) for w in curve.weeks] == [(1, 0), (0, 1), (1, 0)]


def test_weeks_equal_a_count_by_hand_on_random_lives(roads):
    rng = random.Random(7)
    lamps = town.category("lamps")
    lives = []
    for _ in range(120):
        opened = at(rng.uniform(-40, 60))
        closed = opened + timedelta(days=rng.expovariate(1 / 12)) if rng.random() < 0.8 else None
        due = opened + timedelta(days=rng.uniform(0.1, 15))
        category = rng.choice([roads, lamps])
        case = town.matter(category=category, opened_at=opened, closed_at=closed)
        town.clock(case, started_at=opened, due_at=due, stopped_at=closed)
        lives.append((category.code, opened, closed, due))
    curves = queries.weekly(visible_to=SYSTEM, since=date(2026, 1, 7), until=date(2026, 3, 5), by="category")
    assert {curve.key for curve in curves} == {"roads", "lamps"}
    for curve in curves:
        mine = [life for life in lives if life[0] == curve.key]
        for week in curve.weeks:
            end = week.week_on + timedelta(days=7)
            day = [(_day(o), _day(c), _day(d), c is None or c > d) for _, o, c, d in mine]
            assert week.opened == sum(week.week_on <= o < end for o, _, _, _ in day)
            assert week.closed == sum(c is not None and week.week_on <= c < end for _, c, _, _ in day)
            assert week.still_open == sum(o < end and (c is None or c >= end) for o, c, _, _ in day)
            assert week.overdue == sum(d < end and late and (c is None or c >= end) for _, c, d, late in day)


def _day(instant):
    return None if instant is None else clock.in_china(instant).date()


def test_only_the_busiest_groups_are_drawn(roads):
    leads = [town.organisation(f"o{n}") for n in range(5)]
    for n, lead in enumerate(leads):
        for _ in range(n + 1):
            town.matter(category=roads, lead=lead)
    curves = queries.weekly(
        visible_to=SYSTEM, since=date(2026, 1, 5), until=date(2026, 1, 12), by="organisation", limit=2
    )
    assert [curve.opened for curve in curves] == [5, 4]
    assert curves[0].titles["en"] == "o4中队"


def test_weeks_begin_on_monday():
    assert monday(date(2026, 1, 11)) == monday(date(2026, 1, 5)) == date(2026, 1, 5)


@pytest.mark.parametrize("count", [5, 50])
def test_figures_take_the_same_number_of_queries_for_any_number_of_groups(
    roads, count, django_assert_num_queries
):
    for n in range(count):
        town.appraised(town.matter(category=roads, lead=town.organisation(f"o{n}")), at(1))
    with django_assert_num_queries(4):
        queries.rates(visible_to=SYSTEM, **YEAR)
    with django_assert_num_queries(4):
        queries.weekly(visible_to=SYSTEM, by="organisation", since=date(2026, 1, 5), until=date(2026, 1, 12))
