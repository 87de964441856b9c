"""Every call of the API answers what its description says, and every refusal is a problem."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gongzhi.access.actor import SYSTEM
from gongzhi.api.v1.app import api
from gongzhi.kernel import clock
from gongzhi.notices import actions as notices
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import staff

Programs = Callable[[str], Client]
NEVER = UUID(int=7)


def operations() -> Iterator[tuple[str, str, Any]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, prefix + path, operation


OPERATIONS = {(method, path): operation for method, path, operation in operations()}


@pytest.fixture
def people(world: World) -> World:
    world.accounts["integrator"] = staff("inte.grator", role="integrator")
    return world


def fits(method: str, path: str, answer: Any) -> Any:
    """The declared model takes the answer, and the answer has nothing that is not declared."""
    model = OPERATIONS[method, path].response_models[answer.status_code]
    if model is None:
        assert not answer.content
        return None
    content = answer.json()
    parsed = model.model_validate({"response": content}).model_dump(mode="json")["response"]
    assert set(keys(content)) <= set(keys(parsed)), set(keys(content)) - set(keys(parsed))
    return content


def keys(content: Any, at: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield f"{at}.{name}"
            yield from keys(value, f"{at}.{name}")
    elif isinstance(content, list):
        for value in content:
            yield from keys(value, f"{at}[]")


def test_every_call_declares_what_it_answers() -> None:
    silent = [
        (method, path)
        for (method, path), operation in OPERATIONS.items()
        if set(operation.response_models) == {200} and operation.response_models[200] is type(None)
    ]
    assert not silent
    assert len(OPERATIONS) > 30


def test_every_reading_call_answers_as_described(people: World, program: Programs, report) -> None:
    client, integrator = program("dispatcher"), program("integrator")
    number = client.post("/api/v1/reports", report, content_type="application/json").json()["number"]
    client.post(f"/api/v1/matters/{number}/transitions", {"verb": "accept"}, content_type="application/json")
    today = clock.now().date()
    days = {"since": str(today - timedelta(days=14)), "until": str(today + timedelta(days=1))}
    asked: dict[str, dict[str, Any]] = {
        "/matters": {"limit": 5},
        "/matters/queues": {},
        "/matters/clusters": {"west": 112, "south": 28, "east": 114, "north": 29, "zoom": 17},
        "/matters/{number}": {},
        "/places/areas": {},
        "/places/point": {"lon": 112.91, "lat": 28.21},
        "/places/address": {"text": "桃源街道第一社区"},
        "/catalogue/categories": {},
        "/catalogue/categories/suggestions": {"text": "路灯不亮"},
        "/catalogue/procedures": {},
        "/catalogue/procedures/{code}": {},
        "/catalogue/mandates": {},
        "/catalogue/mandates/findings": {},
        "/catalogue/mandates/route": {"category": "0201", "area": ""},
        "/statistics/rates": days,
        "/statistics/weeks": days,
        "/statistics/durable": days,
        "/statistics/derived": days,
        "/organisations": {},
        "/notices": {},
        "/exchange/tokens": {},
    }
    for path, query in asked.items():
        address = "/api/v1" + path.replace("{number}", number).replace("{code}", "case")
        answer = client.get(address, query)
        assert answer.status_code == 200, (path, answer.content)
        assert fits("GET", path, answer) is not None, path
    hook = integrator.post(
        "/api/v1/exchange/webhooks", {"url": "https://93.184.216.34/x"}, content_type="application/json"
    )
    made = fits("POST", "/exchange/webhooks", hook)
    assert fits("GET", "/exchange/webhooks", integrator.get("/api/v1/exchange/webhooks"))
    deliveries = integrator.get(f"/api/v1/exchange/webhooks/{made['id']}/deliveries")
    assert fits("GET", "/exchange/webhooks/{subscription_id}/deliveries", deliveries) == []


def test_every_writing_call_answers_as_described(people: World, program: Programs, report) -> None:
    client, integrator = program("dispatcher"), program("integrator")

    def post(path: str, body: Any, who: Client = client, **parts: str) -> Any:
        answer = who.post("/api/v1" + path.format(**parts), body, content_type="application/json")
        assert answer.status_code in (200, 201, 204), (path, answer.content)
        return fits("POST", path, answer)

    opened = post("/reports", report)
    number = opened["number"]
    post("/reports/{number}/following", {"code": opened["follow_code"]}, number=number)
    post("/matters/{number}/transitions", {"verb": "accept"}, number=number)
    issued = post("/exchange/tokens", {"name": "x", "days": 3}, integrator)
    assert integrator.delete(f"/api/v1/exchange/tokens/{issued['id']}").status_code == 204
    begun = post("/files/uploads", {"name": "a.txt", "size_bytes": 5, "purpose": "evidence"})
    headers = {"upload-token": begun["token"]}
    put = client.put(
        f"/api/v1/files/uploads/{begun['id']}/bytes?offset=0",
        b"hello",
        content_type="text/plain",
        headers=headers,
    )
    assert fits("PUT", "/files/uploads/{upload_id}/bytes", put) == {"received_bytes": 5}
    read = client.get(f"/api/v1/files/uploads/{begun['id']}", headers=headers)
    assert fits("GET", "/files/uploads/{upload_id}", read) == {"received_bytes": 5}
    kept = client.post(f"/api/v1/files/uploads/{begun['id']}/completion", headers=headers)
    assert fits("POST", "/files/uploads/{upload_id}/completion", kept)["size_bytes"] == 5
    found = client.get(f"/api/v1/files/{kept.json()['id']}")
    assert b"".join(found.streaming_content) == b"hello"


def problem(answer: Any, status: int | None = None) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code == (status or answer.status_code)
    assert found["detail"]
    return found


@pytest.mark.parametrize(("method", "path"), sorted(OPERATIONS))
def test_refusals_of_every_call_are_problems(world: World, method: str, path: str) -> None:
    """Unknown ids, no token, a wrong token, a body that is none, and a method that is none."""
    address = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: str(NEVER) if m[1].endswith("_id") else "NOPE", path)
    wrong = Client(headers={"authorization": "Bearer gz_nothing"})
    problem(wrong.generic(method, address), 401)
    anybody = Client().generic(method, address, b"{", content_type="application/json")
    if anybody.status_code >= 400:
        problem(anybody)
    refused = Client().generic("PATCH", address)
    assert refused["Allow"]
    problem(refused, 405)


def test_unknown_addresses_are_problems(world: World) -> None:
    for address in (
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/matters",
        "/api/v1/matters/x/y/z",
    ):
        answer = Client().get(address)
        assert answer.status_code in (301, 404)
        if answer.status_code == 404:
            problem(answer)


LONG = "字" * 20_000
ODD = [
    "",
    None,
    LONG,
    7,
    -1,
    1.5,
    True,
    [],
    {},
    "a\x00b",
    "\x1b[31m",
    "<script>alert(1)</script>",
    "\u202e",
    "💡" * 50,
]


@pytest.mark.parametrize(
    "field",
    ["text", "title", "category", "address", "area", "lon", "lat", "system", "name", "phone", "anonymous", "confidential",
     "urgency", "channel", "external_id", "opened_at", "files"],
)  # fmt: skip
def test_every_field_of_a_report_may_be_anything(program: Programs, report, field: str) -> None:
    client = program("dispatcher")
    for value in ODD:
        answer = client.post("/api/v1/reports", {**report, field: value}, content_type="application/json")
        assert answer.status_code in (200, 201, 422), (field, value, answer.content)
        if answer.status_code == 422:
            errors = problem(answer)["errors"]
            assert all(error["detail"] and "%(" not in error["detail"] for error in errors)
            assert any(error["field"].split(".")[0] in (field, "lon", "lat") for error in errors), (
                value,
                errors,
            )


def test_wrong_shapes_are_told_in_the_readers_language(program: Programs) -> None:
    client = program("dispatcher")
    body = json.dumps({"text": 7, "lon": "x", "anonymous": "perhaps", "urgency": "panic", "files": ["x"]})
    for language, words in (("zh-CN", "应为文字"), ("en", "Must be text")):
        answer = client.post(
            "/api/v1/reports", body, content_type="application/json", headers={"accept-language": language}
        )
        errors = {error["field"]: error["detail"] for error in problem(answer, 422)["errors"]}
        assert words in errors["text"]
        assert set(errors) == {"text", "lon", "anonymous", "urgency", "files.0"}


def test_ten_megabytes_and_gbk_are_refused(program: Programs) -> None:
    client = program("dispatcher")
    for body in (b'{"text":"' + b"x" * 10_000_000 + b'"}', '{"text":"路灯"}'.encode("gbk")):
        assert problem(client.post("/api/v1/reports", body, content_type="application/json"))["status"] < 500


def test_an_anonymous_visitor_cannot_ask_for_others_reports_by_external_id(db: None, report) -> None:
    answer = Client().post("/api/v1/reports", {**report, "external_id": "x"}, content_type="application/json")
    assert problem(answer, 422)["errors"][0]["field"] == "external_id"


def test_gaps_of_the_lists_are_for_staff(world: World, program: Programs) -> None:
    problem(Client().get("/api/v1/catalogue/mandates/findings"), 401)
    world.accounts["nobody"] = staff("just.someone", role="resident")
    problem(program("nobody").get("/api/v1/catalogue/mandates/findings"), 403)
    assert program("handler").get("/api/v1/catalogue/mandates/findings").status_code == 200


def test_notices_are_ones_own(world: World, program: Programs) -> None:
    problem(Client().get("/api/v1/notices"), 401)
    assert program("handler").get("/api/v1/notices").json() == []
    seen = program("handler").post(
        "/api/v1/notices/seen", {"notices": [str(NEVER)]}, content_type="application/json"
    )
    assert seen.json() == {"changed": 0}
    assert notices.mark_seen(notice_ids=[NEVER], by=SYSTEM, at=clock.now()) == 0


def test_exports_hold_what_the_list_shows_and_leave_a_trace(program: Programs, report) -> None:
    from gongzhi.acts.models import Act

    client = program("dispatcher")
    number = client.post(
        "/api/v1/reports", {**report, "text": "=cmd|' /C calc'!A0"}, content_type="application/json"
    ).json()["number"]
    found = client.get("/api/v1/matters/export.csv")
    text = found.getvalue().decode("utf-8-sig")
    assert number in text
    assert "13800138000" not in text
    assert not re.search(r'(^|,)"?=cmd', text, re.M)
    assert client.get("/api/v1/matters/export.xlsx").getvalue()[:2] == b"PK"
    assert Act.objects.filter(verb="api.export").count() == 2
    empty = program("neighbour").get("/api/v1/matters/export.csv").getvalue().decode()
    assert number not in empty
    problem(program("other_handler").get("/api/v1/matters/export.csv"), 403)
    problem(Client().get("/api/v1/matters/export.csv"), 401)
    problem(client.get("/api/v1/matters/export.pdf"), 422)
