"""What Open311 shows: nothing of people, positions rounded, at one price however long the list."""

from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from gongzhi.access.actor import SYSTEM
from gongzhi.exchange.token_actions import issue_token
from gongzhi.intake.actions import take_in
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Matter
from gongzhi.matters.queries import public
from gongzhi.portals.centre.tests.world import World

LIST = "/open311/v2/requests"
PERSON = {"phone": "13800138000", "name": "刘桂兰", "address": "桃源路 18 号三楼"}


def take(**more: object) -> Matter:
    given = {
        "text": "我家三楼刘桂兰门口的路灯不亮",
        "category": "020101",
        "lon": 112.912345,
        "lat": 28.212345,
        **PERSON,
    }
    opened = take_in(raw=RawReport(**{**given, **more}), by=SYSTEM, at=clock.now())  # type: ignore[arg-type]
    return Matter.objects.get(id=opened.id)


def numbers(**query: str) -> list[str]:
    answer = Client().get(f"{LIST}.json", query)
    assert answer.status_code == 200, answer.content
    return [row["service_request_id"] for row in answer.json()]


def test_nothing_of_a_person_is_anywhere_and_positions_are_rounded(world: World) -> None:
    matter = take()
    for path in (
        f"{LIST}.json",
        f"{LIST}.xml",
        f"{LIST}/{matter.number}.json",
        f"{LIST}/{matter.number}.xml",
    ):
        text = Client().get(path).content.decode()
        assert matter.number in text
        for word in ("刘桂兰", "门口", "13800138000", "三楼", "桃源路 18", "112.9123", "28.2123"):
            assert word not in text, (path, word)
    row = Client().get(f"{LIST}/{matter.number}.json").json()[0]
    assert (row["long"], row["lat"]) == (112.912, 28.212)
    assert row["description"] is None


def test_confidential_and_private_matters_are_not_there_even_by_number(world: World) -> None:
    from gongzhi.catalogue import snapshot

    private = next(n.code for n in snapshot.current().nodes.values() if n.leaf and not n.public_space)
    hidden = [take(confidential=True), take(category=private)]
    assert public.public() == []
    for matter in hidden:
        with pytest.raises(NotFound):
            public.public_one(number=matter.number)
        for path in (f"{LIST}/{matter.number}", f"/open311/v2/tokens/{matter.number}"):
            assert Client().get(f"{path}.json").status_code == 404
        assert numbers(service_request_id=matter.number) == []
        assert numbers(service_code=private) == []


def test_filters_hold_together(world: World) -> None:
    lamp, old = take(), take()
    now = clock.now()
    Matter.objects.filter(id=old.id).update(
        opened_at=now - timedelta(days=100), closed_at=now, stage="closed", state="closed", due_at=None
    )
    assert numbers() == [lamp.number]  # the last 90 days
    assert set(numbers(service_request_id=f"{lamp.number},{old.number}")) == {lamp.number, old.number}
    since, until = (f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (110, 95))
    assert numbers(start_date=since, end_date=until) == [old.number]
    assert numbers(start_date=since, end_date=until, status="open") == []
    assert numbers(start_date=since, end_date=until, status="closed") == [old.number]
    assert numbers(service_code="020101,0000") == [lamp.number]
    assert numbers(service_code="0000") == []
    assert len(numbers(page_size="1")) == 1


def test_a_list_of_fifty_costs_what_a_list_of_five_costs(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"{LIST}.json")
        return len(queries)

    for _ in range(5):
        take()
    cost()  # catalogues are read once
    few = cost()
    for _ in range(45):
        take()
    assert cost() == few


def test_wrong_methods_and_unknown_numbers_are_error_documents(world: World) -> None:
    refused = Client().delete(f"{LIST}.xml")
    assert refused.status_code == 405
    assert refused["Allow"] == "GET, HEAD, POST"
    assert ET.fromstring(refused.content).findtext("error/code") == "405"
    missing = Client().get(f"{LIST}/NOPE.xml")
    assert missing.status_code == 404
    assert ET.fromstring(missing.content).findtext("error/description")


@pytest.mark.parametrize(
    "more",
    [
        {"description": ""}, {"description": "x" * 20_000}, {"description": "a\x00b"}, {"lat": "x", "long": "y"},
        {"lat": "28.2"}, {"phone": "12"}, {"service_code": "no-such"}, {"service_code": ""}, {"first_name": "x" * 500},
        {"address_string": "x" * 5_000},
    ],
)  # fmt: skip
def test_wrong_fields_are_told_and_store_nothing(world: World, more: dict[str, str]) -> None:
    form = {"service_code": "020101", "description": "路灯不亮", **more}
    answer = Client().post(f"{LIST}.json", form)
    assert answer.status_code == 400, answer.content
    assert all(error["code"] == 400 and error["description"] for error in answer.json())
    assert not Matter.objects.exists()


def test_a_picture_comes_along_and_something_else_is_refused(world: World) -> None:
    key = issue_token(
        account=world.accounts["dispatcher"], name="o", days=1, by=SYSTEM, at=clock.now()
    ).secret
    content = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(content, "PNG")
    form = {"api_key": key, "service_code": "020101", "description": "路灯不亮"}
    picture = SimpleUploadedFile("a.png", content.getvalue(), "image/png")
    made = Client().post(f"{LIST}.json", {**form, "media": picture})
    assert made.status_code == 201, made.content
    assert made.json()[0]["service_notice"].startswith("follow_code=")
    program = SimpleUploadedFile("a.png", b"MZ" + b"\0" * 500, "image/png")
    assert Client().post(f"{LIST}.json", {**form, "media": program}).status_code == 400


def test_without_a_key_a_network_is_limited(world: World) -> None:
    form = {"service_code": "020101", "description": "路灯不亮"}
    statuses = [Client().post(f"{LIST}.json", form).status_code for _ in range(22)]
    assert statuses[0] == 201
    assert statuses[-1] == 429
