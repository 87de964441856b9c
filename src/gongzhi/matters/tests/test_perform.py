"""What verbs do: facts, lead, clocks, one act each; what rules and the database refuse."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from gongzhi.access.actor import Held
from gongzhi.acts.models import Act
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, Refusal
from gongzhi.matters import actions
from gongzhi.matters.models import (
    Appraisal,
    Assignment,
    ClockRun,
    Closure,
    ExtensionRequest,
    Merge,
    ReturnRequest,
    Routing,
    Verification,
)
from gongzhi.matters.tests.scenes import form, ready_for
from gongzhi.matters.tests.town import AT
from gongzhi.parties.models import Post


def test_the_main_road_leaves_one_act_per_step_and_a_closed_matter(town):
    number = town.open().number
    town.road(number, until="closed")

    matter = town.matter(number)
    acts = Act.objects.filter(subject_kind="matters.matter", subject_id=str(matter.id))
    assert matter.stage == "closed"
    assert matter.closed_at is not None
    assert matter.due_at is None
    assert acts.count() == matter.version == 8
    assert not ClockRun.objects.filter(matter=matter, stopped_at__isnull=True).exists()
    assert Closure.objects.get(matter=matter).organisation == town.organisations["bureau"]


def test_dispatch_makes_one_lead_and_the_mandates_limits_run(town):
    number = town.open().number
    town.road(number, until="assigned")

    matter = town.matter(number)
    lead = Assignment.objects.get(matter=matter)
    assert (lead.role, lead.organisation_id, matter.lead_id) == ("lead", matter.lead_id, lead.organisation_id)
    response = ClockRun.objects.get(matter=matter, code="response")
    handling = ClockRun.objects.get(matter=matter, code="handling")
    assert (response.limit_value, response.limit_unit) == (24, "hour")
    assert (handling.limit_value, handling.limit_unit, handling.promised) == (5, "work_day", True)


def test_signing_makes_the_signer_the_handler(town):
    number = town.open().number
    town.road(number, until="handling")
    assert town.matter(number).handler_id == town["handler"].id


def test_an_extension_granted_by_another_organisation_moves_the_promised_deadline(town):
    number = ready_for(town, "decide_extension")
    before = ClockRun.objects.get(matter__number=number, code="handling").due_at
    town.do(number, "decide_extension", "dispatcher", **form(town, "decide_extension"))

    run = ClockRun.objects.get(matter__number=number, code="handling")
    assert run.due_at > before
    assert run.extensions == [[3, "work_day"]]
    assert ExtensionRequest.objects.get().decision == "granted"


def test_a_refused_extension_moves_nothing_and_another_may_be_asked(town):
    number = ready_for(town, "decide_extension")
    before = ClockRun.objects.get(matter__number=number, code="handling").due_at
    town.do(number, "decide_extension", "dispatcher", decision="refused", reason="不成立")
    assert ClockRun.objects.get(matter__number=number, code="handling").due_at == before
    town.do(number, "ask_extension", "handler", **form(town, "ask_extension"))


@pytest.mark.parametrize("verb", ["decide_extension", "decide_return"])
def test_the_applicants_own_organisation_does_not_decide_by_role_or_by_post(town, verb):
    number = ready_for(town, verb)
    bureau = town.organisations["bureau"]
    town.actors["insider"] = replace(
        town["dispatcher"],
        id=ids.uuid7(AT),
        held=(*town["dispatcher"].held, Held("handler", organisation_id=bureau.id)),
    )
    with pytest.raises(NotAllowed) as refused:
        town.do(number, verb, "insider", **form(town, verb))
    assert refused.value.code == "matters.same_organisation"

    Post.objects.create(
        id=ids.uuid7(AT),
        person_id=town["dispatcher"].party_id,
        organisation=bureau,
        title="科员",
        started_at=AT,
    )
    with pytest.raises(NotAllowed) as refused:
        town.do(number, verb, "dispatcher", **form(town, verb))
    assert refused.value.code == "matters.same_organisation"


@pytest.mark.parametrize(
    ("verb", "model"), [("decide_extension", ExtensionRequest), ("decide_return", ReturnRequest)]
)
def test_the_database_refuses_a_decider_of_the_applicants_organisation_and_the_applicant(town, verb, model):
    ready_for(town, verb)
    asked = model.objects.get()
    decided = {"decision": "granted", "decided_at": asked.at}
    for who in (
        {"decided_by": "account:x", "decider_organisation_id": asked.organisation_id},
        {"decided_by": asked.by},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(id=asked.id).update(**decided, **who)


def test_a_return_granted_leaves_no_lead_and_the_promised_clock_runs_on(town):
    number = ready_for(town, "decide_return")
    before = ClockRun.objects.get(matter__number=number, code="handling")
    town.do(number, "decide_return", "dispatcher", **form(town, "decide_return"))

    matter = town.matter(number)
    assert (matter.state, matter.lead_id, matter.handler_id) == ("accepted", None, None)
    assert not Assignment.objects.filter(matter=matter, role="lead", ended_at__isnull=True).exists()
    other = str(town.organisations["other"].id)
    town.do(number, "dispatch", "dispatcher", organisation=other, reason="改派")
    after = ClockRun.objects.get(matter__number=number, code="handling")
    assert (after.id, after.started_at, after.due_at) == (before.id, before.started_at, before.due_at)


def test_a_return_refused_with_designation_cannot_be_asked_again(town):
    number = ready_for(town, "decide_return")
    town.do(number, "decide_return", "dispatcher", decision="refused", reason="属本单位", designated=True)
    with pytest.raises(Conflict) as refused:
        town.do(number, "ask_return", "handler", reason="还是不行")
    assert refused.value.code == "matters.designated"


def test_a_return_is_asked_within_its_period_only(town):
    number = town.open().number
    town.road(number, until="assigned")
    town.later(days=2)
    with pytest.raises(Conflict) as refused:
        town.do(number, "ask_return", "handler", reason="不归我管")
    assert refused.value.code == "matters.return_period_over"


def test_an_answer_needs_contact_and_where_the_category_says_evidence(town):
    number = town.open(category="rubbish").number
    town.road(number, until="handling")
    answer = form(town, "answer")
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", **answer)
    assert refused.value.code == "matters.not_contacted"
    for _ in range(3):
        town.later(hours=1)
        town.do(number, "contact", "handler", outcome="no_answer")
    with pytest.raises(Invalid) as refused:
        town.do(number, "answer", "handler", **answer)
    assert (refused.value.code, refused.value.field) == ("matters.no_evidence", "evidence")


def test_answering_pauses_the_promised_clock_and_rework_resumes_it(town):
    number = town.open().number
    town.road(number, until="calling_back")
    run = ClockRun.objects.get(matter__number=number, code="handling")
    assert run.due_at is None
    assert run.pauses[0][1] is None
    town.later(days=1)
    town.do(number, "rework", "quality", reason="仍不亮")

    run.refresh_from_db()
    assert run.due_at is not None
    assert run.pauses[0][1] is not None
    assert town.matter(number).state == "handling"


def test_verification_is_by_another_than_the_handler_by_rule_and_by_the_database(town):
    number = ready_for(town, "verify")
    town.do(number, "verify", "grid_worker", decision="failed", note="没亮")
    assert town.matter(number).state == "handling"
    found = Verification.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.filter(id=found.id).update(by=found.handler)


def test_closing_waits_for_appraisal_or_call_back(town):
    number = town.open().number
    town.road(number, until="calling_back")
    with pytest.raises(Conflict) as refused:
        town.do(number, "close", "quality")
    assert refused.value.code == "matters.not_called_back"
    town.do(number, "appraise", "reporter", level="2", contacted=True, solved=False)
    town.do(number, "close", "quality")
    assert Appraisal.objects.get(matter__number=number).level == 2


def test_the_reporter_reopens_and_it_reaches_the_handler_who_had_it(town):
    number = town.open().number
    town.road(number, until="closed")
    done = town.do(number, "reopen", "reporter", reason="又坏了")

    matter = town.matter(number)
    assert (done.state, matter.handler_id, matter.closed_at) == ("handling", town["handler"].id, None)
    assert Closure.objects.get(matter=matter).ended_at is not None
    assert ClockRun.objects.filter(matter=matter, code="rework", stopped_at__isnull=True).exists()


def test_reopening_ends_with_its_period(town):
    number = town.open().number
    town.road(number, until="closed")
    town.later(days=30)
    with pytest.raises(Conflict) as refused:
        town.do(number, "reopen", "reporter", reason="又坏了")
    assert refused.value.code == "matters.reopen_period_over"


def test_a_matter_merges_into_an_open_other_one_only(town):
    target, closed = town.open().number, town.open().number
    town.do(closed, "answer_now", "dispatcher", reply="已答复")
    number = town.open().number
    for into, code in ((number, "matters.merge_itself"), (closed, "matters.merge_closed")):
        with pytest.raises(Invalid) as refused:
            town.do(number, "merge", "dispatcher", into=into, reason="同一盏灯")
        assert refused.value.code == code
    town.do(number, "merge", "dispatcher", into=target, reason="同一盏灯")
    assert Merge.objects.get().into.number == target
    assert town.matter(number).closed_at is not None


def test_a_corrected_category_is_routed_anew(town):
    number = town.open().number
    town.do(number, "accept", "dispatcher", category="rubbish")
    assert town.matter(number).category.code == "rubbish"
    routings = Routing.objects.filter(matter__number=number)
    assert routings.count() == 2
    assert routings.get(ended_at__isnull=True).state == "gap"


def test_a_verb_whose_instant_is_behind_the_last_fact_happens_right_after_it(town):
    number = town.open().number
    town.later(hours=1)
    town.do(number, "accept", "dispatcher")
    late = actions.perform(number=number, verb="note", form={"text": "x"}, by=town["dispatcher"], at=AT)
    assert late.version == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["accept", "sign", "decide_return", "close", "ask_extension", "appraise"])
def test_of_many_at_once_one_wins_and_the_others_hear_where_it_is(committed_town, verb):
    from gongzhi.matters.tests.scenes import WHO

    town = committed_town
    number = ready_for(town, verb)
    filled, at, version = form(town, verb), town.later(minutes=1), town.matter(number).version
    barrier, won, refused = threading.Barrier(5), [], []

    def attempt():
        barrier.wait()
        try:
            won.append(actions.perform(number=number, verb=verb, form=filled, by=town[WHO[verb]], at=at))
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert [type(one) for one in refused] == [Conflict] * 4
    assert town.matter(number).version == version + 1
    assert Act.objects.filter(verb=f"matters.{verb}", subject_id=str(won[0].id)).count() == 1


def test_a_deadline_is_met_until_its_last_instant(town):
    number = town.open().number
    run = ClockRun.objects.get(matter__number=number)
    assert run.due_at - run.started_at == timedelta(hours=2)
