"""Lives lived elsewhere come in with their own times, marked, once, and tell nobody."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.acts.models import Act
from gongzhi.acts.queries import timeline
from gongzhi.acts.reacting import settle
from gongzhi.matters import actions, queries
from gongzhi.matters.models import Answer, Assignment, ClockRun, Closure, Matter
from gongzhi.matters.reports import Life
from gongzhi.matters.tests.town import AT
from gongzhi.notices.models import Notice

LONG_AGO = AT - timedelta(days=400)


def life(town, n, *, closed=True, dispatched=True, target=True):
    report = town.report(
        channel="import",
        origin="city",
        external_id=f"C{n}",
        source=f"file.csv:{n}",
        opened_at=LONG_AGO,
        reporter=None,
    )
    return Life(
        report=report,
        organisation_id=town.organisations["bureau"].id if dispatched else None,
        dispatched_at=LONG_AGO + timedelta(hours=1) if dispatched else None,
        target_at=LONG_AGO + timedelta(days=3) if target else None,
        closed_at=LONG_AGO + timedelta(days=2) if closed else None,
        outcome="solved" if closed else "",
        reply="已修复" if closed else "",
    )


def test_a_closed_life_has_its_times_facts_and_marked_acts(town):
    [opened] = actions.replay_many([life(town, 1)], by=town["dispatcher"], at=AT)

    matter = Matter.objects.get(id=opened.id)
    assert (matter.state, matter.opened_at, matter.closed_at) == (
        "closed",
        LONG_AGO,
        LONG_AGO + timedelta(days=2),
    )
    assert matter.lead == town.organisations["bureau"]
    assert Assignment.objects.get().role == "lead"
    assert Closure.objects.get().outcome == "solved"
    assert Answer.objects.get().reply == "已修复"
    run = ClockRun.objects.get()
    assert (run.due_at, run.stopped_at) == (LONG_AGO + timedelta(days=3), matter.closed_at)
    acts = timeline("matters.matter", matter.id)
    assert [act.verb for act in acts] == ["matters.close", "matters.dispatch", "matters.open"]
    assert [act.at for act in acts][-1] == LONG_AGO
    assert all(act.payload["imported"]["row"] == "file.csv:1" for act in acts)
    assert matter.version == len(acts)


def test_lives_stop_where_they_have_got_to(town):
    lives = [life(town, 1, closed=False), life(town, 2, closed=False, dispatched=False, target=False)]
    actions.replay_many(lives, by=town["dispatcher"], at=AT)
    states = Matter.objects.order_by("external_id").values_list("state", flat=True)
    assert list(states) == ["assigned", "reported"]
    number = Matter.objects.get(external_id="C1").number
    town.do(number, "sign", "handler")
    town.do(Matter.objects.get(external_id="C2").number, "accept", "dispatcher")
    assert queries.case(visible_to=town["dispatcher"], number=number, at=AT).clocks


def test_replaying_twice_adds_nothing(town):
    lives = [life(town, n) for n in range(5)]
    first = actions.replay_many(lives, by=town["dispatcher"], at=AT)
    count = Act.objects.count()
    again = actions.replay_many(lives, by=town["dispatcher"], at=AT)
    assert [one.number for one in again] == [one.number for one in first]
    assert not any(one.new for one in again)
    assert Act.objects.count() == count


def test_nobody_is_told_of_the_past_and_no_ladder_is_climbed(town):
    actions.replay_many([life(town, 1), life(town, 2, closed=False)], by=town["dispatcher"], at=AT)
    settle()
    assert not Notice.objects.exists()
    assert actions.due_escalations(at=AT) == 0


def test_the_number_of_statements_does_not_grow(town):
    def statements(numbers):
        with CaptureQueriesContext(connection) as captured:
            actions.replay_many([life(town, n) for n in numbers], by=town["dispatcher"], at=AT)
        return len(captured)

    statements(range(200, 201))  # snapshots are read once, whenever a process first needs them
    assert statements(range(10)) == statements(range(10, 110))
