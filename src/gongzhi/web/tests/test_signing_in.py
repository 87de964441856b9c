"""Signing in and out: equal answers, new session key, safe return, demo people only in the demo."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from gongzhi.web.models import DemoPersona
from gongzhi.web.tests.people import PASSWORD, account, signed_in

pytestmark = pytest.mark.django_db
PEOPLE = {"accept": "text/html"}


def _try(client: Client, username: str, password: str, following: str = "") -> object:
    return client.post("/sign-in/", {"username": username, "password": password, "next": following})


def test_right_password_signs_in_with_a_new_session_key() -> None:
    account("li.na")
    client = Client(headers=PEOPLE)
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.cookies["gongzhi_session"] = planted
    answer = _try(client, "li.na", PASSWORD, "/desk/?queue=late")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/?queue=late"
    assert client.cookies["gongzhi_session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_unknown_name_and_wrong_password_answer_alike() -> None:
    account("li.na")
    known = _try(Client(headers=PEOPLE), "li.na", "wrong-password-1")
    unknown = _try(Client(headers=PEOPLE), "no.body", "wrong-password-1")
    assert known.status_code == unknown.status_code == 401
    assert known.context["problem"] == unknown.context["problem"]


def test_repeated_failures_lock_known_and_unknown_names_with_the_same_words() -> None:
    account("li.na")
    answers = {}
    for name in ("li.na", "no.body"):
        client = Client(headers=PEOPLE)
        for _ in range(5):
            _try(client, name, "wrong-password-1")
        answers[name] = _try(client, name, PASSWORD)
    assert answers["li.na"].status_code == answers["no.body"].status_code == 429
    assert answers["li.na"].context["problem"] == answers["no.body"].context["problem"]


@pytest.mark.parametrize(
    "following", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil"]
)
def test_nobody_is_led_to_another_house(following: str) -> None:
    account("li.na")
    assert _try(Client(headers=PEOPLE), "li.na", PASSWORD, following)["Location"] == "/"


def test_signing_out_ends_the_session_on_the_server() -> None:
    client = signed_in(account("li.na"))
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert not Session.objects.filter(session_key=key).exists()


def test_forms_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True, headers=PEOPLE)
    answer = client.post("/sign-in/", {"username": "a", "password": "b"})
    assert answer.status_code == 403


@override_settings(DEMO=False)
def test_demo_people_cannot_be_become_outside_demo_mode() -> None:
    made = account("demo.li")
    DemoPersona.objects.create(account=made, rank=1, title_zh="派单员", title_en="Dispatcher")
    client = Client(headers=PEOPLE)
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"account": str(made.id)}).status_code == 404
    assert "_auth_user_id" not in client.session


@override_settings(DEMO=True)
def test_in_the_demo_one_click_makes_you_a_persona_and_nobody_else() -> None:
    offered, other = account("demo.li"), account("not.offered")
    DemoPersona.objects.create(account=offered, rank=1, title_zh="派单员", title_en="Dispatcher")
    client = Client(headers=PEOPLE)
    assert "派单员" in client.get("/demo/").content.decode()
    assert client.post("/demo/", {"account": str(other.id)}).status_code == 404
    assert client.post("/demo/", {"account": "x"}).status_code == 404
    client.post("/demo/", {"account": str(offered.id)})
    assert client.session["_auth_user_id"] == str(offered.id)


def test_language_is_kept_and_unknown_ones_are_ignored() -> None:
    client = Client(headers=PEOPLE)
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "xx"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()


def test_a_name_full_of_markup_is_shown_as_text() -> None:
    made = account("li.na", display_name="<img src=x onerror=alert(1)>\"'")
    with override_settings(DEMO=True):
        DemoPersona.objects.create(account=made, rank=1, title_zh="<script>alert(1)</script>", title_en="x")
        page = Client(headers=PEOPLE).get("/demo/").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
