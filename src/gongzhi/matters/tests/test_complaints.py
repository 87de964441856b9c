"""A complaint about a unit or one of its people goes past them and is kept from them everywhere."""

from dataclasses import replace

import pytest

from gongzhi.acts import reacting
from gongzhi.files import sight
from gongzhi.kernel.refusals import Conflict, NotFound, Refusal
from gongzhi.matters import accused, map, queries
from gongzhi.matters.models import ClockRun, Complaint, Routing
from gongzhi.matters.queries import Box, Filters
from gongzhi.matters.queries.public import public
from gongzhi.matters.tests.town import AT, Town
from gongzhi.notices.models import Notice
from gongzhi.notices.queries import for_party

BOX = Box(112, 27, 114, 29)


def complain(town: Town, *, unit: str = "", account: str = "", words: str = "") -> str:
    about = accused.accused(
        unit_id=town.organisations[unit].id if unit else None,
        account_id=town[account].id if account else None,
        words=words,
        at=AT,
    )
    route = accused.past(town.route(), about)
    return town.open(accused=about, route=route, confidential=not about.named).number


def led_by(town: Town, number: str, unit: str) -> None:
    """Even if it had reached them."""
    matter = town.matter(number)
    matter.lead = town.organisations[unit]
    matter.save()


def sees(town: Town, who: str, number: str) -> bool:
    """By every road there is; they agree."""
    actor, id_ = town[who], town.matter(number).id
    level = sight.level(actor=actor, subject_kind="matters.matter", subject_id=str(id_))
    answers = {
        number in [row.number for row in queries.page(visible_to=actor, filters=Filters(), at=AT).rows],
        number in [row.number for row in queries.search(visible_to=actor, text="路灯")],
        number in [row.number for row in queries.search(visible_to=actor, text=number)],
        number in [point.number for point in queries.clusters(visible_to=actor, box=BOX, zoom=18, at=AT)],
        level != "none",
    }
    try:
        queries.case(visible_to=actor, number=number, at=AT)
        answers.add(True)
    except NotFound:
        answers.add(False)
    [answer] = answers
    return answer


@pytest.mark.parametrize("who", ["handler", "colleague", "head"])
def test_nobody_of_the_unit_sees_it_and_its_route_goes_past_them(town: Town, who: str) -> None:
    number = complain(town, unit="bureau")
    led_by(town, number, "bureau")
    assert not sees(town, who, number)
    assert not queries.named(visible_to=town[who], ids=[town.matter(number).id])
    assert sees(town, "dispatcher", number)
    routing = Routing.objects.get(matter__number=number)
    assert routing.organisation_id is None
    assert routing.reason["code"] == "past_to_desk"
    assert "bureau局" in routing.reason["params"]["named"]


def test_the_unit_above_handles_it_with_the_reason(town: Town) -> None:
    other, bureau = town.organisations["other"], town.organisations["bureau"]
    bureau.parent, bureau.path = other, "other/bureau/"
    bureau.save()
    found = accused.past(town.route(), accused.accused(unit_id=bureau.id, account_id=None, at=AT))
    assert (found.organisation_id, found.reason.code) == (other.id, "past_to_above")
    assert other.name in found.reason.in_language("en")
    elsewhere = accused.accused(unit_id=town.organisations["third"].id, account_id=None, at=AT)
    assert accused.past(town.route(), elsewhere).organisation_id == bureau.id


def test_only_the_person_complained_of_is_shut_out_not_the_colleague(town: Town) -> None:
    number = complain(town, account="handler")
    led_by(town, number, "bureau")
    assert not sees(town, "handler", number)
    assert sees(town, "colleague", number)
    assert not sees(town, "stranger", number)


