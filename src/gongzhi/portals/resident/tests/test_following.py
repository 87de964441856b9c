"""Following with a number and a proof; strangers learn nothing."""

import re

import pytest

from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.conftest import Do
from gongzhi.portals.resident.tests.people import PHONE, resident, sent, visitor, words
from gongzhi.web.tests.people import signed_in


def test_code_or_phone_opens_the_matter_however_it_is_typed(world: World) -> None:
    number, code = sent(visitor())
    grouped = f" {number[:5].lower()}-{number[5:].lower()} "
    for proof in ({"code": code}, {"code": code.lower()}, {"phone": PHONE}, {"phone": f"+86 {PHONE}"}):
        client = visitor()
        answer = client.post("/follow/", {"number": grouped, **proof})
        assert answer.status_code == 302, proof
        assert answer["Location"] == f"/matters/{number}/"
        assert client.get(answer["Location"]).status_code == 200


def test_a_wrong_proof_and_an_unknown_number_get_the_same_answer(world: World) -> None:
    number, code = sent(visitor())
    tries = [
        {"number": number, "code": "WRONGCODE"},
        {"number": number, "phone": "13700000000"},
        {"number": number},
        {"number": "0000000000", "code": code},
        {"number": "不是编号", "code": code},
        {"number": "\x00", "phone": "\x00"},
    ]
    answers = set()
    for form in tries:
        answer = visitor().post("/follow/", form)
        assert answer.status_code == 404
        found = re.search(r'role="alert"><p>(.*?)</p>', answer.content.decode())
        answers.add(found.group(1) if found else "")
    assert len(answers) == 1
    assert "不相符" in answers.pop()


def test_guessing_is_slowed_down(world: World) -> None:
    number, code = sent(visitor())
    client = visitor()
    for _ in range(10):
        client.post("/follow/", {"number": number, "code": "WRONG"})
    answer = client.post("/follow/", {"number": number, "code": code})
    assert "太频繁" in words(answer)
    assert client.get(f"/matters/{number}/").status_code == 404


def test_the_proof_of_one_number_opens_no_other(world: World) -> None:
    client = visitor()
    mine, _ = sent(client)
    others, _ = sent(visitor(), phone="13700001111")
    assert client.get(f"/matters/{mine}/").status_code == 200
    assert client.get(f"/matters/{others}/").status_code == 404
    assert client.post(f"/matters/{others}/message/", {"text": "我来了"}).status_code == 404


def test_owner_neighbour_and_stranger(world: World) -> None:
    owner, neighbour = signed_in(resident("lin")), signed_in(resident("zhao", name="赵磊"))
    number, _ = sent(owner, phone="", name="")
    address = f"/matters/{number}/"
    assert owner.get(address).status_code == 200
    for stranger in (neighbour, visitor()):
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}message/", {"text": "我来了"}).status_code == 404
        assert stranger.post(f"{address}appraise/", {"level": "1"}).status_code == 404
    assert number not in neighbour.get("/mine/").content.decode()
    assert visitor().get("/mine/").status_code == 302


def test_no_official_is_named_to_residents(world: World, move: Do) -> None:
    client = visitor()
    number, _ = sent(client)
    move(number, until="close")
    page = client.get(f"/matters/{number}/").content.decode()
    assert "市政设施所" in page or "已办结" in page
    for account in world.accounts.values():
        assert account.display_name not in page
        assert str(account.id) not in page
    assert PHONE not in page


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("accept", "已受理，多半由市政设施所负责"),
        ("dispatch", "由市政设施所负责，"),
        ("contact", "办结。"),
        ("answer", "市政设施所已答复，请您看看解决了没有。"),
        ("close", "已办结"),
    ],
)
def test_each_step_says_who_and_by_when(world: World, move: Do, until: str, said: str) -> None:
    client = visitor()
    number, _ = sent(client)
    move(number, until=until)
    page = words(client.get(f"/matters/{number}/"))
    assert said in page
    if until == "dispatch":
        assert "前会联系您" in page
        assert "起算" in page  # how the time was counted opens with the chip
