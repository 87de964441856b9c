"""督办 and 催办: a street asks, the district decides; kinds only rise; the unit reports in time; nothing ends meanwhile."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from gongzhi.access.actor import Held
from gongzhi.acts.reacting import settle
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotAllowed, NotFound, Refusal
from gongzhi.matters import actions, queries
from gongzhi.matters.models import ClockRun, Supervision, SupervisionRequest, Urge
from gongzhi.matters.queries import Filters
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.matters.tests.town import EAST
from gongzhi.notices.models import Notice


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def runs(number):
    return list(ClockRun.objects.filter(matter__number=number, code="supervision").order_by("started_at"))


def told(town):
    settle()
    rows = Notice.objects.filter(person_id=town["reporter"].party_id, channel="shown")
    return [row.body for row in rows if "督办" in row.body]


def test_a_street_asks_and_never_supervises(town):
    number = ready_for(town, "supervise")
    with pytest.raises(NotAllowed):
        town.do(number, "supervise", "street_leader", **form(town, "supervise"))
    # Not even one who holds the supervisor's role, but over a street only.
    town.actors["street_supervisor"] = replace(town["supervisor"], held=(Held("supervisor", EAST),))
    with pytest.raises(NotAllowed):
        town.do(number, "supervise", "street_supervisor", **form(town, "supervise"))
    do(town, number, "ask_supervision")
    for who in ("street_leader", "street_supervisor", "dispatcher"):
        with pytest.raises(NotAllowed):
            town.do(number, "decide_supervision", who, **form(town, "decide_supervision"))
    assert not Supervision.objects.exists()
    do(town, number, "decide_supervision")
    order = Supervision.objects.get()
    assert (order.form, order.rank) == ("listed", "supervisor")
    assert order.supervised_id == town.organisations["bureau"].id


def test_a_request_is_decided_once_and_a_refused_one_leaves_nothing(town):
    number = ready_for(town, "decide_supervision")
    with pytest.raises(Conflict):
        do(town, number, "ask_supervision")
    filled = form(town, "decide_supervision")
    do(town, number, "decide_supervision", decision="refused")
    with pytest.raises(Refusal):
        town.do(number, "decide_supervision", "supervisor", **filled)
    assert not Supervision.objects.exists()
    assert not told(town)
    assert SupervisionRequest.objects.get().decision == "refused"


def test_who_grants_says_how_and_what(town):
    number = ready_for(town, "decide_supervision")
    with pytest.raises(Invalid):
        do(town, number, "decide_supervision", kind="", demand="")


def test_the_unit_reports_in_its_own_time_and_the_superior_lifts(town):
    number = ready_for(town, "supervise")
    do(town, number, "supervise", days=2)
    [run] = runs(number)
    assert (run.limit_value, run.bearer_id) == (2, town.organisations["bureau"].id)
    at = town.clock
    inbox = queries.page(visible_to=town["handler"], filters=Filters(queue="supervised"), at=at).rows
    assert [row.number for row in inbox] == [number]
    do(town, number, "report_supervision")
    assert runs(number)[0].stopped_at is not None
    assert not queries.page(visible_to=town["handler"], filters=Filters(queue="supervised"), at=at).rows
    with pytest.raises(Conflict):
        do(town, number, "report_supervision")
    do(town, number, "lift_supervision")
    assert Supervision.objects.get().lifted == "已解决"
    with pytest.raises(Conflict):
        do(town, number, "lift_supervision")


def test_it_rises_the_old_order_and_its_clock_end_and_it_never_falls(town):
    number = ready_for(town, "supervise")
    do(town, number, "supervise", kind="daily")
    do(town, number, "supervise", kind="interview")
    old, new = Supervision.objects.order_by("at")
    assert (old.ended_at is not None, new.ended_at) == (True, None)
    assert [run.stopped_at is None for run in runs(number)] == [False, True]
    for kind in ("interview", "listed", "daily"):
        with pytest.raises(Invalid) as refused:
            do(town, number, "supervise", kind=kind)
        assert refused.value.code == "matters.supervision_lower"


def test_the_reporter_hears_of_it_unless_it_is_ordinary(town):
    number = ready_for(town, "supervise")
    do(town, number, "supervise", kind="daily")
    assert not told(town)
    do(town, number, "supervise", kind="listed")
    assert len(told(town)) == 1


def test_only_units_that_have_to_do_with_it_are_supervised(town):
    number = ready_for(town, "supervise")
    with pytest.raises(Refusal) as refused:
        do(town, number, "supervise", unit=str(town.organisations["other"].id))
    assert refused.value.code == "matters.unit_not_involved"
    with pytest.raises(NotFound):
        town.do(number, "report_supervision", "stranger", text="x")


def test_supervision_takes_nothing_away(town):
    number = ready_for(town, "supervise")
    matter = town.matter(number)
    before = ClockRun.objects.get(matter=matter, code="handling")
    do(town, number, "supervise")
    after, same = town.matter(number), ClockRun.objects.get(id=before.id)
    assert (after.state, after.lead_id, after.handler_id) == (matter.state, matter.lead_id, matter.handler_id)
    assert (same.due_at, same.pauses, same.stopped_at) == (before.due_at, before.pauses, None)


def test_what_is_supervised_is_answered_but_not_closed_before_it_is_lifted(town):
    number = ready_for(town, "close")
    do(town, number, "supervise")
    with pytest.raises(Conflict) as refused:
        do(town, number, "close")
    assert refused.value.code == "matters.still_supervised"
    do(town, number, "lift_supervision")
    do(town, number, "close")


def test_who_reported_for_the_unit_does_not_lift(town):
    number = ready_for(town, "lift_supervision")
    both = (*town["handler"].held, *town["supervisor"].held)
    town.actors["both"] = replace(town["handler"], held=both)
    with pytest.raises(NotAllowed):
        town.do(number, "lift_supervision", "both", **form(town, "lift_supervision"))


def test_two_superiors_at_once_leave_one_order(committed_town):
    town = committed_town
    number, outcomes = ready_for(town, "supervise"), []
    filled, at = form(town, "supervise"), town.later(minutes=1)

    def order() -> None:
        try:
            actions.perform(number=number, verb="supervise", form=filled, by=town["supervisor"], at=at)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=order) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "matters.supervision_lower"]
    assert Supervision.objects.filter(ended_at=None).count() == 1


def test_urging_is_kept_told_and_possible_once_a_day(town):
    number = ready_for(town, "urge")
    do(town, number, "urge", text="老人摔倒过")
    settle()
    heard = Notice.objects.filter(organisation=town.organisations["bureau"])  # nobody of it holds a role
    assert sum("催办" in notice.title for notice in heard) == 1
    for who in ("reporter", "dispatcher"):
        with pytest.raises(Conflict) as refused:
            town.do(number, "urge", who)
        assert refused.value.code == "matters.urged_today"
    for who in ("neighbour", "stranger"):
        with pytest.raises(NotFound):
            town.do(number, "urge", who)
    town.clock += timedelta(days=1)
    town.do(number, "urge", "dispatcher")
    assert Urge.objects.count() == 2


def test_a_day_to_urge_is_a_day_in_china(town):
    number = ready_for(town, "urge")
    town.clock = town.clock.replace(hour=15, minute=58)  # 23:58
    do(town, number, "urge")
    town.clock += timedelta(minutes=2)
    do(town, number, "urge")
    assert Urge.objects.count() == 2


@pytest.mark.parametrize("bad", [{"days": 31}, {"kind": "shouting"}, {"ground": ""}])
def test_a_wrong_order_is_refused_field_by_field(town, bad):
    number = ready_for(town, "supervise")
    with pytest.raises(InvalidForm) as refused:
        do(town, number, "supervise", **bad)
    assert set(refused.value.errors) == set(bad)
