"""Figures beside the three rates: who got it first, late, again, how long; difficulty and rounding of a version."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.indicators import formulas, rates
from gongzhi.indicators.derived import derived
from gongzhi.indicators.rates import Facts
from gongzhi.indicators.tests import town
from gongzhi.indicators.tests.test_rates import TWO_YEARS
from gongzhi.indicators.tests.town import at
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotSignedIn
from gongzhi.matters.models import Assignment, Link, ReturnRequest

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


@pytest.fixture
def roads(db):
    return town.category("roads")


def only(**more):
    (row,) = derived(visible_to=SYSTEM, now=at(100), **YEAR, **more)
    return row


def sent(case, unit, when, *, returned=""):
    Assignment.objects.create(
        id=ids.uuid7(when),
        matter=case,
        at=when,
        by="account:d",
        organisation=unit,
        role="lead",
        ended_at=when if returned else None,
    )
    if returned:
        ReturnRequest.objects.create(
            id=ids.uuid7(when), matter=case, at=when, by="account:h", organisation=unit, reason="不归我们",
            decision=returned, decided_at=when, decided_by="account:d",
        )  # fmt: skip


def test_a_first_dispatch_that_was_rightly_returned_was_wrong(roads):
    unit = town.organisation("cg")
    for returned in ("granted", "refused", "", ""):
        sent(town.matter(category=roads, lead=unit), unit, at(1), returned=returned)
    assert str(only().first_right.value) == "75.00"


def test_late_repeated_and_how_long_it_took(roads):
    unit = town.organisation("cg")
    cases = [town.matter(category=roads, lead=unit, closed_at=at(0, hours)) for hours in (10, 20, 30)]
    for case, stopped in zip(cases, (at(0, 3), at(0, 9), None), strict=True):
        town.clock(case, started_at=at(0), due_at=at(0, 5), stopped_at=stopped)
    town.clock(cases[0], code="response", promised=False, started_at=at(0), due_at=at(1), stopped_at=at(0, 2))
    Link.objects.create(
        id=ids.uuid7(at(1)), matter=cases[1], other=cases[0], relation="repeat", at=at(1), by="system"
    )
    row = only()
    assert (row.opened, str(row.overdue.value), str(row.repeated.value)) == (3, "66.67", "33.33")
    assert (row.closing.p50, row.closing.p90, row.response.p50) == (
        Decimal("20.0"),
        Decimal("28.0"),
        Decimal("2.0"),
    )
    assert (row.first_right.value, row.closing.n) == (None, 3)


def test_a_unit_reads_its_own_a_stranger_nothing_and_nobody_is_refused(roads):
    unit = town.organisation("cg")
    town.matter(category=roads, lead=unit)
    for organisation, count in ((unit.id, 1), (ids.uuid7(at(0)), 0)):
        who = Actor(
            kind="account", id=ids.uuid7(at(0)), held=(Held("handler", organisation_id=organisation),)
        )
        assert len(derived(visible_to=who, now=at(100), **YEAR)) == count
    with pytest.raises(NotSignedIn):
        derived(visible_to=ANONYMOUS, now=at(100), **YEAR)


@pytest.mark.parametrize("count", [5, 50])
def test_derived_figures_take_the_same_number_of_queries(roads, count, django_assert_num_queries):
    for n in range(count):
        town.matter(category=roads, lead=town.organisation(f"o{n}"))
    with django_assert_num_queries(6):
        derived(visible_to=SYSTEM, now=at(100), **YEAR)


def with_lines(*lines):
    text = TWO_YEARS.replace(
        "      percent_digits: 1\n", "      percent_digits: 1\n" + "".join(f"      {one}\n" for one in lines)
    )
    return formulas.read(text)["solved"][1]


def test_a_difficult_kind_weighs_more_and_the_longest_code_decides():
    version = with_lines('difficulty: {"03": "2", "0302": "3"}')
    assert [version.difficulty_of(code) for code in ("0302", "030201", "0301", "01")] == [3, 3, 2, 1]
    facts = [Facts(solved="yes", category="030201"), Facts(solved="no", category="01")]
    rate = rates.compute(facts, version)
    assert (rate.value, rate.denominator, rate.numerator) == (Decimal("87.5"), 2, Fraction(7, 2))


@pytest.mark.parametrize(
    ("rounding", "value"), [("half_up", "12.5"), ("half_even", "12.4"), ("down", "12.4")]
)
def test_a_version_says_how_it_rounds(rounding, value):
    version = with_lines(f"rounding: {rounding}", 'weights: {"yes": "0.1245", "no": "0"}')
    assert str(rates.compute([Facts(solved="yes")], version).value) == value


@pytest.mark.parametrize("line", ['difficulty: {"03": "0"}', "rounding: up"])
def test_an_impossible_version_is_refused(line):
    with pytest.raises(ValueError, match="solved@2"):
        with_lines(line)
