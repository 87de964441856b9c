"""Taken back: by the reporter, or the dispatch by the desk."""

from datetime import timedelta

import pytest

from gongzhi.acts.reacting import settle
from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from gongzhi.matters import actions, queries
from gongzhi.matters.models import Appraisal, Assignment, ClockRun, Withdrawal
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.notices.models import Notice

REASON = {"reason": "物业已经修好"}


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


@pytest.mark.parametrize(
    "state", ["reported", "accepted", "assigned", "return_asked", "handling", "suspended"]
)
def test_a_withdrawn_matter_has_no_clock_left_whatever_state_it_was_in(town, state):
    verbs = {"return_asked": "decide_return", "suspended": "review_suspension"}
    number = ready_for(town, verbs[state]) if state in verbs else town.open().number
    if state not in verbs:
        town.road(number, until=state)
    assert town.matter(number).state == state
    do(town, number, "withdraw")
    assert town.matter(number).state == "withdrawn"
    assert not ClockRun.objects.filter(matter__number=number, stopped_at__isnull=True).exists()


def test_assisting_units_are_released_and_their_clocks_end(town):
    number = ready_for(town, "report_stage")
    do(town, number, "withdraw")
    assert not Assignment.objects.filter(role="assist", ended_at__isnull=True).exists()
    do(town, number, "reopen")
    do(town, number, "contact")
    do(town, number, "answer")  # no assistant is waited for


def test_what_waited_for_a_decision_does_not_wait_after_reopening(town):
    number = ready_for(town, "decide_extension")
    do(town, number, "withdraw")
    do(town, number, "reopen")
    with pytest.raises(Conflict):
        do(town, number, "decide_extension")
    do(town, number, "ask_extension")


@pytest.mark.parametrize(
    ("who", "refusal"), [("neighbour", NotFound), ("handler", NotAllowed), ("dispatcher", NotAllowed)]
)
def test_nobody_withdraws_for_the_reporter(town, who, refusal):
    number = ready_for(town, "withdraw")
    with pytest.raises(refusal):
        town.do(number, "withdraw", who, **REASON)


def test_a_matter_that_others_joined_is_not_withdrawn_and_the_refusal_says_why(town):
    number = town.open().number
    other = town.open(reporter=town["neighbour"].party_id).number
    town.do(other, "merge", "dispatcher", into=number, reason="同一盏灯")
    with pytest.raises(Conflict) as refused:
        do(town, number, "withdraw")
    assert refused.value.code == "matters.others_joined"


def test_it_is_reopened_within_the_period_only(town):
    number = ready_for(town, "withdraw")
    do(town, number, "withdraw")
    do(town, number, "reopen")
    assert town.matter(number).state == "handling"
    assert not Withdrawal.objects.filter(ended_at__isnull=True).exists()
    do(town, number, "withdraw")
    town.later(days=16)
    with pytest.raises(Refusal) as refused:
        do(town, number, "reopen")
    assert refused.value.code == "matters.reopen_period_over"


def test_who_withdrew_before_any_unit_had_it_has_nothing_to_appraise(town):
    number = town.open().number
    do(town, number, "withdraw")
    with pytest.raises(Conflict) as refused:
        do(town, number, "appraise")
    assert refused.value.code == "matters.nothing_to_judge"


def test_a_recalled_dispatch_is_back_at_the_desk_and_the_old_lead_is_told(town):
    number = ready_for(town, "recall_dispatch")
    handling = ClockRun.objects.get(matter__number=number, code="handling")
    do(town, number, "recall_dispatch")
    matter = town.matter(number)
    assert (matter.state, matter.lead_id, matter.handler_id) == ("accepted", None, None)
    assert not Assignment.objects.filter(matter=matter, ended_at__isnull=True).exists()
    after = ClockRun.objects.get(id=handling.id)
    assert (after.due_at, after.stopped_at, after.pauses) == (handling.due_at, None, [])
    assert list(
        ClockRun.objects.filter(matter=matter, stopped_at__isnull=True).values_list("code", flat=True)
    ) == ["handling"]
    settle()
    told = Notice.objects.filter(organisation=town.organisations["bureau"], template="matter.work")
    assert "撤回派单" in told.latest("created_at").title
    with pytest.raises(NotFound):
        town.do(number, "sign", "handler")


def test_who_signed_first_keeps_it(town):
    number = ready_for(town, "recall_dispatch")
    version = town.matter(number).version
    do(town, number, "sign")
    with pytest.raises(Conflict):
        do(town, number, "recall_dispatch")
    with pytest.raises(Refusal):
        actions.perform(
            number=number, verb="recall_dispatch", form=form(town, "recall_dispatch"),
            by=town["dispatcher"], at=town.clock + timedelta(minutes=1), version=version,
        )  # fmt: skip
    assert town.matter(number).state == "handling"


