"""Where two rules meet: a new version of the procedure, a unit dissolved meanwhile, the last second of a year."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.reacting import settle
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import queries as procedures
from gongzhi.catalogue import reading
from gongzhi.kernel.refusals import Conflict, InvalidForm, NotFound
from gongzhi.matters import actions, queries
from gongzhi.matters.models import ClockRun, Matter, SuspensionRequest
from gongzhi.matters.tests import wholeness
from gongzhi.notices.models import Notice
from gongzhi.parties import actions as parties

MIDNIGHT = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # 2027-01-01 00:00 in China


def whole(town, number):
    wholeness.assert_whole(town, wholeness.read(number), town.clock)


def promise(number):
    return ClockRun.objects.get(matter__number=number, code="handling")


def finish(town, number):
    """From handling to the end."""
    town.do(number, "contact", "handler", outcome="reached")
    town.do(number, "answer", "handler", result="solved", reply="已更换灯具。")
    town.do(number, "call_back", "quality", outcome="reached", solved=True, contacted=True, level="5")
    assert town.do(number, "close", "quality").state == "closed"


def next_version(town):
    """Handled within one working day, and without internal notes."""
    verbs = tuple(verb for verb in town.procedure.verbs if verb.code != "note")
    clocks = tuple(
        replace(one, limit="own", value=1) if one.code == "handling" else one for one in town.procedure.clocks
    )
    changed = replace(town.procedure, verbs=verbs, clocks=clocks, version=0)
    changed = replace(changed, digest=reading.digest(changed))
    catalogue.publish_procedure(procedure=changed, by=SYSTEM, at=town.clock)
    return procedures.procedure("case")


def test_a_running_matter_keeps_the_version_it_began_under(town):
    old = town.open().number
    town.road(old, until="handling")
    due = promise(old).due_at
    newer = next_version(town)
    assert newer.version == town.procedure.version + 1

    town.do(old, "note", "dispatcher", text="按原程序办理")
    town.do(old, "ask_extension", "handler", value=3, reason="等配件")
    town.do(old, "decide_extension", "dispatcher", decision="granted", reason="属实")
    assert promise(old).due_at > due
    view = queries.case(visible_to=town["dispatcher"], number=old, at=town.clock)
    assert view.procedure_version == town.procedure.version
    assert "note" in {offer.code for offer in view.offers}
    finish(town, old)
    whole(town, old)


def test_what_comes_after_it_runs_under_the_new_one_and_a_verb_it_lacks_is_not_there(town):
    town.procedure = next_version(town)
    fresh = town.open().number
    town.road(fresh, until="handling")
    assert promise(fresh).limit_value == 1
    with pytest.raises(NotFound) as refused:
        town.do(fresh, "note", "dispatcher", text="x")
    assert refused.value.code == "matters.no_verb"
    finish(town, fresh)
    whole(town, fresh)


def suspended(town):
    number = town.open().number
    town.road(number, until="handling")
    town.do(number, "contact", "handler", outcome="reached")
    town.do(number, "ask_suspension", "handler", ground="season", review_on="2026-04-20", reason="开春补种")
    town.do(number, "decide_suspension", "dispatcher", decision="granted", reason="属实")
    return number


def test_a_unit_is_dissolved_while_the_persons_clock_rests(town):
    number = suspended(town)
    before = promise(number)
    assert before.due_at is None
    bureau, third = (town.organisations[code] for code in ("bureau", "third"))
    parties.end_organisation(organisation_id=bureau.id, reason="机构改革", by=SYSTEM, at=town.later(days=2))

    # Still whole and explained; the desk takes it back, and the promise goes on where it rested.
    whole(town, number)
    wholeness.assert_explained(town, wholeness.read(number), town.clock)
    town.do(number, "reassign", "dispatcher", ground="dissolved", reason="市政设施局已并入城管局")
    matter, after = town.matter(number), promise(number)
    assert (matter.state, matter.lead_id, matter.handler_id) == ("accepted", None, None)
    assert (after.id, after.started_at) == (before.id, before.started_at)
    assert after.due_at > town.clock
    assert not SuspensionRequest.objects.filter(matter=matter, ended_at__isnull=True).exists()
    whole(town, number)

    # It cannot go back to what is no more; the refusal says so.
    with pytest.raises(InvalidForm) as refused:
        town.do(number, "dispatch", "dispatcher", organisation=str(bureau.id), reason="原单位")
    assert refused.value.errors["organisation"].code == "form.no_organisation"
    town.do(number, "dispatch", "dispatcher", organisation=str(third.id), reason="职责并入")
    town.do(number, "sign", "helper")
    whole(town, number)
    settle()
    bodies = Notice.objects.filter(person_id=town["reporter"].party_id).values_list("body", flat=True)
    assert any("正在为您重新确定承办单位，办理时限不变" in body for body in bodies)


def test_a_dissolved_units_case_in_hand_is_taken_back_with_what_it_handed_on(town):
    number = town.open().number
    town.road(number, until="handling")
    town.do(number, "hand_on", "handler", unit=str(town.organisations["third"].id), text="去看", hours=4)
    town.do(number, "ask_extension", "handler", value=3, reason="等配件")
    due = promise(number).due_at
    town.do(number, "reassign", "dispatcher", ground="duties_moved", reason="职责划转")
    facts = wholeness.read(number).facts
    assert not facts.currents("task")
    assert not facts.currents("extension_request")
    assert promise(number).due_at == due
    whole(town, number)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_last_second_of_a_year_belongs_to_it(town, seconds):
    """A day is counted from the next one: who is accepted before midnight is due a day earlier than who is after."""
    town.clock = MIDNIGHT - timedelta(hours=1)
    number = town.open().number
    at = MIDNIGHT + timedelta(seconds=seconds)
    actions.perform(number=number, verb="accept", form={}, by=town["dispatcher"], at=at)
    run = promise(number)
    assert run.started_at == at
    assert run.unpublished_year == 2027
    thursday_or_friday = datetime(2027, 1, 7 if seconds < 0 else 8, 16, 0, tzinfo=UTC)
    assert run.due_at == thursday_or_friday
    town.clock = at
    whole(town, number)
    wholeness.assert_explained(town, wholeness.read(number), at)


def test_once_a_day_means_the_day_in_china_across_the_years_end(town):
    town.clock = MIDNIGHT - timedelta(hours=1)
    number = town.open().number

    def urge(seconds):
        at = MIDNIGHT + timedelta(seconds=seconds)
        return actions.perform(number=number, verb="urge", form={}, by=town["reporter"], at=at)

    urge(-2)
    with pytest.raises(Conflict):
        urge(-1)
    urge(0)
    assert Matter.objects.get(number=number).version == 3


def test_a_rest_that_the_former_lead_asked_for_is_not_granted_to_the_next(town):
    number = town.open().number
    town.road(number, until="handling")
    town.do(number, "contact", "handler", outcome="reached")
    town.do(number, "ask_suspension", "handler", ground="season", review_on="2026-04-20", reason="开春补种")
    town.do(number, "ask_return", "handler", reason="不归我们")
    town.do(number, "decide_return", "dispatcher", decision="granted", reason="属实")
    third = str(town.organisations["third"].id)
    town.do(number, "dispatch", "dispatcher", organisation=third, reason="职责所在")
    town.do(number, "sign", "helper")
    with pytest.raises(Conflict):
        town.do(number, "decide_suspension", "dispatcher", decision="granted", reason="属实")
    whole(town, number)


def test_who_helped_has_no_part_in_what_is_diverted(town):
    number = town.open().number
    town.road(number, until="handling")
    third = str(town.organisations["third"].id)
    town.do(number, "call_assistants", "handler", organisations=[third], work="清运")
    town.do(number, "ask_return", "handler", reason="不归我们")
    town.do(number, "decide_return", "dispatcher", decision="granted", reason="属实")
    town.do(number, "divert", "dispatcher", reason="outside_duty", reply="请联系物业。")
    whole(town, number)
    with pytest.raises(NotFound):
        queries.case(visible_to=town["helper"], number=number, at=town.clock)
    town.do(number, "reopen", "reporter", reason="还没有解决")
    whole(town, number)
