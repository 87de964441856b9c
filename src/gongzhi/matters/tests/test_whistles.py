"""吹哨报到: who may call whom, clocks of each unit, check-in, refusal, the end, and scores of both sides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, InvalidForm, NotAllowed, NotFound, Refusal
from gongzhi.matters import queries
from gongzhi.matters.models import (
    ClockRun,
    SupervisionRequest,
    Whistle,
    WhistleCall,
    WhistleScore,
    WhistleStep,
)
from gongzhi.matters.queries import Filters
from gongzhi.matters.tests.scenes import WHO, form, ready_for

ANSWER = {"result": "solved", "reply": "消防通道已疏通。"}


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def clock(town, number, code, unit="fire"):
    return ClockRun.objects.get(matter__number=number, code=code, bearer=town.organisations[unit])


def called(town, verb="whistle_emergency", *units):
    number = ready_for(town, verb)
    ids_ = [str(town.organisations[unit].id) for unit in units or ("fire", "third")]
    do(town, number, verb, organisations=ids_)
    return number


def test_each_unit_has_clocks_of_its_own_with_the_limits_of_the_kind(town):
    number = called(town)
    start = WhistleCall.objects.first().at
    runs = ClockRun.objects.filter(matter__number=number, code__startswith="whistle_")
    assert runs.count() == 8
    assert clock(town, number, "whistle_sign").due_at == start + timedelta(hours=1)
    assert clock(town, number, "whistle_contact").due_at == start + timedelta(hours=24)
    assert clock(town, number, "whistle_arrive").due_at == start + timedelta(minutes=30)
    assert clock(town, number, "whistle_report").limit_value == 3
    other = called(town, "whistle_stubborn", "fire")
    assert clock(town, other, "whistle_report_stubborn").limit_value == 5
    assert not ClockRun.objects.filter(matter__number=other, code="whistle_arrive").exists()


def test_who_may_blow_which_kind_is_rank(town):
    number = ready_for(town, "whistle_emergency")
    filled = form(town, "whistle_emergency")
    for who in ("dispatcher", "handler", "head", "supervisor"):
        with pytest.raises(NotAllowed):
            town.do(number, "whistle_stubborn", who, **filled)
    town.do(number, "whistle_emergency", "dispatcher", **filled)
    whistle = Whistle.objects.get()
    assert (whistle.rank, whistle.form) == ("dispatcher", "emergency")
    assert whistle.organisation_id == town.organisations["street"].id


def test_a_step_stops_the_clocks_of_its_unit_only(town):
    number = called(town)
    do(town, number, "check_in")
    for code in ("whistle_sign", "whistle_contact", "whistle_arrive"):
        assert clock(town, number, code).stopped_at is not None
        assert clock(town, number, code, "third").stopped_at is None
    assert clock(town, number, "whistle_report").stopped_at is None


def test_the_persons_clock_does_not_move_for_a_whistle(town):
    number = ready_for(town, "whistle_emergency")
    before = ClockRun.objects.get(matter__number=number, code="handling")
    do(town, number, "whistle_emergency")
    after = ClockRun.objects.get(id=before.id)
    assert (after.due_at, after.pauses) == (before.due_at, before.pauses)


def test_a_near_check_in_says_how_near_and_a_far_one_is_marked_not_refused(town):
    number = called(town)
    do(town, number, "check_in", place="112.9001，28.2001")
    step = WhistleStep.objects.get()
    assert (step.metres_away < 20, step.far) == (True, False)
    town.do(number, "check_in", "helper", place=[112.95, 28.2], text="在路上")
    step = WhistleStep.objects.get(call__organisation=town.organisations["third"])
    assert (4800 < step.metres_away < 5000, step.far) == (True, True)


@pytest.mark.parametrize("place", [None, "", "here", "181,3", "112.9", "nan,1"])
def test_a_check_in_shows_a_place_or_a_photo(town, place):
    number = called(town)
    with pytest.raises(Refusal) as refused:
        do(town, number, "check_in", place=place)
    errors = refused.value.errors if isinstance(refused.value, InvalidForm) else {"place": refused.value}
    assert "place" in errors
    assert not WhistleStep.objects.exists()


@pytest.mark.parametrize("verb", ["sign_call", "contact_street", "check_in", "finish_call"])
def test_a_unit_goes_each_step_once(town, verb):
    number = called(town)
    do(town, number, verb)
    with pytest.raises(Conflict):
        do(town, number, verb)
    assert WhistleStep.objects.count() == 1


def test_only_who_is_called_sees_it_and_only_while_it_matters(town):
    number = ready_for(town, "whistle_emergency")
    with pytest.raises(NotFound):
        town.do(number, "sign_call", "fireman")
    do(town, number, "whistle_emergency")
    listed = queries.page(visible_to=town["fireman"], filters=Filters(queue="called"), at=town.clock).rows
    assert [row.number for row in listed] == [number]
    with pytest.raises(NotFound):
        town.do(number, "sign_call", "stranger")
    with pytest.raises(NotAllowed):
        town.do(number, "sign_call", "colleague")
    do(town, number, "end_whistle", outcome="called_off")
    with pytest.raises(NotFound):
        town.do(number, "sign_call", "fireman")


def test_the_lead_does_not_answer_over_a_whistle_and_the_refusal_names_who_is_called(town):
    number = called(town)
    do(town, number, "contact")
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", **ANSWER)
    assert refused.value.code == "matters.whistle_not_over"
    assert "fire局" in str(refused.value)
    do(town, number, "end_whistle", outcome="called_off")
    town.do(number, "answer", "handler", **ANSWER)


def test_nobody_ends_it_as_done_before_each_unit_that_came_has_reported(town):
    number = called(town)
    do(town, number, "finish_call")
    with pytest.raises(Conflict) as refused:
        do(town, number, "end_whistle")
    assert "third局" in str(refused.value)
    assert "fire局" not in str(refused.value)
    town.do(number, "finish_call", "helper", text="已清运")
    do(town, number, "end_whistle")
    assert not ClockRun.objects.filter(
        matter__number=number, code__startswith="whistle", stopped_at=None
    ).exists()


def test_a_refusal_is_kept_and_goes_to_the_district_by_itself(town):
    number = called(town)
    do(town, number, "refuse_call")
    asked = SupervisionRequest.objects.get()
    assert (asked.ground, asked.unit_id) == ("refused_call", town.organisations["fire"].id)
    assert asked.organisation_id == town.organisations["street"].id
    waiting = queries.page(
        visible_to=town["supervisor"], filters=Filters(queue="supervision_asked"), at=town.clock
    )
    assert [row.number for row in waiting.rows] == [number]
    with pytest.raises(NotFound):  # it is out of it
        do(town, number, "sign_call")
    do(town, number, "decide_supervision", request=str(asked.id))
    do_as_fire = {"text": "已派人到场"}
    town.do(number, "report_supervision", "fireman", **do_as_fire)


def test_two_units_refuse_and_both_stand_before_the_district(town):
    number = called(town)
    do(town, number, "refuse_call")
    town.do(number, "refuse_call", "helper", reason="不归我们")
    assert SupervisionRequest.objects.filter(decision="").count() == 2
    do(town, number, "end_whistle")  # nobody is left


def test_scores_go_both_ways_once_each_after_the_end(town):
    number = called(town, "whistle_enforcement", "fire")
    do(town, number, "finish_call")
    for verb in ("score_unit", "score_street"):
        with pytest.raises(Conflict):
            do(town, number, verb)
    do(town, number, "end_whistle")
    do(town, number, "score_unit", level="5")
    with pytest.raises(Conflict):
        do(town, number, "score_unit")
    do(town, number, "score_street", level="2")
    with pytest.raises(NotFound):  # that was the last it had to do here
        do(town, number, "score_street")
    fire, street = town.organisations["fire"].id, town.organisations["street"].id
    found = set(WhistleScore.objects.values_list("organisation_id", "about_id", "level"))
    assert found == {(street, fire, 5), (fire, street, 2)}


def test_a_unit_that_was_not_called_is_not_scored(town):
    number = ready_for(town, "score_unit")
    with pytest.raises(Refusal) as refused:
        do(town, number, "score_unit", organisation=str(town.organisations["other"].id))
    assert refused.value.code == "matters.not_to_score"


def test_one_whistle_at_a_time_and_another_after_it(town):
    number = called(town)
    with pytest.raises(Conflict) as refused:
        do(town, number, "whistle_stubborn")
    assert refused.value.code == "matters.whistle_open"
    do(town, number, "end_whistle", outcome="called_off")
    do(town, number, "whistle_stubborn")
    assert Whistle.objects.filter(ended_at=None).count() == 1


def test_a_street_does_not_call_itself_and_nothing_confidential_is_whistled_about(town):
    number = ready_for(town, "whistle_emergency")
    with pytest.raises(Refusal) as refused:
        do(town, number, "whistle_emergency", organisations=[str(town.organisations["street"].id)])
    assert refused.value.code == "matters.calls_itself"
    secret = town.open(confidential=True).number
    town.road(secret, until="handling")
    with pytest.raises(Conflict) as refused:
        town.do(secret, "whistle_emergency", "dispatcher", **form(town, "whistle_emergency"))
    assert refused.value.code == "matters.confidential_no_whistle"


def test_a_withdrawn_matter_has_no_whistle_and_nobody_called(town):
    number = called(town)
    town.do(number, "withdraw", "reporter", reason="已经通了")
    assert not Whistle.objects.filter(ended_at=None).exists()
    assert not WhistleCall.objects.filter(ended_at=None).exists()


def test_the_page_shows_people_steps_clocks_and_costs_the_same_for_five_units_and_fifty(town):
    number = called(town)
    do(town, number, "check_in")
    view = queries.case(visible_to=town["street_leader"], number=number, at=town.clock)
    [whistle] = view.whistles
    fire = next(call for call in whistle.calls if call.organisation == "fire局")
    assert [step.code for step in fire.steps] == ["arrived"]
    assert {one.code for one in fire.clocks if one.status == "running"} == {"whistle_report"}
    assert not queries.case(visible_to=town["reporter"], number=number, at=town.clock).whistles

    def cost():
        with CaptureQueriesContext(connection) as seen:
            queries.case(visible_to=town["street_leader"], number=number, at=town.clock)
        return len(seen)

    before = cost()
    whistle_row = Whistle.objects.get()
    for n in range(45):
        unit = type(town.organisations["fire"]).objects.create(
            id=ids.uuid7(town.clock), code=f"u{n}", name=f"u{n}", kind="bureau", path=f"u{n}/",
            registered_at=town.clock,
        )  # fmt: skip
        WhistleCall.objects.create(
            id=ids.uuid7(town.clock), matter=whistle_row.matter, at=town.clock, by="system",
            organisation=unit, whistle=whistle_row,
        )  # fmt: skip
    assert cost() == before
