"""Broken, enormous and forged requests at every open door: told what is wrong, never a defect of ours."""

import json
import random
from typing import Any

import pytest
from django.test import Client

from gongzhi.matters.models import Matter
from tests.security.house import House
from tests.security.test_roles_verbs_states import scene

ODD = (
    "", " ", "\x00", "a\x00b", "\U0001f600", "\u202egnp.exe", "％", "%00", "%ff", "'", '";--', "' OR 1=1--",
    "${7*7}", "{{7*7}}", "../../etc/passwd", "<script>", "-1", "0", "1e309", "nan", "inf", "9" * 400, "x" * 5_000,
    "1;DROP TABLE x", "null", "[]", "true", "2026-13-45", "9999-12-31T23:59:59Z", "0001-01-01", "١٢٣", "²", "½",
)  # fmt: skip
PARAMETERS = {
    "/desk/": ("queue", "state", "category", "area", "organisation", "q", "late", "after", "case", "open"),
    "/desk/export.csv": ("queue", "state", "category", "area", "organisation", "q"),
    "/desk/map/clusters.json": ("bbox", "zoom"),
    "/desk/statistics/": ("since", "until", "by", "weeks", "from", "category"),
    "/desk/mandates/": ("category", "area", "q", "page"),
    "/desk/precedents/": ("q", "category", "decision", "before"),
    "/desk/duty/": ("unit", "week"),
    "/desk/exchange/": ("superior", "state", "before"),
    "/desk/ledger/": ("position",),
    "/mine/": ("after",),
    "/api/v1/matters": ("queue", "state", "category", "area", "lead", "channel", "overdue", "open", "text", "opened_from",
                        "opened_until", "order", "after", "limit"),
    "/api/v1/matters/clusters": ("west", "south", "east", "north", "zoom"),
    "/api/v1/places/areas": ("below", "level"),
    "/api/v1/places/point": ("lon", "lat", "system"),
    "/api/v1/places/address": ("text",),
    "/api/v1/catalogue/procedures/case": ("version",),
    "/api/v1/catalogue/mandates": ("category", "area"),
    "/api/v1/catalogue/mandates/route": ("category", "area"),
    "/api/v1/catalogue/categories/suggestions": ("text",),
    "/api/v1/statistics/rates": ("since", "until", "by"),
    "/api/v1/statistics/weeks": ("since", "until", "by"),
    "/open311/v2/requests.json": ("service_request_id", "service_code", "status", "start_date", "end_date", "page_size"),
    "/files/0190a000-0000-7000-8000-000000000000/": ("thumbnail",),
    "/sign-in/": ("next",),
}  # fmt: skip
GOOD = {
    "/api/v1/matters/clusters": {"west": "1", "south": "1", "east": "2", "north": "2", "zoom": "3"},
    "/api/v1/places/point": {"lon": "112.9", "lat": "28.2"},
    "/api/v1/statistics/rates": {"since": "2026-01-01", "until": "2026-02-01"},
    "/api/v1/statistics/weeks": {"since": "2026-01-01", "until": "2026-02-01"},
    "/api/v1/catalogue/mandates/route": {"category": "0201"},
}


