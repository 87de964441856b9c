"""Handed on inside the lead's own house, and attempts to reach somebody that count."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gongzhi.access.decisions import may
from gongzhi.grants.models import Grant
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotAllowed, Refusal
from gongzhi.matters.guards.inside import distinct
from gongzhi.matters.models import ClockRun, Task, TaskReport
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.matters.tests.town import AT, organisation_id

ANSWER = {"result": "solved", "reply": "已更换灯具。"}


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def runs(number):
    return list(ClockRun.objects.filter(matter__number=number, code="task").order_by("started_at"))


def handed(town, **given):
    number = ready_for(town, "hand_on")
    do(town, number, "hand_on", **given)
    return number


def code_of(refused):
    errors = getattr(refused.value, "errors", None)
    return next(iter(errors.values())).code if errors else refused.value.code


def test_a_section_gets_a_clock_of_its_own_and_the_persons_does_not_move(town):
    number = ready_for(town, "hand_on")
    before = ClockRun.objects.get(matter__number=number, code="handling").due_at
    do(town, number, "hand_on")
    outer = ClockRun.objects.get(matter__number=number, code="handling")
    [inner] = runs(number)
    assert outer.due_at == before
    assert inner.due_at < outer.due_at
    assert inner.bearer_id == organisation_id(town, "third")
    assert (inner.limit_value, inner.limit_unit) == (4, "work_hour")


def test_an_inner_limit_past_the_outer_one_is_refused_and_says_both(town):
    number = ready_for(town, "hand_on")
    with pytest.raises(Invalid) as refused:
        do(town, number, "hand_on", hours=160)
    assert refused.value.code == "matters.task_too_long"
    assert {"inner", "outer"} <= set(refused.value.params)
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({"unit": ""}, "matters.task_to_whom"),
        ({"account": "head"}, "matters.task_to_whom"),
        ({"unit": "bureau"}, "matters.task_to_itself"),
        ({"unit": "", "account": "stranger"}, "matters.task_to_stranger"),
    ],
)
def test_a_task_goes_to_one_unit_or_one_colleague(town, to, code):
    number = ready_for(town, "hand_on")
    values = {}
    if to.get("unit"):
        values["unit"] = str(organisation_id(town, to["unit"]))
    elif "unit" in to:
        values["unit"] = ""
    if "account" in to:
        values["account"] = str(town[to["account"]].id)
    with pytest.raises((Invalid, InvalidForm)) as refused:
        do(town, number, "hand_on", **values)
    assert code_of(refused) == code


def test_no_answer_leaves_over_an_open_task_and_the_refusal_names_the_unit(town):
    number = handed(town)
    do(town, number, "contact")
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", **ANSWER)
    assert refused.value.code == "matters.tasks_open"
    assert "third局" in str(refused.value)
    do(town, number, "report_task")
    assert TaskReport.objects.get().text == "已更换"
    assert runs(number)[0].stopped_at is not None
    town.do(number, "answer", "handler", **ANSWER)
    assert town.matter(number).state == "calling_back"


def test_a_task_taken_back_stops_nobody(town):
    number = handed(town)
    do(town, number, "cancel_task")
    do(town, number, "contact")
    town.do(number, "answer", "handler", **ANSWER)
    assert runs(number)[0].stopped_at is not None


def test_who_has_a_task_sees_the_matter_while_it_is_open(town):
    number = ready_for(town, "hand_on")
    assert not may(town["helper"], "view", town.matter(number))
    do(town, number, "hand_on")
    assert may(town["helper"], "view", town.matter(number))
    assert not may(town["stranger"], "view", town.matter(number))
    do(town, number, "report_task")
    assert not may(town["helper"], "view", town.matter(number))


def test_a_colleague_reports_the_task_that_was_theirs_and_nobody_elses(town):
    Grant.objects.create(
        id=ids.uuid7(AT),
        account_id=town["colleague"].id,
        role="handler",
        organisation=town.organisations["bureau"],
        valid_from=AT,
    )
    number = handed(town, unit="", account=str(town["colleague"].id))
    task = str(Task.objects.get().id)
    with pytest.raises(Refusal) as refused:
        town.do(number, "report_task", "handler", task=task, text="做完了")
    assert isinstance(refused.value, NotAllowed)
    town.do(number, "report_task", "colleague", task=task, text="做完了")
    assert Task.objects.get().ended_at is not None


def test_a_unit_reports_only_what_was_handed_to_it(town):
    number = handed(town)
    other = organisation_id(town, "street")
    do(town, number, "hand_on", unit=str(other))
    theirs = Task.objects.get(unit_id=other)
    with pytest.raises(Refusal) as refused:
        town.do(number, "report_task", "helper", task=str(theirs.id), text="做完了")
    assert code_of(refused) == "matters.not_your_task"


def test_tasks_end_with_the_lead_that_handed_them_on(town):
    number = ready_for(town, "decide_return")
    town.do(number, "decide_return", "dispatcher", decision="refused", reason="属实")
    do(town, number, "hand_on")
    town.do(number, "ask_return", "handler", reason="不属本单位职责")
    town.do(number, "decide_return", "dispatcher", decision="granted", reason="属实")
    assert runs(number)[0].stopped_at is not None
    assert Task.objects.get().ended_at is not None


def test_the_inner_clock_rests_while_the_matter_does(town):
    number = handed(town)
    do(town, number, "contact")
    do(town, number, "ask_suspension")
    do(town, number, "decide_suspension", decision="granted")
    [inner] = runs(number)
    assert [ended for _, ended in inner.pauses] == [None]
    do(town, number, "review_suspension", decision="resumed")
    [inner] = runs(number)
    assert inner.stopped_at is None
    assert [bool(ended) for _, ended in inner.pauses] == [True]


def test_three_calls_at_one_hour_are_one(town):
    number = ready_for(town, "contact")
    for _ in range(3):
        do(town, number, "contact", outcome="no_answer")
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", **ANSWER)
    assert refused.value.code == "matters.not_contacted"
    assert "1 次" in str(refused.value)
    for _ in range(2):
        town.later(hours=2)
        do(town, number, "contact", outcome="no_answer")
    town.do(number, "answer", "handler", **ANSWER)


@given(some.lists(some.integers(0, 7 * 24 * 60), max_size=30), some.integers(1, 5))
def test_what_counts_is_apart_at_different_hours_and_never_more_than_was_tried(minutes, hours):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    attempts = [start + timedelta(minutes=minute) for minute in minutes]
    counted = distinct(attempts, hours=hours)
    assert set(counted) <= set(attempts)
    assert len({in_china(at).hour for at in counted}) == len(counted)
    assert all(b - a >= timedelta(hours=hours) for a, b in pairwise(counted))
    assert bool(counted) == bool(attempts)
