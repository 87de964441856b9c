"""Lead and assisting units: each with a part and a clock of its own, and no answer over a silent assistant."""

import pytest

from gongzhi.kernel.refusals import Conflict, Refusal
from gongzhi.matters.models import Assignment, ClockRun, StageReport
from gongzhi.matters.tests.scenes import WHO, form, ready_for

ANSWER = {"result": "solved", "reply": "已清运。"}


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def runs(town, number):
    return list(ClockRun.objects.filter(matter__number=number, code="assistance").order_by("due_at"))


def called(town, **given):
    number = ready_for(town, "call_assistants")
    do(town, number, "call_assistants", **given)
    do(town, number, "contact")
    return number


def test_every_assisting_unit_has_a_clock_of_its_own(town):
    third, street = town.organisations["third"], town.organisations["street"]
    number = called(town)
    do(town, number, "call_assistants", organisations=[str(street.id)], days=10)
    first, second = runs(town, number)
    assert [first.bearer_id, second.bearer_id] == [third.id, street.id]
    do(town, number, "report_stage", done=True)
    first, second = runs(town, number)
    assert first.stopped_at is not None
    assert second.stopped_at is None
    assert Assignment.objects.get(id=first.of).ended_at is not None


def test_the_persons_clock_does_not_move_when_a_unit_is_called_in(town):
    number = ready_for(town, "call_assistants")
    handling = ClockRun.objects.get(matter__number=number, code="handling")
    do(town, number, "call_assistants")
    after = ClockRun.objects.get(id=handling.id)
    assert (after.due_at, after.pauses) == (handling.due_at, handling.pauses)


def test_nobody_answers_over_a_silent_assistant_and_the_refusal_names_it(town):
    number = called(town)
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", **ANSWER)
    assert refused.value.code == "matters.assistants_silent"
    assert "third局" in str(refused.value)


def test_a_stage_report_is_enough_to_answer_and_the_part_stays_open(town):
    number = called(town)
    do(town, number, "report_stage")
    assert runs(town, number)[0].stopped_at is None
    town.do(number, "answer", "handler", **ANSWER)
    assert town.matter(number).state == "calling_back"


def test_a_unit_called_in_again_has_to_report_again(town):
    number = called(town)
    do(town, number, "report_stage", done=True)
    do(town, number, "call_assistants")
    with pytest.raises(Conflict):
        town.do(number, "answer", "handler", **ANSWER)


def test_a_released_unit_stops_nobody_and_sees_the_matter_no_longer(town):
    number = called(town)
    do(town, number, "release_assistant")
    assert runs(town, number)[0].stopped_at is not None
    with pytest.raises(Refusal) as refused:
        do(town, number, "report_stage")
    assert refused.value.code == "access.not_found"
    town.do(number, "answer", "handler", **ANSWER)
    assert not StageReport.objects.exists()


@pytest.mark.parametrize(("who", "code"), [("bureau", "lead_assists"), ("third", "assists_already")])
def test_neither_the_lead_nor_a_present_assistant_is_called_in(town, who, code):
    number = called(town)
    with pytest.raises(Refusal) as refused:
        do(town, number, "call_assistants", organisations=[str(town.organisations[who].id)])
    assert refused.value.code == f"matters.{code}"


def test_an_assistant_that_takes_the_lead_has_no_assistance_clock_left(town):
    number = ready_for(town, "decide_return")
    town.do(number, "decide_return", "dispatcher", decision="refused", reason="属实")
    do(town, number, "call_assistants")
    town.do(number, "ask_return", "handler", reason="不属本单位职责")
    town.do(number, "decide_return", "dispatcher", decision="granted", reason="属实")
    third = str(town.organisations["third"].id)
    town.do(number, "dispatch", "dispatcher", organisation=third, reason="改派")
    assert runs(town, number)[0].stopped_at is not None
    assert town.matter(number).lead_id == town.organisations["third"].id
