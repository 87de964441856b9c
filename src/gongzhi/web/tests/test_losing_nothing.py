"""A session that ended, a text too long: said in words, and one comes back to the page one wrote on."""

import pytest
from django.conf import settings
from django.test import Client

from gongzhi.web.tests.people import account, signed_in

pytestmark = pytest.mark.django_db


def test_a_part_of_a_page_leads_back_to_its_page_after_signing_in() -> None:
    page = "http://testserver/desk/?queue=all&case=K7M2X"
    headers = {"hx-request": "true", "hx-current-url": page, "accept": "text/html"}
    answer = Client(headers=headers).post("/desk/cases/K7M2X/note/", {"text": "写了很久"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fdesk%2F%3Fqueue%3Dall%26case%3DK7M2X"


def test_a_form_leads_back_to_the_page_it_was_on() -> None:
    client = Client(headers={"accept": "text/html", "referer": "http://testserver/desk/reports/new/"})
    answer = client.post("/desk/reports/new/", {"text": "写了很久"})
    assert answer["Location"] == "/sign-in/?next=%2Fdesk%2Freports%2Fnew%2F"


def test_nobody_is_led_to_another_house() -> None:
    client = Client(headers={"accept": "text/html", "referer": "https://evil.example/desk/"})
    assert client.post("/desk/reports/new/", {"text": "x"})["Location"] == "/sign-in/"


@pytest.mark.parametrize("fragment", [False, True])
def test_a_text_beyond_what_we_read_is_refused_in_words(fragment: bool) -> None:
    client = signed_in(account("someone.li"))
    headers = {"hx-request": "true"} if fragment else {}
    text = "长" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 3 + 1_000)
    answer = client.post("/language/", {"next": "/", "language": "en", "x": text}, headers=headers)
    assert answer.status_code == 413
    assert "一次发来的内容太多" in answer.content.decode()
    assert ("data-back" in answer.content.decode()) is not fragment
