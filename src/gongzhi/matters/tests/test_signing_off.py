"""An answer that must be signed off: nothing leaves the house on the word of one person."""

import io
import json

import pytest
from django.db import IntegrityError, transaction

from gongzhi.acts.models import ActContent
from gongzhi.acts.reacting import settle
from gongzhi.catalogue.models import Category
from gongzhi.files import actions as files
from gongzhi.files.models import File
from gongzhi.files.tests.samples import image
from gongzhi.grants.models import Grant
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from gongzhi.matters import queries
from gongzhi.matters.models import Answer, ClockRun, Draft, SignOff
from gongzhi.matters.tests.scenes import WHO, form, ready_for, sign_off
from gongzhi.matters.tests.town import AT
from gongzhi.notices.models import Notice


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def said(done):
    return json.loads(ActContent.objects.get(act_id=done.act_id).payload)["form"]


def told(town):
    return Notice.objects.filter(person_id=town["reporter"].party_id, template="matter.told").count()


def promise(number):
    return ClockRun.objects.get(matter__number=number, code="handling")


def test_where_the_category_demands_it_the_handler_submits_and_may_not_answer(town):
    number = ready_for(town, "submit")
    with pytest.raises(Conflict) as refused:
        town.do(number, "answer", "handler", result="solved", reply="已办。")
    assert refused.value.code == "matters.sign_off_first"
    offered = queries.case(visible_to=town["handler"], number=number, at=town.clock).offers
    assert {"submit"} == {"submit", "answer"} & {offer.code for offer in offered}


def test_the_head_signs_and_the_answer_goes_out_in_the_words_of_the_draft(town):
    number = ready_for(town, "sign_off")
    assert not Answer.objects.filter(matter__number=number).exists()
    done = do(town, number, "sign_off")
    answer = Answer.objects.get(matter__number=number)
    assert (done.state, answer.reply, answer.result) == ("calling_back", "已向您说明申领条件。", "explained")
    assert answer.by == town["head"].reference
    signed = SignOff.objects.get(matter__number=number)
    assert (signed.drafter, signed.by) == (town["handler"].reference, town["head"].reference)
    assert said(done)["reply"] == "已向您说明申领条件。"


def test_what_the_head_changes_is_what_goes_out(town):
    number = ready_for(town, "sign_off")
    do(town, number, "sign_off", reply="已为您核定，下月起发放。")
    assert Answer.objects.get(matter__number=number).reply == "已为您核定，下月起发放。"


def test_sent_back_nothing_leaves_the_house_and_it_is_drafted_again(town):
    number = ready_for(town, "sign_off")
    done = do(town, number, "sign_off", decision="refused", note="依据没有写明", reply="不该出去的话")
    assert done.state == "handling"
    assert not Answer.objects.filter(matter__number=number).exists()
    assert not said(done)["reply"]
    seen = queries.case(visible_to=town["reporter"], number=number, at=town.clock)
    assert "不该出去的话" not in repr(seen)
    assert "已向您说明" not in repr(seen)
    do(town, number, "submit", reply="依据《办法》第三条，已为您核定。")
    do(town, number, "sign_off")
    assert Answer.objects.get(matter__number=number).reply.startswith("依据")


def test_who_sends_it_back_says_what_is_missing(town):
    number = ready_for(town, "sign_off")
    with pytest.raises(Invalid) as refused:
        do(town, number, "sign_off", decision="refused")
    assert (refused.value.code, refused.value.field) == ("matters.refused_without_reason", "note")


def test_the_persons_clock_runs_while_the_draft_waits_and_rests_once_it_is_out(town):
    number = ready_for(town, "submit")
    due = promise(number).due_at
    do(town, number, "submit")
    waiting = promise(number)
    assert (waiting.due_at, waiting.pauses) == (due, [])
    inner = ClockRun.objects.get(matter__number=number, code="sign_off")
    assert inner.stopped_at is None
    do(town, number, "sign_off")
    assert promise(number).pauses[-1][1] is None
    inner.refresh_from_db()
    assert inner.stopped_at is not None


def test_nobody_signs_off_their_own_draft(town):
    number = ready_for(town, "submit")
    sign_off.appoint(town, "colleague")
    town.do(number, "submit", "head", **form(town, "submit"))
    with pytest.raises(NotAllowed) as refused:
        do(town, number, "sign_off")
    assert refused.value.code == "matters.same_person"
    draft = Draft.objects.get(matter__number=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.create(
            id=ids.uuid7(AT),
            matter_id=draft.matter_id,
            at=town.clock,
            by=draft.by,
            draft=draft,
            decision="granted",
            drafter=draft.by,
        )


@pytest.mark.parametrize("who", ["handler", "stranger", "dispatcher"])
def test_only_the_head_of_the_lead_signs(town, who):
    number = ready_for(town, "sign_off")
    with pytest.raises(NotFound if who == "stranger" else NotAllowed):
        town.do(number, "sign_off", who, decision="granted")


def test_where_nobody_else_is_head_the_answer_goes_out_directly(town):
    number = ready_for(town, "submit")
    Grant.objects.filter(account_id=town["head"].id).update(valid_until=AT)
    with pytest.raises(Conflict) as refused:
        do(town, number, "submit")
    assert refused.value.code == "matters.nobody_signs_off"
    assert town.do(number, "answer", "handler", result="solved", reply="已办。").state == "calling_back"


def test_photos_stay_inside_until_the_answer_is_signed(town):
    number = ready_for(town, "submit")
    kept = files.keep(
        stream=io.BytesIO(image()),
        name="现场.jpg",
        purpose="evidence",
        visibility="public",
        by=town["handler"],
        at=town.clock,
    )
    do(town, number, "submit", evidence=[str(kept.id)])
    assert File.objects.get(id=kept.id).visibility == "internal"
    do(town, number, "sign_off")
    assert File.objects.get(id=kept.id).visibility == "public"


def test_the_reporter_is_told_once_when_the_answer_goes_out(town):
    number = ready_for(town, "submit")
    settle()
    heard = told(town)
    do(town, number, "submit")
    settle()
    assert told(town) == heard
    do(town, number, "sign_off")
    settle()
    assert told(town) == heard + 1


def test_withdrawn_while_it_waits_the_draft_is_over(town):
    number = ready_for(town, "sign_off")
    town.do(number, "withdraw", "reporter", reason="已经自己办好")
    assert not Draft.objects.filter(matter__number=number, ended_at__isnull=True).exists()


def test_verification_comes_after_the_sign_off_and_never_by_who_wrote_or_signed(town):
    number = ready_for(town, "sign_off")
    Category.objects.filter(code="lamp").update(verification_required=True)
    assert do(town, number, "sign_off").state == "verifying"
