"""What a unit says to a resident is read by its head first: the first draft comes back, the second goes out."""

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.catalogue.models import Category
from gongzhi.grants import actions as grants
from gongzhi.kernel.clock import now
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account
from tests.journeys.people import Town, page, photo

DRAFT, SECOND = "已处理，下次不会了。", "已更换光源两只，并查明电缆受潮，本周内换管。"


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    town.world.accounts["head"] = _head(town)
    Category.objects.update(sign_off_required=True, verification_required=False)
    return town


def _head(town: Town) -> Account:
    station, at = town.world.organisations["lighting"].id, now()
    person = parties.register_person(name="马建国", contacts=[], by=SYSTEM, at=at)
    account = parties.create_account(
        username="ma.jianguo",
        password="a long enough one",
        person_id=person.id,
        display_name="马建国",
        by=SYSTEM,
        at=at,
    )
    grants.give(account_id=account.id, role="unit_head", organisation_id=station, by=SYSTEM, at=at)
    return account


def test_the_first_draft_comes_back_and_the_second_goes_out_in_the_heads_words(town: Town) -> None:
    number = town.report("江滨路的路灯坏了三天，一片黑")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归他们")
    town.desk("handler", number, "sign")
    town.desk("handler", number, "contact", outcome="reached")

    # He cannot answer past his head; he submits, with a photo for the resident.
    assert town.desk("handler", number, "answer", result="solved", reply=DRAFT, evidence=photo()) == 409
    shared = {"evidence": photo(), "evidence-shared": "1"}
    assert town.desk("handler", number, "submit", result="solved", reply=DRAFT, **shared) == 302
    told = town.told(number)
    assert "正在办理" in town.page(number)
    assert DRAFT not in town.page(number)
    assert "after.jpg" not in town.page(number)

    # Nobody else signs, the head does not send it back without a word.
    for who in ("handler", "dispatcher", "quality"):
        assert town.desk(who, number, "sign_off", decision="granted") in (403, 404)
    assert DRAFT in (page(town, "head", number) or "")
    assert town.desk("head", number, "sign_off", decision="refused") == 422
    assert town.desk("head", number, "sign_off", decision="refused", note="原因没有写清") == 302
    assert town.state(number) == "handling"
    assert town.told(number) == told

    assert (
        town.desk(
            "handler",
            number,
            "submit",
            result="solved",
            reply="已更换光源两只。",
            **shared | {"evidence": photo()},
        )
        == 302
    )
    assert town.desk("head", number, "sign_off", decision="granted", reply=SECOND) == 302
    assert SECOND in town.page(number)
    assert DRAFT not in town.page(number)
    assert "已更换光源两只。" not in town.page(number)
    assert len(town.told(number)) == len(told) + 1
    assert town.desk("head", number, "sign_off", decision="granted") == 409
