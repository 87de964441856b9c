"""Figures are counted once while nothing happens, anew after any act, and never for who may not read them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts.reacting import settle
from gongzhi.indicators import queries, remembered
from gongzhi.indicators.tests.test_queries import leader
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotAllowed
from gongzhi.matters.tests import town as towns
from gongzhi.matters.tests.town import AT, EAST

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


@pytest.fixture
def town(db):
    return towns.build()


def judged(town):
    number = town.open().number
    town.road(number, until="closed")


def asked(actor):
    return remembered.remembered(queries.rates, visible_to=actor, **YEAR)


def statements(actor):
    with CaptureQueriesContext(connection) as captured:
        asked(actor)
    return len(captured)


def test_it_is_the_same_answer_and_costs_little_more_than_to_know_that_nothing_happened(town):
    judged(town)
    assert asked(SYSTEM) == queries.rates(visible_to=SYSTEM, **YEAR)
    assert statements(SYSTEM) == 1


def test_after_any_act_it_is_counted_anew_also_when_that_got_its_position(town):
    judged(town)
    before = asked(leader())
    judged(town)
    after = asked(leader())
    assert after == queries.rates(visible_to=leader(), **YEAR) != before
    settle()
    assert asked(leader()) == queries.rates(visible_to=leader(), **YEAR)


def test_who_sees_less_is_not_answered_with_what_others_saw(town):
    judged(town)
    for area in ("", EAST, "990000/"):
        actor = leader(area)
        assert asked(actor) == queries.rates(visible_to=actor, **YEAR), area
    nobody = Actor(kind="account", id=ids.uuid7(AT), held=(Held("resident"),))
    with pytest.raises(NotAllowed):
        asked(nobody)


def test_only_so_many_are_kept(town, monkeypatch):
    monkeypatch.setattr(remembered, "KEPT_MAX", 3)
    remembered.forget()
    for n in range(1, 7):
        remembered.remembered(queries.weekly, visible_to=SYSTEM, **YEAR, limit=n)
    assert len(remembered._kept) == 3
