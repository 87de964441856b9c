"""Ladders are climbed once each and rest with the clock; provisional deadlines are told and counted again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.models import Act
from gongzhi.acts.reacting import settle
from gongzhi.kernel import ids
from gongzhi.matters import actions, jobs, queries
from gongzhi.matters.models import ClockRun, Escalation
from gongzhi.matters.tests.town import AT
from gongzhi.notices.models import Notice
from gongzhi.timetable.models import HolidayYear


def climb(at):
    return jobs.escalate(at=at)


def test_each_step_of_a_ladder_is_taken_once(town):
    number = town.open().number
    town.road(number, until="handling")
    far = town.clock + timedelta(days=30)
    climb(far)
    climb(far)

    steps = [(e.clock, e.at_percent, e.to) for e in Escalation.objects.order_by("clock", "at_percent")]
    expected = [
        (step.clock, step.at_percent, step.to)
        for step in town.procedure.escalation
        if step.clock in ("handling", "response")
    ]
    assert sorted(steps) == sorted(expected)
    assert Act.objects.filter(verb="matters.escalate").count() == len(expected)


def test_steps_come_in_their_time(town):
    number = town.open().number
    town.road(number, until="handling")
    run = ClockRun.objects.get(matter__number=number, code="response")
    assert climb(run.started_at + timedelta(hours=19)) == 0
    assert climb(run.started_at + timedelta(hours=19, minutes=13)) == 1
    run.refresh_from_db()
    assert run.next_step_at == run.due_at


def test_a_paused_or_stopped_clock_climbs_nothing(town):
    number = town.open().number
    town.road(number, until="calling_back")
    climb(town.clock + timedelta(days=60))
    assert not Escalation.objects.filter(clock__in=("handling", "response", "sign")).exists()


def test_after_a_step_a_verb_does_not_take_it_back(town):
    number = town.open().number
    town.road(number, until="handling")
    run = ClockRun.objects.get(matter__number=number, code="handling")
    climb(run.due_at)
    town.later(days=14)
    town.do(number, "contact", "handler", outcome="reached")
    town.do(number, "answer", "handler", result="solved", reply="好了")
    town.do(number, "rework", "quality", reason="没有")
    run.refresh_from_db()
    assert run.steps == [50, 80, 100]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_sweep(committed_town):
    import threading

    town = committed_town
    town.open_several(20)
    far, taken = town.clock + timedelta(days=1), []

    def sweep():
        taken.append(climb(far))
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    climb(far)
    assert Escalation.objects.filter(clock="acceptance").count() == 20


def publish(year):
    HolidayYear.objects.create(
        id=ids.uuid7(AT),
        year=year,
        edition=1,
        days_off=[datetime(year, 1, day).date() for day in (1, 2)],  # noqa: DTZ001
        make_up_days=[],
        source="test",
        loaded_at=AT,
    )


def test_a_december_deadline_is_provisional_then_counted_again_with_act_and_notice(town):
    town.clock = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    number = town.open().number
    town.road(number, until="handling")
    run = ClockRun.objects.get(matter__number=number, code="handling")
    assert run.unpublished_year == 2027
    view = queries.case(visible_to=town["reporter"], number=number, at=town.clock)
    assert [clock.provisional for clock in view.clocks] == [True]
    before, version = run.due_at, town.matter(number).version

    publish(2027)
    assert actions.recompute(year=2027, by=SYSTEM, at=town.later(minutes=1)) == 1
    assert actions.recompute(year=2027, by=SYSTEM, at=town.later(minutes=1)) == 0

    run.refresh_from_db()
    assert run.unpublished_year is None
    assert run.due_at > before
    matter = town.matter(number)
    assert matter.version == version + 1
    assert matter.due_at is not None
    settle()
    told = Notice.objects.filter(template="matter.new_date", person_id=town["reporter"].party_id)
    assert told.count() == 1


def test_closed_matters_are_not_counted_again(town):
    town.clock = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    number = town.open().number
    town.road(number, until="closed")
    publish(2027)
    assert actions.recompute(year=2027, by=SYSTEM, at=town.later(minutes=1)) == 0
