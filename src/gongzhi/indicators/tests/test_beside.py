"""What stands beside the rates: ratings that replaced another, ratings that somebody asked for, good by default."""

from datetime import date

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.indicators import formulas, queries, rates
from gongzhi.indicators.beside import Beside
from gongzhi.indicators.rates import Facts
from gongzhi.indicators.tests import town
from gongzhi.indicators.tests.test_rates import TWO_YEARS
from gongzhi.indicators.tests.town import at

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


@pytest.fixture
def case(db):
    return town.matter(category=town.category("roads"), lead=town.organisation("cg"))


def stands():
    (row,) = queries.rates(visible_to=SYSTEM, **YEAR).rows
    return row.beside


def ended(fact, when):
    type(fact).objects.filter(id=fact.id).update(ended_at=when)


def test_a_rating_that_replaced_another_one_is_counted(case):
    ended(town.appraised(case, at(1), level=1, solved=False), at(2))
    town.appraised(case, at(3), level=5)
    assert stands() == Beside(judged=1, changed=1, raised=1, pressed=0)


def test_the_same_rating_given_again_is_no_change(case):
    ended(town.appraised(case, at(1), level=4), at(2))
    town.called(case, at(3), contacted=True, solved=True, level=4)
    assert stands().changed == 0


def test_a_rating_that_somebody_asked_for_stays_counted_when_it_is_replaced(case):
    ended(town.appraised(case, at(1), level=5, pressed=True), at(2))
    town.appraised(case, at(3), level=2)
    assert stands() == Beside(judged=1, changed=1, raised=0, pressed=1)


def test_one_that_was_called_and_says_that_they_were_pressed(case):
    town.called(case, at(1), contacted=True, solved=True, level=5, pressed=True)
    assert stands().pressed == 1


def test_good_by_default_is_counted_as_such():
    version = formulas.read(TWO_YEARS.replace('missing: "0"', 'missing: "1"'))["solved"][1]
    rate = rates.compute([Facts(cases=3), Facts(solved="no")], version)
    assert (rate.denominator, rate.defaulted) == (4, 3)
    assert rates.compute([Facts(cases=3)], formulas.in_force("solved", date(2026, 3, 2))).defaulted == 0
