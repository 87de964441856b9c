"""Somebody goes: what lay with them lies with a colleague, in one action, and nothing else changes."""

from datetime import timedelta

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.models import Act
from gongzhi.acts.queries import timeline
from gongzhi.acts.reacting import settle
from gongzhi.grants import actions as grants
from gongzhi.grants.queries import actor_of
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, Refusal
from gongzhi.matters import actions as matters
from gongzhi.matters.models import ClockRun, Matter, Signature, Task
from gongzhi.matters.tests.town import AT, MEMBERS
from gongzhi.notices.models import Notice
from gongzhi.parties.actions import disable_account
from gongzhi.timetable import handing_over, rostering
from gongzhi.timetable.models import RosterPlace
from gongzhi.timetable.rostering import Hours


@pytest.fixture
def served(town):
    for name, (role, code) in MEMBERS.items():
        unit = town.organisations[code].id
        grants.give(
            account_id=town[name].id, role=role, organisation_id=unit, by=SYSTEM, at=AT - timedelta(days=1)
        )
    return town


def hand(town, by="head", giver="handler", to="colleague"):
    return handing_over.hand_over(
        organisation_id=town.organisations["bureau"].id,
        account_id=town[giver].id,
        to_account_id=town[to].id,
        by=town[by],
        at=town.later(minutes=1),
    )


def in_hand(town, count=2):
    numbers = [town.open().number for _ in range(count)]
    for number in numbers:
        town.road(number, until="handling")
    return numbers


def test_everything_passes_with_one_act_each_and_one_notice(served):
    numbers = in_hand(served)
    done = served.open().number
    served.road(done, until="closed")
    bureau = served.organisations["bureau"].id
    matter = served.matter(numbers[0])
    Task.objects.create(
        id=matter.id,
        matter=matter,
        at=AT,
        by="x",
        organisation_id=bureau,
        account_id=served["handler"].id,
        text="查",
    )
    rostering.put_on_duty(
        organisation_id=bureau,
        account_id=served["handler"].id,
        hours=Hours(begins_minute=0, ends_minute=480, weekday=0),
        by=served["head"],
        at=served.clock,
    )
    dues = dict(ClockRun.objects.values_list("id", "due_at"))
    settle()
    Notice.objects.all().delete()
    assert hand(served) == {"matters": 2, "tasks": 1, "roster_places": 1}
    settle()
    assert {served.matter(number).handler_id for number in numbers} == {served["colleague"].id}
    assert served.matter(done).handler_id == served["handler"].id
    assert Task.objects.get().account_id == served["colleague"].id
    assert RosterPlace.objects.get(ended_at=None).account_id == served["colleague"].id
    assert dict(ClockRun.objects.values_list("id", "due_at")) == dues
    assert Act.objects.filter(verb="matters.hand_over").count() == 3
    assert [row.person_id for row in Notice.objects.all()] == [served["colleague"].party_id]
    assert "4 项" in Notice.objects.get().title


def test_the_colleague_goes_on_and_the_reporter_sees_nothing_of_it(served):
    [number] = in_hand(served, 1)
    hand(served)
    assert Signature.objects.get(ended_at=None).by == f"account:{served['colleague'].id}"
    served.do(number, "contact", "colleague", outcome="reached")
    assert served.do(number, "answer", "colleague", result="solved", reply="好了").state == "calling_back"
    case = matters_case(served, number)
    assert "matters.hand_over" not in {view.act.verb for view in case.timeline}


def matters_case(town, number):
    from gongzhi.matters import queries

    return queries.case(visible_to=town["reporter"], number=number, at=town.clock)


def test_by_the_head_or_oneself_not_by_a_colleague_or_a_stranger(served):
    in_hand(served)
    for name in ("colleague", "stranger", "reporter", "dispatcher"):
        with pytest.raises(Refusal) as caught:
            hand(served, by=name)
        assert isinstance(caught.value, NotAllowed)
    assert hand(served, by="handler") == {"matters": 2}


@pytest.mark.parametrize("to", ["stranger", "handler", "dispatcher"])
def test_somebody_of_another_unit_receives_nothing(served, to):
    in_hand(served)
    with pytest.raises(Invalid):
        hand(served, to=to)
    assert set(Matter.objects.values_list("handler_id", flat=True)) == {served["handler"].id}


def test_twice_there_is_nothing_left(served):
    in_hand(served)
    hand(served)
    with pytest.raises(Conflict):
        hand(served)


def test_a_disabled_account_still_hands_over_and_sees_nothing_any_more(served):
    in_hand(served)
    disable_account(account_id=served["handler"].id, reason="left", by=SYSTEM, at=served.clock)
    bureau = served.organisations["bureau"].id
    assert handing_over.open_work(bureau) == {served["handler"].id: 2}
    assert handing_over.open_in_units(served["handler"].id) == {bureau: 2}
    assert actor_of(served["handler"].id, served.clock).kind == "anonymous"
    assert hand(served) == {"matters": 2}


def test_no_other_unit_loses_its_matters(served):
    in_hand(served, 1)
    other = served.open().number
    served.do(other, "accept", "dispatcher")
    unit = str(served.organisations["other"].id)
    served.do(other, "dispatch", "dispatcher", organisation=unit, reason="x")
    matters.perform(number=other, verb="sign", form={}, by=served["stranger"], at=served.later(minutes=1))
    Matter.objects.filter(number=other).update(handler_id=served["handler"].id)
    hand(served)
    assert served.matter(other).handler_id == served["handler"].id


def test_every_act_names_who_had_it(served):
    [number] = in_hand(served, 1)
    hand(served)
    entries = timeline("matters.matter", served.matter(number).id)
    entry = next(e for e in entries if e.verb == "matters.hand_over")
    assert entry.payload["from_account"] == str(served["handler"].id)
    assert entry.by == served["head"].reference