def calm(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def drained(answer: Any) -> Any:
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@pytest.mark.parametrize("address", PARAMETERS)
def test_no_value_of_a_parameter_breaks_a_page(house: House, address: str) -> None:
    house.report()
    client = calm(house.client("resident" if address == "/mine/" else "dispatcher"))
    chance = random.Random(address)
    for parameter in PARAMETERS[address]:
        for value in ("\x00", "a\x00b", *chance.sample(ODD, 9)):
            answer = drained(client.get(address, {**GOOD.get(address, {}), parameter: value}))
            assert answer.status_code < 500, (parameter, value)
            if answer.status_code >= 400 and address.startswith("/api/"):
                assert answer["Content-Type"] == "application/problem+json", (parameter, value)


def test_parts_of_an_address_may_be_anything(house: House) -> None:
    client = calm(house.client("dispatcher", accept="application/json"))
    for value in (
        "%00",
        "a%00b",
        "%ff%fe",
        "..%2f..",
        "'%3B--",
        "x" * 500,
        "%E2%80%AE",
        "½",
        "%0d%0aSet-Cookie:x=1",
    ):
        for address in (
            "/desk/cases/{}/", "/matters/{}/", "/api/v1/matters/{}", "/api/v1/matters/{}/acts", "/desk/export.{}",
            "/open311/v2/requests/{}.json", "/open311/v2/services/{}.json", "/open311/v2/tokens/{}.xml",
            "/api/v1/catalogue/procedures/{}", "/files/{}/", "/desk/procedures/{}/1/", "/static/dist/{}", "/{}",
        ):  # fmt: skip
            answer = drained(client.get(address.format(value)))
            assert 300 <= answer.status_code < 500, (address, value)
            assert "Set-Cookie" not in answer.headers
            assert "x" not in answer.cookies


@pytest.mark.parametrize("name", ["dispatcher", "anonymous"])
def test_headers_may_be_anything(house: House, name: str) -> None:
    client = calm(house.client(name))
    odd = ("zh;q=nan", "x" * 10_000, "en-US,en;q=0.9,*;q=", "\xff\xfe", "../../", "zh\x00", ";;;;,,,,", "-")
    for header in ("Accept-Language", "Accept", "X-Request-ID", "Referer", "If-None-Match", "Range", "Content-Type",
                   "HX-Current-URL", "X-Forwarded-For", "Last-Event-ID", "User-Agent", "If-Modified-Since"):  # fmt: skip
        for value in odd:
            for address in ("/report/", "/desk/", "/api/v1/matters"):
                answer = client.get(address, headers={header: value})
                assert answer.status_code < 500, (header, value, address)
                assert "\n" not in str(answer.headers.get("X-Request-ID"))
    for value in odd:
        for cookie in ("gongzhi_session", "gongzhi_csrf", "gongzhi_language", "messages"):
            fresh = calm(house.client("anonymous"))
            fresh.cookies[cookie] = value.replace("\x00", "")
            assert fresh.get("/report/").status_code < 500, (cookie, value)


BODIES = {
    "nothing": b"",
    "not json": b"{",
    "a number": b"1",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "deep objects": b'{"form":' * 20_000 + b"1" + b"}" * 20_000,
    "zero bytes": b'{"text":"a\\u0000b","verb":"note","form":{"text":"a\\u0000b"},"name":"x\\u0000","url":"\\u0000"}',
    "broken utf-8": b'{"text":"\xff\xfe\xc3\x28"}',
    "gbk": '{"text":"路灯不亮"}'.encode("gb18030"),
    "utf-16": '{"text":"路灯不亮"}'.encode("utf-16"),
    "lone surrogate": b'{"text":"\\ud800","verb":"note","form":{"text":"\\ud800"},"name":"\\udfff"}',
    "huge number": b'{"text":"x","lon":' + b"9" * 5_000 + b',"lat":1}',
    "infinity": b'{"text":"x","lon":Infinity,"lat":NaN}',
    "wrong kinds": b'{"text":{},"lon":"x","files":"y","verb":[],"form":[],"days":"z","size_bytes":-1}',
    "unknown category": '{"text":"x","category":"不存在"}'.encode(),
    "repeated": b'{"text":"a","text":{"b":1}}',
    "future": b'{"text":"x","opened_at":"9999-12-31T23:59:59Z"}',
    "ancient": b'{"text":"x","opened_at":"0001-01-01T00:00:00+14:00"}',
    "too long": json.dumps({"text": "字" * 20_000}).encode(),
}


def test_no_body_breaks_the_api(house: House) -> None:
    matter = scene(house, "handling")
    posts = ("/api/v1/reports", "/api/v1/files/uploads", "/api/v1/exchange/webhooks", "/api/v1/exchange/tokens",
             f"/api/v1/matters/{matter.number}/transitions", f"/api/v1/reports/{matter.number}/following",
             "/open311/v2/requests.json", "/open311/v2/requests.xml")  # fmt: skip
    for name in ("dispatcher", "integrator"):
        client = calm(house.client(name))
        for address in posts:
            for what, body in BODIES.items():
                for kind in (
                    "application/json",
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data",
                ):
                    answer = client.post(address, body, content_type=kind)
                    assert answer.status_code < 500, (address, what, kind)
                    if answer.status_code >= 400 and address.startswith("/api/"):
                        assert answer["Content-Type"] == "application/problem+json", (address, what)
                        assert "Traceback" not in answer.content.decode()


def test_no_form_breaks_a_public_page(house: House) -> None:
    chance = random.Random(8)
    client = calm(house.client("anonymous"))
    fields = (
        "text",
        "address",
        "lon",
        "lat",
        "category",
        "phone",
        "name",
        "confidential",
        "anonymous",
        "_once",
    )
    for n in range(60):
        form = {field: chance.choice(ODD) for field in fields}
        form["text"] = chance.choice((form["text"], "路灯不亮"))
        answer = client.post("/report/", form, headers={"x-forwarded-for": f"10.0.0.{n}"})
        assert answer.status_code in (302, 409, 422, 429), form
    for address in ("/report/", "/follow/", "/sign-in/", "/language/", "/sign-out/"):
        for what, body in BODIES.items():
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json",
                         "application/x-www-form-urlencoded; charset=nonsense"):  # fmt: skip
                assert client.generic("POST", address, body, content_type=kind).status_code < 500, (
                    address,
                    what,
                    kind,
                )


