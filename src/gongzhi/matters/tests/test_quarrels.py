"""Suspension, exclusion, appeal: asked by the unit, decided elsewhere, and what each does to the clocks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from gongzhi.access.actor import Held
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, NotAllowed, Refusal
from gongzhi.matters.models import ClockRun, ExclusionRequest
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.matters.tests.town import D


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def runs(town, number, code):
    return list(ClockRun.objects.filter(matter__number=number, code=code).order_by("started_at"))


def test_a_suspended_matter_rests_and_is_looked_at_again_on_its_day(town):
    number = ready_for(town, "review_suspension")
    assert town.matter(number).state == "suspended"
    [handling] = runs(town, number, "handling")
    [review] = runs(town, number, "suspension_review")
    assert handling.due_at is None
    assert in_china(review.due_at - timedelta(microseconds=1)).date() == date(2026, 4, 1)
    assert town.matter(number).due_at == review.due_at

    do(town, number, "review_suspension", decision="goes_on", review_on="2026-06-01")
    first, second = runs(town, number, "suspension_review")
    assert first.stopped_at is not None
    assert in_china(second.due_at - timedelta(microseconds=1)).date() == date(2026, 6, 1)

    do(town, number, "review_suspension")
    assert town.matter(number).state == "handling"
    assert all(run.stopped_at for run in runs(town, number, "suspension_review"))
    [handling] = runs(town, number, "handling")
    assert handling.due_at is not None
    assert handling.pauses[-1][1] is not None


def test_a_refused_suspension_changes_nothing_for_the_person(town):
    number = ready_for(town, "decide_suspension")
    before = runs(town, number, "handling")[0].due_at
    do(town, number, "decide_suspension", decision="refused")
    assert (town.matter(number).state, runs(town, number, "handling")[0].due_at) == ("handling", before)
    assert not runs(town, number, "suspension_review")


@pytest.mark.parametrize("day", ["2026-03-02", "2025-01-01", "2027-01-01"])
def test_the_next_look_is_neither_in_the_past_nor_too_far_away(town, day):
    number = ready_for(town, "ask_suspension")
    with pytest.raises(Refusal) as refused:
        do(town, number, "ask_suspension", review_on=day)
    assert "2026-09-02" in str(refused.value)


def test_who_lets_it_rest_on_says_until_when(town):
    number = ready_for(town, "review_suspension")
    with pytest.raises(Refusal) as refused:
        do(town, number, "review_suspension", decision="goes_on")
    assert refused.value.code == "matters.review_not_dated"


@pytest.mark.parametrize("verb", ["decide_suspension", "decide_exclusion", "decide_appeal"])
def test_nobody_of_the_applicants_unit_decides_whatever_else_they_are(town, verb):
    number = ready_for(town, verb)
    both = replace(
        town["colleague"], held=(*town["colleague"].held, Held("supervisor", D), Held("dispatcher", D))
    )
    town.actors["both"] = both
    with pytest.raises(NotAllowed) as refused:
        town.do(number, verb, "both", **form(town, verb))
    assert refused.value.code == "matters.same_organisation"


def test_the_database_refuses_an_exclusion_that_a_unit_grants_itself(town):
    number = ready_for(town, "ask_exclusion")
    matter, unit = town.matter(number), town.organisations["bureau"]
    with pytest.raises(IntegrityError, match="decided_elsewhere"):
        ExclusionRequest.objects.create(
            id=ids.uuid7(town.clock),
            matter=matter,
            at=town.clock,
            by="account:a",
            organisation=unit,
            ground="unlawful",
            reason="x",
            decision="granted",
            decided_at=town.clock,
            decided_by="account:b",
            decider_organisation=unit,
            ruling="x",
        )


def test_an_excluded_matter_must_still_be_answered_and_is_not_excluded_twice(town):
    number = ready_for(town, "ask_suspension")
    do(town, number, "ask_exclusion")
    due = town.matter(number).due_at
    do(town, number, "decide_exclusion")
    assert (town.matter(number).state, town.matter(number).due_at) == ("handling", due)
    with pytest.raises(Conflict) as refused:
        do(town, number, "ask_exclusion")
    assert refused.value.code == "matters.excluded_already"


def test_there_must_be_a_judgement_to_appeal_and_the_time_for_it_ends(town):
    number = ready_for(town, "call_back")
    with pytest.raises(Conflict) as refused:
        do(town, number, "ask_appeal")
    assert refused.value.code == "matters.not_judged"
    do(town, number, "call_back")
    do(town, number, "close")
    town.later(days=12)
    with pytest.raises(Conflict) as refused:
        do(town, number, "ask_appeal")
    assert refused.value.code == "matters.appeal_period_over"


def test_who_called_back_does_not_rule_on_the_appeal(town):
    number = ready_for(town, "decide_appeal")
    town.actors["both"] = replace(town["quality"], held=(*town["quality"].held, Held("supervisor", D)))
    with pytest.raises(NotAllowed) as refused:
        town.do(number, "decide_appeal", "both", **form(town, "decide_appeal"))
    assert refused.value.code == "matters.same_person"