def test_after_a_recall_it_goes_to_another_unit_which_may_return_it_in_its_own_time(town):
    number = ready_for(town, "recall_dispatch")
    town.later(hours=30)
    do(town, number, "recall_dispatch")
    third = str(town.organisations["third"].id)
    town.do(number, "dispatch", "dispatcher", organisation=third, reason="改派")
    town.do(number, "ask_return", "helper", reason="不属本单位职责")
    assert town.matter(number).state == "return_asked"


def merged(town, *, accepted=False):
    """(number of the matter that others go on in, number of the neighbour's that was merged into it)"""
    target = town.open().number
    own = town.open(reporter=town["neighbour"].party_id).number
    if accepted:
        do(town, own, "accept")
    town.do(own, "merge", "dispatcher", into=target, reason="同一盏灯")
    return target, own


@pytest.mark.parametrize(
    ("accepted", "state", "clock"), [(False, "reported", "acceptance"), (True, "accepted", "handling")]
)
def test_an_undone_merge_goes_back_and_its_clock_counts_the_time_in_between(town, accepted, state, clock):
    _, own = merged(town, accepted=accepted)
    before = ClockRun.objects.get(matter__number=own, code=clock)
    assert before.stopped_at is not None
    town.later(days=1)
    do(town, own, "unmerge")
    assert town.matter(own).state == state
    [after] = ClockRun.objects.filter(matter__number=own, stopped_at__isnull=True)
    assert (after.id, after.due_at, after.pauses) == (before.id, before.due_at, [])
    assert town.matter(own).due_at == before.due_at


def test_what_ended_before_the_merge_stays_ended(town):
    number = ready_for(town, "reopen")
    do(town, number, "reopen")
    do(town, number, "ask_return")
    do(town, number, "decide_return")
    do(town, number, "merge")
    ended = set(
        ClockRun.objects.filter(matter__number=number, code__in=("handling", "rework")).values_list(
            "id", flat=True
        )
    )
    do(town, number, "unmerge")
    assert town.matter(number).state == "accepted"
    running = ClockRun.objects.filter(matter__number=number, stopped_at__isnull=True)
    assert not set(running.values_list("id", flat=True)) & ended


def test_the_reporter_of_an_undone_merge_is_told_and_hears_the_other_matter_no_longer(town):
    target, own = merged(town)
    do(town, own, "unmerge")
    town.road(target, until="calling_back")
    settle()
    heard = Notice.objects.filter(person_id=town["neighbour"].party_id, channel="shown")
    said = "".join(heard.values_list("body", flat=True))
    assert town.procedure.verb("unmerge").tells.zh in said
    assert town.procedure.verb("answer").tells.zh not in said


def test_only_the_desk_undoes_a_merge_and_only_once(town):
    _, own = merged(town)
    for who, refusal in (("neighbour", NotAllowed), ("west_dispatcher", NotFound), ("quality", NotAllowed)):
        with pytest.raises(refusal):
            town.do(own, "unmerge", who, reason="x")
    do(town, own, "unmerge")
    with pytest.raises(Conflict):
        do(town, own, "unmerge")


def test_all_reporters_read_the_answer_and_appraise_their_own(town):
    target, own = merged(town)
    judgement = {"level": "2", "contacted": True, "solved": False}
    with pytest.raises(Conflict) as refused:
        town.do(own, "appraise", "neighbour", **judgement)
    assert refused.value.code == "matters.not_answered_yet"
    town.road(target, until="calling_back")
    view = queries.case(visible_to=town["neighbour"], number=own, at=town.clock)
    assert "已更换灯具。" in [entry.form.get("reply") for entry in view.timeline]
    assert "appraise" in [offer.code for offer in view.offers]
    town.do(own, "appraise", "neighbour", **judgement)
    do(town, target, "appraise")
    bureau = town.organisations["bureau"]
    assert set(Appraisal.objects.values_list("organisation", "level")) == {(bureau.id, 2), (bureau.id, 4)}


def test_an_answer_done_again_is_appraised_again_by_all(town):
    target, own = merged(town)
    town.road(target, until="calling_back")
    judgement = {"level": "2", "contacted": True, "solved": False}
    town.do(own, "appraise", "neighbour", **judgement)
    do(town, target, "rework")
    with pytest.raises(Conflict):
        town.do(own, "appraise", "neighbour", **judgement)
    do(town, target, "answer")
    town.do(own, "appraise", "neighbour", **judgement)


def test_what_other_reporters_write_stays_unread(town):
    target, own = merged(town)
    town.do(target, "message", "reporter", text="我住三单元")
    town.road(target, until="calling_back")
    view = queries.case(visible_to=town["neighbour"], number=own, at=town.clock)
    assert "三单元" not in str(view)
