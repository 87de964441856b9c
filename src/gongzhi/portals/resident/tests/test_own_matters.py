"""What a reporter does with their own matter, and the list of them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.matters.models import Appraisal, Note
from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.conftest import Do
from gongzhi.portals.resident.tests.people import LAT, LON, PAYLOAD, matter, resident, sent, visitor, words
from gongzhi.portals.resident.tests.test_reporting import photo
from gongzhi.web.tests.people import signed_in

GOOD = {"level": "5", "contacted": "true", "solved": "true", "comment": "谢谢师傅"}


def test_a_message_with_a_photo_is_added_once(world: World) -> None:
    client = visitor()
    number, _ = sent(client)
    for _ in range(2):
        form = {"_once": "6a2f9c1e-0000-4000-8000-000000000001", "text": "又灭了一盏", "files": [photo()]}
        assert client.post(f"/matters/{number}/message/", form).status_code == 302
    assert Note.objects.count() == 1
    assert "又灭了一盏" in words(client.get(f"/matters/{number}/"))


def test_appraising_is_done_once_and_shown_back(world: World, move: Do) -> None:
    client = visitor()
    number, _ = sent(client)
    move(number, until="answer")
    assert "非常满意" in words(client.get(f"/matters/{number}/"))
    form = {"_once": str(uuid4()), **GOOD}
    for _ in range(2):
        assert client.post(f"/matters/{number}/appraise/", form).status_code == 302
    again = client.post(f"/matters/{number}/appraise/", GOOD)
    assert again.status_code in (403, 409, 422)
    assert Appraisal.objects.count() == 1


def test_an_unfinished_appraisal_comes_back_with_what_was_written(world: World, move: Do) -> None:
    client = visitor()
    number, _ = sent(client)
    move(number, until="answer")
    answer = client.post(f"/matters/{number}/appraise/", {"comment": "还行吧"})
    assert answer.status_code == 422
    assert "还行吧" in answer.content.decode()
    assert not Appraisal.objects.exists()


def test_a_closed_matter_is_reopened_with_a_reason_once(world: World, move: Do) -> None:
    client = visitor()
    number, _ = sent(client)
    move(number, until="close")
    assert client.post(f"/matters/{number}/reopen/", {"reason": ""}).status_code == 422
    form = {"_once": str(uuid4()), "reason": "昨晚又灭了"}
    for _ in range(2):
        assert client.post(f"/matters/{number}/reopen/", form).status_code == 302
    assert matter(number).state == "handling"
    page = words(client.get(f"/matters/{number}/"))
    assert "昨晚又灭了" in page
    assert "由市政设施所负责，" in page
    assert "前办结。" in page


@pytest.mark.parametrize("verb", ["accept", "dispatch", "close", "note", "answer", "no-such-verb"])
def test_staff_verbs_are_not_for_reporters(world: World, verb: str) -> None:
    client = visitor()
    number, _ = sent(client)
    before = matter(number).version
    assert client.post(f"/matters/{number}/{verb}/", {"text": "x", "reason": "x"}).status_code in (
        403,
        404,
        409,
    )
    assert matter(number).version == before


def test_markup_is_words(world: World, move: Do) -> None:
    client = visitor()
    number, _ = sent(client, text=PAYLOAD, address=PAYLOAD, name=PAYLOAD)
    client.post(f"/matters/{number}/message/", {"text": PAYLOAD})
    pages = [
        client.get(address) for address in ("/report/sent/", f"/matters/{number}/", "/report/", "/follow/")
    ]
    pages.append(client.post("/follow/", {"number": PAYLOAD, "code": PAYLOAD}))
    pages.append(client.post("/report/", {"text": "", "address": PAYLOAD, "phone": PAYLOAD}))
    for answer in pages:
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;" in pages[1].content.decode()


def test_a_list_of_fifty_costs_as_many_queries_as_a_list_of_five(world: World) -> None:
    lin = resident("lin")
    client, now = signed_in(lin), clock.now()

    def open_some(count: int) -> None:
        raws = [
            RawReport(text=f"路灯不亮 {n}", lon=LON, lat=LAT, reporter_id=lin.person_id) for n in range(count)
        ]
        intake.take_in_many(raws=raws, by=world.actor("dispatcher", now), at=now)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/mine/").status_code == 200
        return len(caught)

    open_some(5)
    client.get("/mine/")
    five = asked()
    open_some(45)
    assert asked() == five


def test_the_list_goes_on_page_by_page(world: World) -> None:
    lin = resident("lin")
    client, now = signed_in(lin), clock.now()
    raws = [RawReport(text=f"路灯不亮 {n}", lon=LON, lat=LAT, reporter_id=lin.person_id) for n in range(25)]
    opened = intake.take_in_many(raws=raws, by=world.actor("dispatcher", now), at=now)
    first = client.get("/mine/")
    second = client.get("/mine/", {"after": first.context["next"]})
    seen = [line.number for page in (first, second) for line in page.context["lines"]]
    assert sorted(seen) == sorted(one.number for one in opened)  # type: ignore[union-attr]
    assert client.get("/mine/", {"after": "\x00nonsense"}).status_code in (200, 422)


def test_an_empty_list_says_what_to_do(world: World) -> None:
    page = signed_in(resident("lin")).get("/mine/")
    assert "还没有诉求" in words(page)
    assert 'href="/report/"' in page.content.decode()
