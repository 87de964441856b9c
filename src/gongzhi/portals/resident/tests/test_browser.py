"""Reporting on a telephone, in a real browser: with scripts under the content policy, and without any."""

from typing import Any

import pytest

from gongzhi.files.tests.samples import photo_with_position
from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.people import LAT, LON, sent, visitor
from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built"),
]


def fits(page: Any) -> bool:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return bool(wide <= page.viewport_size["width"])


def test_a_report_from_a_phone_with_photo_place_and_neighbours(world: World, live_server: Any) -> None:
    sent(visitor(), lon=str(LON), lat=str(LAT))
    with browser.opened(viewport=browser.PHONE) as (page, complaints):
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server}/report/")
        page.fill("#text", "路灯不亮，老人摔了一跤")
        photo = {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": photo_with_position()}
        page.set_input_files("#photos", [photo])
        page.wait_for_selector(".photos .chosen img")
        page.fill("#address", "桃源第一社区")
        page.wait_for_selector("#around .place")
        page.click(".on-map summary")
        page.wait_for_selector(".on-map canvas", timeout=20_000)
        page.wait_for_timeout(500)
        page.click(".on-map canvas", position={"x": 60, "y": 130})
        page.wait_for_function("document.querySelector('#lon').value !== ''")
        assert fits(page)
        page.click("form.report button.primary")
        page.wait_for_selector(".ticket")
        assert fits(page)
        page.click("p.actions a.primary")
        page.wait_for_selector(".timeline")
        assert page.locator(".evidence img").count() == 1
        page.click("details.verb > summary")
        page.fill("#message-text", "补充：一共两盏")
        page.click("details.verb[open] .send button")
        page.wait_for_selector(".strip.success")
        assert "一共两盏" in page.inner_text(".timeline")
        assert complaints == []


def test_everything_fits_the_smallest_phone_at_double_size(world: World, live_server: Any) -> None:
    client = visitor()
    number, code = sent(client)
    with browser.opened(viewport={"width": 360, "height": 740}) as (page, _):
        page.goto(f"{live_server}/follow/")
        page.fill("#number", number)
        page.fill("#code", code)
        page.click("form button.primary")
        page.wait_for_selector(".timeline")
        for address in (f"/matters/{number}/", "/report/", "/follow/"):
            page.goto(f"{live_server}{address}")
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert fits(page), address


def test_reporting_and_following_need_no_script(world: World, live_server: Any) -> None:
    with browser.opened(viewport=browser.PHONE) as (scripted, _):
        page = scripted.context.browser.new_context(
            viewport=browser.PHONE, locale="zh-CN", java_script_enabled=False
        ).new_page()
        page.goto(f"{live_server}/report/")
        page.fill("#text", "路灯不亮")
        page.fill("#address", "桃源第一社区")
        page.fill("#phone", "13900003333")
        assert page.locator("#photos").is_visible()
        page.click("form.report button.primary")
        number, code = page.locator(".ticket dd").all_inner_texts()
        page.context.clear_cookies()
        page.goto(f"{live_server}/follow/")
        page.fill("#number", number)
        page.fill("#code", code)
        page.click("form button.primary")
        assert "我们已收到您的诉求" in page.inner_text("main")
        assert Matter.objects.count() == 1


def test_back_at_a_report_just_sent_shows_it_and_sends_no_second(world: World, live_server: Any) -> None:
    with browser.opened(viewport=browser.PHONE) as (page, complaints):
        page.goto(f"{live_server}/report/")
        page.fill("#text", "路灯不亮")
        page.fill("#address", "桃源第一社区")
        page.fill("#phone", "13900003333")
        page.click("form.report button.primary")
        page.wait_for_selector(".ticket")
        page.go_back()
        page.wait_for_selector("form.report")
        assert (page.input_value("#phone"), page.input_value("#text")) == ("13900003333", "路灯不亮")
        page.click("form.report button.primary")
        page.wait_for_selector(".ticket")
        assert "没有再登记一次" in page.inner_text("body")
        assert Matter.objects.count() == 1
        page.goto(f"{live_server}/report/")
        assert page.input_value("#phone") == ""
        assert page.evaluate("Object.values(sessionStorage).some((v) => v.includes('13900003333'))") is False
        assert complaints == []
