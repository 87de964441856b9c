"""A session begins anew at sign-in and ends everywhere at once; nobody can ride on it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from gongzhi.access.actor import SYSTEM
from gongzhi.files.models import Attachment
from gongzhi.grants import actions as grants
from gongzhi.grants.models import Grant
from gongzhi.lane import sessions
from gongzhi.lane.sessions import actor_behind
from gongzhi.matters.models import Matter
from gongzhi.parties import actions as parties
from gongzhi.web.tests.people import PASSWORD
from tests.security.house import House
from tests.security.test_roles_verbs_states import scene

NAME = "gongzhi_session"


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lane's threads return their connections; here it is the test's own."""
    monkeypatch.setattr(sessions, "close_old_connections", lambda: None)


def sign_in(client: Client, house: House, name: str, **more: str) -> Any:
    form = {"username": house.accounts[name].username, "password": PASSWORD, **more}
    return client.post("/sign-in/", form)


def cookie(client: Client) -> str:
    return f"{NAME}={client.cookies[NAME].value}"


def test_signing_in_gives_the_session_a_new_key(house: House) -> None:
    client = Client(headers={"accept": "text/html"})
    client.post("/report/", {"text": "路灯不亮", "address": "桃源第一社区"})
    before = client.cookies[NAME].value
    assert sign_in(client, house, "dispatcher").status_code == 302
    after = client.cookies[NAME].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    stale = Client(headers={"accept": "text/html"})
    stale.cookies[NAME] = before
    assert stale.get("/desk/").status_code == 302


def test_a_planted_session_key_is_never_taken_over(house: House) -> None:
    client = Client(headers={"accept": "text/html"})
    client.cookies[NAME] = "a" * 32
    sign_in(client, house, "dispatcher")
    assert client.cookies[NAME].value != "a" * 32


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(house: House) -> None:
    client = Client()
    sign_in(client, house, "dispatcher")
    given = client.cookies[NAME]
    assert given["httponly"]
    assert given["samesite"] == "Lax"


def addresses(house: House) -> list[str]:
    matter = scene(house, "calling_back")
    file = Attachment.objects.filter(subject_id=str(matter.id)).values_list("file_id", flat=True).first()
    return [
        "/desk/", f"/desk/cases/{matter.number}/", f"/api/v1/matters/{matter.number}", f"/files/{file}/",
        f"/api/v1/files/{file}", "/desk/export.csv?queue=all",
    ]  # fmt: skip


def assert_dead(client: Client, pages: list[str], opened: str) -> None:
    for address in pages:
        answer = client.get(address)
        assert answer.status_code in (302, 401, 403, 404), address
    assert actor_behind(opened) is None


def test_after_signing_out_pages_api_downloads_and_stream_are_closed(house: House) -> None:
    pages = addresses(house)
    client = Client(headers={"accept": "text/html"})
    sign_in(client, house, "dispatcher")
    opened, key = cookie(client), client.cookies[NAME].value
    assert [client.get(address).status_code for address in pages] == [200] * len(pages)
    assert actor_behind(opened) is not None
    client.post("/sign-out/")
    thief = Client(headers={"accept": "text/html"})
    thief.cookies[NAME] = key
    assert_dead(thief, pages, opened)


def test_a_disabled_account_is_out_at_its_next_request(house: House) -> None:
    pages = addresses(house)
    client = house.client("dispatcher")
    opened = cookie(client)
    assert client.get("/desk/").status_code == 200
    parties.disable_account(account_id=house.accounts["dispatcher"].id, reason="离职", by=SYSTEM, at=house.at)
    assert_dead(client, pages, opened)


def test_a_role_that_ended_opens_nothing_any_more(house: House) -> None:
    pages = addresses(house)
    client = house.client("dispatcher")
    assert client.get(pages[1]).status_code == 200
    for grant in Grant.objects.filter(account=house.accounts["dispatcher"]):
        grants.end(grant_id=grant.id, reason="调岗", by=SYSTEM, at=house.at)
    for address in pages:
        assert client.get(address).status_code in (403, 404), address
    actor = actor_behind(cookie(client))
    assert actor is not None
    assert not actor.held


def test_a_changed_password_ends_the_sessions_opened_with_the_old_one(house: House) -> None:
    client = house.client("dispatcher")
    opened = cookie(client)
    parties.set_password(
        account_id=house.accounts["dispatcher"].id, password="Another-lotus-28-pond", by=SYSTEM, at=house.at
    )
    assert client.get("/desk/").status_code == 302
    assert actor_behind(opened) is None


