"""The API: reporting once, reading what one may see, one verb at a time, problems in words."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World

Programs = Callable[[str], Client]
JSON = "application/json"


def post(client: Client, path: str, body: object, **headers: str):
    content = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(path, content, content_type=JSON, headers=headers)


def test_a_report_is_opened_and_a_repeated_key_gets_the_same_answer(program: Programs, report) -> None:
    client = program("dispatcher")
    first = post(client, "/api/v1/reports", report, **{"idempotency-key": "k-1"})
    again = post(client, "/api/v1/reports", report, **{"idempotency-key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert first["Location"].endswith(first.json()["number"])
    assert Matter.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(program: Programs, report) -> None:
    client = program("dispatcher")
    post(client, "/api/v1/reports", report, **{"idempotency-key": "k-1"})
    other = post(client, "/api/v1/reports", {**report, "text": "井盖没了"}, **{"idempotency-key": "k-1"})
    assert other.status_code == 422
    assert other.json()["code"] == "web.key_reused"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_are_one_matter(program: Programs, report) -> None:
    client = program("dispatcher")

    def send(_: int) -> tuple[int, str]:
        try:
            answer = post(client, "/api/v1/reports", report, **{"idempotency-key": "k-1"})
            return answer.status_code, answer.json().get("number", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert Matter.objects.count() == 1


def test_an_external_id_is_taken_in_once(program: Programs, report) -> None:
    client = program("dispatcher")
    first = post(client, "/api/v1/reports", {**report, "external_id": "hotline-7"})
    again = post(client, "/api/v1/reports", {**report, "external_id": "hotline-7"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["new"] is False
    assert first.json()["number"] == again.json()["number"]


def test_owner_colleague_and_stranger_of_a_matter(program: Programs, world: World, report) -> None:
    number = post(program("dispatcher"), "/api/v1/reports", report).json()["number"]
    assert program("dispatcher").get(f"/api/v1/matters/{number}").status_code == 200
    for stranger in ("neighbour", "handler", "other_handler"):
        client = program(stranger)
        assert client.get(f"/api/v1/matters/{number}").status_code == 404
        assert client.get("/api/v1/matters").json()["items"] == []
        assert post(client, f"/api/v1/matters/{number}/transitions", {"verb": "accept"}).status_code == 404
    assert Client().get(f"/api/v1/matters/{number}").status_code == 404
    assert Client().get("/api/v1/matters").json()["items"] == []


def test_a_transition_needs_the_version_it_was_decided_on(program: Programs, report) -> None:
    client = program("dispatcher")
    number = post(client, "/api/v1/reports", report).json()["number"]
    path = f"/api/v1/matters/{number}/transitions"
    etag = client.get(f"/api/v1/matters/{number}")["ETag"]
    assert client.get(f"/api/v1/matters/{number}", headers={"if-none-match": etag}).status_code == 304
    assert post(client, path, {"verb": "accept"}, **{"if-match": '"99"'}).status_code == 412
    assert post(client, path, {"verb": "accept"}, **{"if-match": "nonsense"}).status_code == 422
    done = post(client, path, {"verb": "accept"}, **{"if-match": etag})
    assert (done.status_code, done.json()["state"]) == (201, "accepted")
    twice = post(client, path, {"verb": "accept"})
    assert twice.status_code == 409
    assert "待派单" in twice.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "字" * 10_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "路灯", "lon": "x", "lat": 1}, "lon"),
        ({"text": "路灯", "lon": 500, "lat": 1}, None),
        ({"text": "路灯", "category": "no-such"}, "category"),
        ({"text": "路灯", "phone": "12"}, "phone"),
        ({"text": "路灯", "opened_at": "2999-01-01T00:00:00Z"}, "opened_at"),
        ({"text": ["a"]}, "text"),
        ({"text": "路灯", "urgency": "panic"}, "urgency"),
    ],
)
def test_a_wrong_field_is_named_in_words(program: Programs, body, field) -> None:
    answer = post(program("dispatcher"), "/api/v1/reports", body)
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    if field:
        assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    "content", [b"{bad", b"", b"[]", "路灯".encode("gbk"), b'{"text": ' + b"[" * 5_000, b"null"]
)
def test_unreadable_bodies_are_problems_never_crashes(program: Programs, content: bytes) -> None:
    answer = post(program("dispatcher"), "/api/v1/reports", content)
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("application/problem+json")


def test_problems_speak_the_reader_s_language(program: Programs) -> None:
    client = program("dispatcher")
    english = client.get("/api/v1/matters/NOPE", headers={"accept-language": "en"}).json()
    chinese = client.get("/api/v1/matters/NOPE", headers={"accept-language": "zh-CN"}).json()
    assert english["code"] == chinese["code"]
    assert english["detail"] != chinese["detail"]


def test_a_bad_token_is_told_so_everywhere(world: World) -> None:
    client = Client(headers={"authorization": "Bearer gz_nothing"})
    for path in ("/api/v1/matters", "/api/v1/exchange/tokens", "/api/v1/catalogue/categories"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_without_csrf_token_may_read_but_not_write(world: World, report) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.accounts["dispatcher"])
    assert client.get("/api/v1/matters").status_code == 200
    assert post(client, "/api/v1/reports", report).status_code == 403


def test_pages_by_cursor_are_whole_and_cost_the_same(program: Programs, report) -> None:
    client = program("dispatcher")
    for number in range(7):
        post(client, "/api/v1/reports", {**report, "text": f"路灯 {number}"})
    seen, after = [], ""
    while True:
        page = client.get("/api/v1/matters", {"limit": 3, "order": "newest", "after": after}).json()
        seen += [item["number"] for item in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 7
    with CaptureQueriesContext(connection) as few:
        client.get("/api/v1/matters", {"limit": 1})
    with CaptureQueriesContext(connection) as many:
        client.get("/api/v1/matters", {"limit": 7})
    assert len(few) == len(many)


def test_the_follow_code_or_the_phone_opens_one_s_own_report(program: Programs, report) -> None:
    opened = post(program("dispatcher"), "/api/v1/reports", report).json()
    path = f"/api/v1/reports/{opened['number']}/following"
    assert post(Client(), path, {"code": opened["follow_code"]}).status_code == 200
    assert post(Client(), path, {"phone": "13800138000"}).status_code == 200
    assert post(Client(), path, {"code": "AAAAAAAA"}).status_code == 404
    assert post(Client(), path, {}).status_code == 404


def test_the_description_is_openapi_and_covers_every_address(world: World) -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert len(schema["paths"]) > 20
