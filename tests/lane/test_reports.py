"""POST /lane/reports through the public port."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.lane.conftest import Door
from tests.load import people

pytestmark = pytest.mark.embedded

_OPENED_AT = """
from gongzhi.matters.models import Matter
print(json.dumps(Matter.objects.get(number=given).opened_at.isoformat()))
"""

REPORT = {"text": "小区门口路灯不亮三天了", "lon": 112.93, "lat": 28.23, "phone": "13800138000"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def problem(answer: requests.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, object] = answer.json()
    assert found["status"] == status
    assert found["detail"]
    assert "Traceback" not in answer.text
    return found


def fields(answer: requests.Response) -> set[str]:
    return {error["field"] for error in answer.json()["errors"]}


def test_a_program_with_a_token_opens_a_matter(door: Door) -> None:
    answer = door.report(REPORT)
    assert answer.status_code == 201
    opened = answer.json()
    assert opened["new"] is True
    follow = requests.post(
        f"{door.url}/api/v1/reports/{opened['number']}/following",
        json={"code": opened["follow_code"]},
        timeout=30,
    )
    assert follow.status_code == 200
    assert follow.json()["header"]["number"] == opened["number"]


def test_anybody_may_report_but_not_endlessly_nor_under_foreign_ids(door: Door) -> None:
    assert door.report(REPORT, token="").status_code == 201
    assert fields(door.report({**REPORT, "external_id": "a-1"}, token="")) == {"external_id"}
    answers = [door.report(REPORT, token="") for _ in range(25)]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    assert problem(refused[-1], 429)["code"] == "web.too_many"
    assert int(refused[-1].headers["Retry-After"]) > 0


def test_wrong_fields_are_named_in_the_readers_language(door: Door) -> None:
    wrong = {"text": "", "phone": "12", "lon": 112.9}
    chinese = door.report(wrong, **{"Accept-Language": "zh-CN,zh"})
    english = door.report(wrong, **{"Accept-Language": "en-GB,en"})
    for answer, language in ((chinese, "zh-hans"), (english, "en")):
        problem(answer, 422)
        assert {"text", "phone", "lat"} <= fields(answer)
        assert answer.headers["content-language"] == language
    assert "电话号码不正确" in chinese.text
    assert "telephone number" in english.text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "字" * 10_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": 7}, "text"),
        ({"title": "x" * 5_000}, "title"),
        ({"address": "x" * 5_000}, "address"),
        ({"lon": "east", "lat": 28.0}, "lon"),
        ({"lon": 500, "lat": 28.0}, "lon"),
        ({"lon": 28.23, "lat": 112.93}, "lon"),
        ({"system": "mars"}, "system"),
        ({"category": "no-such"}, "category"),
        ({"name": "字" * 500}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": []}, "phone"),
        ({"anonymous": "perhaps"}, "anonymous"),
        ({"urgency": "panic"}, "urgency"),
        ({"opened_at": "2999-01-01T00:00:00Z"}, "opened_at"),
        ({"opened_at": "0001-01-01T00:00:00Z"}, "opened_at"),
        ({"opened_at": "yesterday"}, "opened_at"),
        ({"opened_at": "2026-03-01T08:00:00"}, "opened_at"),
        ({"external_id": "x" * 500}, "external_id"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_every_field_refuses_what_it_cannot_hold(door: Door, more: dict[str, object], field: str) -> None:
    answer = door.report({**REPORT, **more})
    problem(answer, 422)
    assert field in fields(answer)


def test_when_it_happened_may_be_said(door: Door) -> None:
    number = door.report({**REPORT, "opened_at": "2026-03-01T08:00:00+08:00"}).json()["number"]
    found = people.inside(door.town, _OPENED_AT, number)
    assert found == "2026-03-01T00:00:00+00:00"


def test_html_is_only_text(door: Door) -> None:
    assert door.report({**REPORT, "text": "<script>alert(1)</script> 路灯"}).status_code == 201


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", '{"text":"路灯"}'.encode("gbk"), b'{"text":"\\ud800"}', b"[" * 60_000]
)
def test_what_is_no_json_of_ours_is_told_so(door: Door, body: bytes) -> None:
    problem(door.report(body), 422)


def test_too_much_is_refused(door: Door) -> None:
    problem(door.report(b'{"text":"' + b"x" * 10_000_000 + b'"}'), 413)


def test_a_wrong_token_and_a_wrong_method(door: Door) -> None:
    wrong = door.report(REPORT, token="gz_nothing")
    problem(wrong, 401)
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    read = requests.get(f"{door.url}/lane/reports", timeout=30)
    problem(read, 405)
    assert read.headers["Allow"] == "POST"


def test_a_repeated_key_gets_the_same_answer_and_other_content_is_refused(door: Door) -> None:
    given = key()
    first, again = door.report(REPORT, **given), door.report(REPORT, **given)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    other = door.report({**REPORT, "text": "井盖没了"}, **given)
    assert problem(other, 422)["code"] == "lane.key_reused"
    problem(door.report(REPORT, **{"Idempotency-Key": "x" * 129}), 422)


def test_a_refused_request_may_be_corrected_under_its_key(door: Door) -> None:
    given = key()
    problem(door.report({**REPORT, "phone": "12"}, **given), 422)
    assert door.report(REPORT, **given).status_code == 201


def test_fifty_equal_requests_at_once_have_one_effect_and_equal_answers(door: Door) -> None:
    given, before = key(), set(door.numbers())
    body = json.dumps(REPORT).encode()
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: door.report(body, **given), range(50)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert set(door.numbers()) - before == {answers[0].json()["number"]}


def test_one_key_at_both_doors_at_once_has_one_effect_each_at_most(door: Door) -> None:
    given, before = key(), set(door.numbers())

    def send(n: int) -> int:
        path = "/lane/reports" if n % 2 else "/api/v1/reports"
        headers = {"Authorization": f"Bearer {door.token}", **given}
        return requests.post(door.url + path, json=REPORT, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = set(pool.map(send, range(20)))
    assert statuses == {201, 422}  # the key belongs to the door that was first
    assert len(set(door.numbers()) - before) == 1


def test_an_external_id_is_taken_in_once_however_often_and_however_parallel(door: Door) -> None:
    report = {**REPORT, "external_id": uuid.uuid4().hex}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: door.report(report), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["number"] for answer in answers}) == 1


def test_strangers_do_not_meet_in_one_anothers_keys(door: Door) -> None:
    """A program and an anonymous visitor use the same key: two keys."""
    given = key()
    program, visitor = door.report(REPORT, **given), door.report(REPORT, token="", **given)
    assert program.status_code == 201
    assert visitor.status_code in (201, 429)
    if visitor.status_code == 201:
        assert visitor.json()["number"] != program.json()["number"]


_WORDS_KEPT = """
from gongzhi.matters.models import MatterText
print(json.dumps(list(MatterText.objects.filter(matter__number=given).values_list("text", "address"))[0]))
"""


@pytest.mark.parametrize("letter", ["\x00", "\x1b[2J", "\x9b", "\u202e", "\u2066"])
def test_letters_nobody_sees_are_refused_by_their_field(door: Door, letter: str) -> None:
    for name in ("text", "title", "address", "name", "category"):
        answer = door.report({**REPORT, name: f"路灯{letter}不亮"})
        problem(answer, 422)
        assert name in fields(answer), name