def test_a_live_stream_ends_when_its_session_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongzhi.lane import checking, live

    client = house.client("dispatcher")
    known = [actor_behind(cookie(client)), None]
    monkeypatch.setattr(checking, "RECHECK_SECONDS", 0.01)
    monkeypatch.setattr(live, "actor_behind", lambda _: known.pop(0))
    monkeypatch.setattr(checking, "actor_behind", lambda _: known.pop(0) if known else None)
    sent: list[Any] = []

    async def listen() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            await asyncio.sleep(5)
            return {"type": "http.disconnect"}

        scope = {"headers": [(b"cookie", cookie(client).encode())], "method": "GET", "path": "/live/stream"}
        await asyncio.wait_for(live.Streams()(scope, receive, send), timeout=4)

    asyncio.run(listen())
    assert sent[0]["status"] == 200
    assert sent[-1]["body"].startswith(b"event: end")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
     "javascript:alert(1)", "/%0d%0aLocation:%20https://evil.example", "///evil.example", "/\t/evil.example",
     "\x00//evil.example", "http://testserver@evil.example/", "/\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in_or_changing_language(house: House, wanted: str) -> None:
    client = Client(headers={"accept": "text/html"})
    answers = [
        client.post("/language/", {"language": "en", "next": wanted}),
        sign_in(client, house, "dispatcher", next=wanted),
        client.get("/sign-in/", {"next": wanted}),
    ]
    for answer in answers:
        target = answer.get("Location", "/")
        assert target.startswith("/"), target
        assert not target.startswith(("//", "/\\", "/\t")), target
        assert "\n" not in target


def test_a_forged_host_is_refused_and_appears_nowhere(house: House) -> None:
    for name in ("anonymous", "dispatcher"):
        client = house.client(name, host="evil.example")
        client.raise_request_exception = False
        for address in ("/report/", "/desk/", "/open311/v2/discovery.json", "/api/v1/matters"):
            answer = client.get(address, headers={"x-forwarded-host": "evil.example"})
            assert b"evil.example" not in answer.content, address
            assert "evil.example" not in answer.get("Location", ""), address


def test_every_write_of_a_session_needs_its_token(house: House) -> None:
    matter = house.report()
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    client.force_login(house.accounts["dispatcher"])
    acts = Matter.objects.get(id=matter.id).version
    number, some = matter.number, uuid4()
    posts = (
        f"/desk/cases/{number}/accept/", "/desk/bulk/", "/desk/filters/", f"/desk/filters/{some}/end/", "/sign-out/",
        "/desk/reports/new/", "/desk/reports/proposals/", "/report/", "/follow/", f"/matters/{number}/message/",
        "/sign-in/", "/language/", "/api/v1/reports", f"/api/v1/matters/{number}/transitions",
        "/api/v1/files/uploads", "/api/v1/exchange/webhooks", "/api/v1/exchange/tokens",
        f"/api/v1/reports/{number}/following",
    )  # fmt: skip
    bodies = {"application/json": '{"verb":"accept","form":{},"text":"x"}', "text/plain": '{"verb":"accept"}',
              "application/x-www-form-urlencoded": "verb=accept&text=x"}  # fmt: skip
    for address in posts:
        for kind, body in bodies.items():
            answer = client.post(address, body, content_type=kind)
            assert answer.status_code == 403, (address, kind, answer.status_code)
    assert client.delete(f"/api/v1/exchange/tokens/{some}").status_code == 403
    assert Matter.objects.get(id=matter.id).version == acts
    assert client.get("/desk/").status_code == 200  # and it was not signed out


def test_no_answer_lets_another_site_read_it(house: House) -> None:
    client = house.client("dispatcher", origin="https://evil.example")
    for address in ("/api/v1/matters", "/desk/", "/open311/v2/requests.json"):
        answer = client.get(address)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_unknown_name_and_a_wrong_password_look_alike(house: House) -> None:
    pages = []
    for username in (house.accounts["dispatcher"].username, "nobody.at.all"):
        answer = Client(headers={"accept": "text/html"}).post(
            "/sign-in/", {"username": username, "password": "wrong"}
        )
        pages.append((answer.status_code, answer.content.decode().replace(username, "")))
    without_tokens = [
        (status, "".join(line for line in page.split(">") if "csrf" not in line)) for status, page in pages
    ]
    assert without_tokens[0] == without_tokens[1]
