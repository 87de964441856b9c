"""While the web process is away a browser reads a whole page in its language, a program a problem."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gongzhi.lane.asgi import Message
from gongzhi.lane.proxy import Proxy
from gongzhi.web.tests import browser


def asked(
    tmp_path: Path, *, method: str = "GET", accept: str = "text/html", language: str = "", query: bytes = b""
) -> tuple[int, dict[str, str], str]:
    """What the proxy answers when nobody listens on the web process's socket."""
    sent: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/report/",
        "raw_path": b"/report/",
        "query_string": query,
        "client": ("127.0.0.1", 1),
        "headers": [(b"accept", accept.encode()), (b"accept-language", language.encode())],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def once() -> None:
        proxy = Proxy(socket=tmp_path / "nobody.sock")
        await proxy(scope, receive, send)
        await proxy.close()

    asyncio.run(once())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:]).decode()


@pytest.mark.parametrize(
    ("language", "said", "tag"),
    [("zh-CN", "系统正在启动或恢复", "zh-hans"), ("en-GB,en", "Starting or recovering", "en")],
)
def test_a_browser_reads_it_in_its_language(tmp_path: Path, language: str, said: str, tag: str) -> None:
    status, headers, text = asked(tmp_path, language=language)
    assert (status, headers["retry-after"], headers["content-language"]) == (503, "5", tag)
    assert f"<h1>{said}</h1>" in text
    assert 'http-equiv="refresh"' in text
    assert "unsafe" not in headers["content-security-policy"]


def test_what_was_sent_is_never_repeated_or_promised(tmp_path: Path) -> None:
    _, _, text = asked(tmp_path, method="POST")
    assert "http-equiv" not in text
    assert "还不能确认是否已收到" in text
    assert "不会丢失" not in text


def test_the_address_asked_for_is_text(tmp_path: Path) -> None:
    _, _, text = asked(tmp_path, query=b'a="><script>alert(1)</script>')
    assert "<script>" not in text
    assert "&quot;" in text


def test_a_head_has_no_body_and_a_program_reads_a_problem(tmp_path: Path) -> None:
    assert asked(tmp_path, method="HEAD")[2] == ""
    status, headers, text = asked(tmp_path, accept="application/json")
    assert (status, headers["content-type"], headers["retry-after"]) == (503, "application/problem+json", "5")
    assert json.loads(text)["code"] == "web.unavailable"


def fulfilled(route: Any, *, status: int, headers: dict[str, str], text: str) -> None:
    route.fulfill(status=status, headers=headers, body=text)


@pytest.mark.browser
def test_it_is_styled_under_its_own_policy_and_fits_a_phone(tmp_path: Path) -> None:
    for method in ("GET", "POST"):
        status, headers, text = asked(tmp_path, method=method)
        headers.pop("content-length")
        with browser.opened(viewport={"width": 360, "height": 640}) as (page, complaints):
            fulfil = partial(fulfilled, status=status, headers=headers, text=text)
            page.route("**/*", fulfil)
            page.goto("http://away.test/report/")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(247, 245, 240)"
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.screenshot(path=str(tmp_path / f"{method}.png"))
            assert complaints == []
