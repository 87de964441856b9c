"""What may not be given to a street or a community (北京市接诉即办工作条例 第十七条, 履职事项清单)."""

from gongzhi.mandates.rules import refuse
from gongzhi.mandates.tests.conftest import C, D, S


def judge(table, ids, who, at, category="010101", area=C):
    kind = who if who in ("street", "community") else "bureau"
    found = refuse(table, category=category, area_path=area, organisation_id=ids[who], kind=kind, at=at)
    return found.code if found else None


def test_an_item_taken_back_is_refused_to_a_street(table, entry, organisation_ids, at):
    taken = table(entry("bureau", "0101", part="taken_back"))
    assert judge(taken, organisation_ids, "street", at) == "mandates.taken_back"
    assert judge(taken, organisation_ids, "community", at) == "mandates.taken_back"
    assert judge(taken, organisation_ids, "other", at) is None


def test_an_assisting_item_never_has_a_street_or_community_as_lead(table, entry, organisation_ids, at):
    for who in ("street", "community"):
        helping = table(entry("bureau", "0101"), entry(who, "0101", S, role="assist", part="assisting"))
        assert judge(helping, organisation_ids, who, at) == "mandates.assisting_only"


def test_an_item_outside_its_list_is_refused_to_a_community_but_not_to_a_street(
    table, entry, organisation_ids, at
):
    plain = table(entry("bureau", "0101"))
    assert judge(plain, organisation_ids, "community", at) == "mandates.outside_community_list"
    assert judge(plain, organisation_ids, "street", at) is None


def test_an_item_of_its_own_list_is_given_to_a_community(table, entry, organisation_ids, at):
    own = table(entry("community", "0101", C))
    assert judge(own, organisation_ids, "community", at) is None


def test_a_mandate_of_another_place_does_not_open_the_list(table, entry, organisation_ids, at):
    elsewhere = table(entry("community", "0101", "510000/001/002/"))
    assert judge(elsewhere, organisation_ids, "community", at) == "mandates.outside_community_list"


def test_a_taking_back_that_ended_no_longer_refuses(table, entry, organisation_ids, at):
    over = table(entry("bureau", "0101", D, part="taken_back", until=at))
    assert judge(over, organisation_ids, "street", at) is None
