"""What a reporter can see and that changes is told, once; staff hear what waits for them, without personal words."""

import pytest

from gongzhi.acts.reacting import settle
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters import actions
from gongzhi.matters.models import Matter
from gongzhi.matters.reports import NewReporter
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.matters.tests.town import AT
from gongzhi.notices.models import Notice


def told(person_id):
    return list(
        Notice.objects.filter(person_id=person_id, template="matter.told", channel="shown").order_by(
            "created_at", "id"
        )
    )


def test_the_road_is_told_step_by_step(town):
    number = town.open().number
    town.road(number, until="closed")
    settle()
    expected = [
        town.procedure.verb(verb).tells.zh
        for verb in ("open", "accept", "dispatch", "sign", "answer", "close")
    ]
    assert [
        text in notice.body for text, notice in zip(expected, told(town["reporter"].party_id), strict=True)
    ] == [True] * 6


def test_every_visible_change_of_state_is_told(town):
    for verb, who in WHO.items():
        number = ready_for(town, verb)
        settle()
        reporter = town["reporter"].party_id
        before, state = len(told(reporter)), town.procedure.state(town.matter(number).state)
        filled = form(town, verb)
        settle()
        before = len(told(reporter))
        done = town.do(number, verb, who, **filled)
        settle()
        if town.procedure.state(done.state).public != state.public:
            assert len(told(reporter)) == before + 1, verb


def test_settling_again_tells_nothing_twice(town):
    number = town.open().number
    town.do(number, "accept", "dispatcher")
    settle()
    count = Notice.objects.count()
    from gongzhi.acts.models import ReactionCursor

    ReactionCursor.objects.filter(reaction="matters.notices").update(position=-1)
    settle()
    assert Notice.objects.count() == count


def test_those_of_merged_matters_hear_the_answer_under_their_own_number(town):
    target = town.open().number
    own = town.open(reporter=town["neighbour"].party_id).number
    town.do(own, "merge", "dispatcher", into=target, reason="同一盏灯")
    town.road(target, until="calling_back")
    settle()
    heard = told(town["neighbour"].party_id)
    assert town.procedure.verb("answer").tells.zh in heard[-1].body
    assert own in heard[-1].body
    assert target not in "".join(notice.body for notice in heard)


def test_the_reporter_reads_in_the_language_of_the_report(town):
    town.open(language="en")
    settle()
    assert "We have received your report" in told(town["reporter"].party_id)[0].body


def test_a_telephone_is_sent_what_is_told_now(town):
    reporter = NewReporter.of(phone="13800138000", name="王芳")
    actions.open_many([town.report(reporter=reporter)], by=town["reporter"], at=AT)
    settle()
    assert Notice.objects.filter(template="matter.told", channel="sms").count() == 1


def test_staff_notices_hold_no_words_of_the_reporter(town):
    number = town.open(title="隐私标题", text="隐私正文").number
    town.road(number, until="calling_back")
    settle()
    work = Notice.objects.filter(template="matter.work")
    assert work.exists()
    assert "隐私" not in "".join(notice.title + notice.body for notice in work)


def test_of_a_confidential_matter_only_desk_lead_and_handler_hear(town):
    number = town.open(confidential=True).number
    town.road(number, until="calling_back")
    settle()
    roles = set(Notice.objects.exclude(role="").values_list("role", flat=True))
    assert roles <= {"dispatcher"}


def test_a_refused_verb_tells_nobody(town):
    number = town.open().number
    settle()
    before = Notice.objects.count()
    with pytest.raises(Refusal):
        town.do(number, "accept", "stranger")
    settle()
    assert Notice.objects.count() == before
    assert Matter.objects.get(number=number).version == 1