def test_a_dispatcher_complained_of_does_not_see_it_another_does(town: Town) -> None:
    number = complain(town, account="dispatcher")
    assert not sees(town, "dispatcher", number)
    assert sees(town, "east_dispatcher", number)
    assert queries.accused_accounts() == {town["dispatcher"].id}
    with pytest.raises(NotFound) as hidden:
        town.do(number, "accept", "dispatcher")
    with pytest.raises(NotFound) as nothing:
        town.do("2222222222", "accept", "dispatcher")
    assert str(hidden.value) == str(nothing.value)
    assert all(count.count == 0 for count in queries.counts(visible_to=town["dispatcher"], at=AT))
    assert any(count.count for count in queries.counts(visible_to=town["east_dispatcher"], at=AT))


def test_it_is_on_no_public_list_and_in_no_count_of_the_map(town: Town) -> None:
    town.categories["lamp"].public = True
    town.categories["lamp"].save()
    number = complain(town, unit="street")
    assert number not in [row.number for row in public()]
    map.fold()
    seen = queries.clusters(visible_to=town["dispatcher"], box=BOX, zoom=10, at=AT)
    assert sum(cluster.count for cluster in seen) == 0


def test_the_reporter_reads_their_own_complaint_even_within_the_unit(town: Town) -> None:
    insider = replace(town["colleague"], party_id=town["reporter"].party_id)
    number = complain(town, unit="bureau")
    assert queries.case(visible_to=insider, number=number, at=AT).as_reporter


def test_while_nobody_knows_who_is_meant_only_the_desk_reads_it(town: Town) -> None:
    number, other = complain(town, words="穿蓝衣服的网格员"), str(town.organisations["other"].id)
    assert not sees(town, "community_worker", number)
    town.do(number, "accept", "dispatcher")
    with pytest.raises(Conflict) as refused:
        town.do(number, "dispatch", "dispatcher", organisation=other, reason="x")
    assert refused.value.code == "matters.accused_unknown"
    town.do(number, "name_accused", "dispatcher", account=str(town["grid_worker"].id), reason="排班表")
    assert Complaint.objects.get(matter__number=number, ended_at=None).text == "穿蓝衣服的网格员"
    assert not sees(town, "grid_worker", number)
    town.do(number, "dispatch", "dispatcher", organisation=other, reason="x")


def test_it_is_not_sent_to_them_and_not_merged(town: Town) -> None:
    number = complain(town, unit="bureau")
    with pytest.raises(Conflict) as alone:
        town.do(number, "merge", "dispatcher", into=town.open().number, reason="x")
    assert alone.value.code == "matters.complaint_alone"
    town.do(number, "accept", "dispatcher")
    with pytest.raises(Refusal) as refused:
        town.do(
            number, "dispatch", "dispatcher", organisation=str(town.organisations["bureau"].id), reason="x"
        )
    assert refused.value.code == "matters.accused_unit"


def test_named_while_they_had_it_it_is_taken_away_and_earlier_notices_with_it(town: Town) -> None:
    number, unit = town.open().number, town.organisations["bureau"]
    town.road(number, until="handling")
    reacting.settle(strict=True)
    colleague = replace(town["colleague"], party_id=None)
    assert for_party(visible_to=colleague)
    town.do(number, "recuse", "dispatcher", unit=str(unit.id), reason="来电人投诉承办人推诿")
    reacting.settle(strict=True)
    matter = town.matter(number)
    assert (matter.state, matter.lead_id, matter.handler_id) == ("accepted", None, None)
    assert not for_party(visible_to=colleague)
    assert not sees(town, "handler", number)
    rows = Notice.objects.filter(subject_id=str(matter.id), person__isnull=True)
    assert not rows.exclude(kept_from_unit=unit.id).exists()
    assert ClockRun.objects.get(matter=matter, code="handling").stopped_at is None


def test_naming_nobody_is_refused(town: Town) -> None:
    with pytest.raises(Refusal) as refused:
        town.do(town.open().number, "name_accused", "dispatcher", reason="x")
    assert refused.value.code == "matters.accused_missing"
