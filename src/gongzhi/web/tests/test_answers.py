"""What every answer carries, and how refusals look to people and to programs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from psycopg import errors as postgres

import gongzhi
from gongzhi.kernel.refusals import Invalid, InvalidForm, TooMany
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.middleware.security import CONTENT_POLICY

PEOPLE = {"accept": "text/html,application/xhtml+xml"}
PROGRAMS = {"accept": "application/json"}


def test_content_policy_has_no_exception() -> None:
    assert "default-src 'none'" in CONTENT_POLICY
    assert "unsafe" not in CONTENT_POLICY


@pytest.mark.parametrize("address", ["/livez", "/nothing-here", "/sign-in/", "/demo/"])
def test_every_page_carries_the_security_headers(address: str) -> None:
    answer = Client(headers=PEOPLE).get(address)
    assert answer["Content-Security-Policy"] == CONTENT_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Request-ID"]


def _templates() -> Iterator[Path]:
    yield from Path(gongzhi.__file__).parent.rglob("templates/**/*.html")


def test_no_template_has_inline_script_style_or_handlers() -> None:
    guilty = []
    for template in _templates():
        text = template.read_text("utf-8")
        if re.search(
            r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|\bhx-on|\bhx-vals=.js", text
        ):
            guilty.append(template.name)
    assert guilty == []


def test_no_template_marks_text_as_safe() -> None:
    assert [
        t.name for t in _templates() if re.search(r"\|\s*safe\b|autoescape off", t.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有找到"), ("en", "not found")])
def test_programs_get_a_problem_in_their_language(language: str, words: str) -> None:
    answer = Client(headers={**PROGRAMS, "accept-language": language}).get("/nothing-here")
    body = answer.json()
    assert answer.status_code == body["status"] == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Content-Language"] == language
    assert body["type"] == "urn:gongzhi:problem:web.not_found"
    assert words in body["detail"].lower()
    assert body["instance"].endswith(answer["X-Request-ID"])


def test_people_get_a_page_and_never_a_trace() -> None:
    answer = Client(headers=PEOPLE).get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_wrong_fields_are_named_one_by_one() -> None:
    refusal = InvalidForm(
        {"text": Invalid("form.too_long", "最多 %(most)s 字，现在 %(now)s 字。", most=3, now=4)}
    )
    body = problems.problem(RequestFactory().get("/api/x"), refusal)
    assert b'"field": "text"' in body.content
    assert "最多 3 字，现在 4 字。".encode() in body.content


def test_too_many_says_how_long_to_wait() -> None:
    answer = problems.answer(
        RequestFactory().get("/api/x"),
        TooMany("web.too_many", "请求太频繁，请 %(seconds)s 秒后再试。", seconds=9),
    )
    assert answer["Retry-After"] == "9"


@door(policy="public")
def away(request: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@door(policy="public")
def slow(request: object) -> None:
    raise OperationalError("canceling statement") from postgres.QueryCanceled()


@door(policy="public")
def defect(request: object) -> None:
    raise ZeroDivisionError


urlpatterns = [path("away/", away), path("slow/", slow), path("defect/", defect)]
handler500 = "gongzhi.web.pages.errors.broken"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("address", "code"), [("/away/", "web.database_away"), ("/slow/", "web.too_slow")])
def test_a_database_that_is_away_means_try_again(address: str, code: str) -> None:
    answer = Client(headers=PROGRAMS).get(address)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["code"] == code


@override_settings(ROOT_URLCONF=__name__)
def test_a_defect_of_ours_tells_a_number_and_no_more() -> None:
    answer = Client(headers=PROGRAMS, raise_request_exception=False).get("/defect/")
    assert answer.status_code == 500
    assert answer.json()["code"] == "web.broken"
    assert "ZeroDivision" not in answer.content.decode()