def test_every_field_of_every_verb_may_be_anything(house: House) -> None:
    matter = scene(house, "handling")
    version = Matter.objects.get(id=matter.id).version
    client = calm(house.client("handler", accept="application/json"))
    page = calm(house.client("handler"))
    for offer in house.offered("handler", matter):
        good = house.form(offer.form, house.actor("handler"))
        for field in offer.form:
            if field.kind in ("text", "long_text"):
                values: tuple[Any, ...] = ("\x00", "a\x00b", "字" * 20_000, {}, [], 1, True)
            else:
                values = (
                    "\x00",
                    "x",
                    {},
                    [[]],
                    -1,
                    10**40,
                    "9" * 400,
                    "½",
                    None if field.required else "\x00",
                )
            for value in values:
                body = {"verb": offer.code, "form": {**good, field.code: value}}
                answer = client.post(
                    f"/api/v1/matters/{matter.number}/transitions", body, content_type="application/json"
                )
                if not (field.kind == "boolean" and value is True) and answer.status_code != 409:
                    assert answer.status_code == 422 or not field.required, (offer.code, field.code, value)
                assert answer.status_code < 500, (offer.code, field.code, value)
                if isinstance(value, str):
                    posted = page.post(f"/desk/cases/{matter.number}/{offer.code}/", {field.code: value})
                    assert posted.status_code < 500, (offer.code, field.code, value)
        if Matter.objects.get(id=matter.id).state != "handling":
            matter = scene(house, "handling")
    assert version


def test_too_much_is_refused_before_it_is_read(house: House) -> None:
    client = calm(house.client("dispatcher"))
    big = b"text=" + b"x" * (3 * 1024 * 1024)
    answer = client.post("/report/", big, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413, 422)
    many = "&".join(f"f{n}=1" for n in range(3_000))
    assert client.post("/report/", many, content_type="application/x-www-form-urlencoded").status_code in (
        400,
        413,
        422,
    )
    assert client.get("/desk/", {"q": "路" * 20_000}).status_code < 500
    asked = client.get("/api/v1/matters", {"limit": 10**9})
    assert asked.status_code in (200, 422)
    assert len(asked.json().get("items", ())) <= 200
