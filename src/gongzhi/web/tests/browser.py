"""A real Chromium for page tests, watching for content-policy violations and script errors."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or ""


@contextmanager
def opened(
    *, viewport: dict[str, int], cookies: list[dict[str, Any]] | None = None
) -> Iterator[tuple[Any, list[str]]]:
    """A page and the list of complaints the browser made about it. Skips where no Chromium is installed."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in this thread
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            context = browser.new_context(viewport=viewport, locale="zh-CN")
            if cookies:
                context.add_cookies(cookies)
            page = context.new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
            page.on(
                "console",
                lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
            )
            yield page, complaints
            browser.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


def cookie(client: Any, url: str) -> dict[str, Any]:
    """The session of a test client, for the browser."""
    return {"name": "gongzhi_session", "value": client.cookies["gongzhi_session"].value, "url": url}
