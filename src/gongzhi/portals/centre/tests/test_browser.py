"""The desk in a real browser: keys, panes, the map, under the content policy."""

import pytest

from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.conftest import PAYLOAD
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser
from gongzhi.web.tests.people import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built")
def test_a_dispatcher_works_with_keys_alone(world: World, report, live_server) -> None:  # type: ignore[no-untyped-def]
    report(PAYLOAD)
    report("楼下垃圾堆了一周")
    client = signed_in(world.accounts["dispatcher"])
    cookies = [browser.cookie(client, live_server.url)]
    with browser.opened(viewport=browser.DESK, cookies=cookies) as (page, complaints):
        page.goto(f"{live_server}/desk/?queue=all")
        page.keyboard.press("?")
        assert page.locator("dialog[data-keys]").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector("#case")
        page.keyboard.press("a")
        page.locator("details.verb[open] .send button").click()
        page.wait_for_selector(".strip.success")
        assert "待派单" in page.locator("#case header").inner_text()
        page.goto(f"{live_server}/desk/map/")
        page.wait_for_selector("[data-map][data-state=ready]", timeout=20_000)
        page.goto(f"{live_server}/desk/statistics/")
        page.wait_for_selector("[data-chart] canvas", timeout=20_000)
        assert complaints == []


@pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built")
def test_what_was_written_outlives_the_session(world: World, report, live_server) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    client = signed_in(world.accounts["dispatcher"])
    with browser.opened(viewport=browser.DESK, cookies=[browser.cookie(client, live_server.url)]) as (
        page,
        _,
    ):
        note = "details[data-verb=note]"
        page.goto(f"{live_server}/desk/cases/{number}/")
        page.locator(f"{note} summary").click()
        page.locator(f"{note} textarea").fill("写了很久")
        page.context.clear_cookies(name="gongzhi_session")
        page.locator(f"{note} .send button").click()
        page.wait_for_url("**/sign-in/?next=*")
        again = signed_in(world.accounts["dispatcher"])
        page.context.add_cookies([browser.cookie(again, live_server.url)])
        page.goto(f"{live_server}/desk/cases/{number}/")
        assert page.locator(f"{note} textarea").input_value() == "写了很久"
        page.locator(f"{note} .send button").click()
        page.wait_for_selector("#case > .strip.success")
        page.reload()
        assert page.locator(f"{note} textarea").input_value() == ""


@pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built")
def test_the_procedure_is_read_on_a_small_phone(world: World, live_server) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.accounts["dispatcher"])
    small = {"width": 360, "height": 740}
    with browser.opened(viewport=small, cookies=[browser.cookie(client, live_server.url)]) as (page, _):
        page.goto(f"{live_server}/desk/procedures/")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        frame = page.locator(".diagram")
        assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
        assert page.locator(".sideways").is_visible()
        for _ in range(50):  # a browser short of processor time drops a key
            frame.press("ArrowRight")
            if frame.evaluate("e => e.scrollLeft") > 0:
                break
            page.wait_for_timeout(100)
        assert frame.evaluate("e => e.scrollLeft") > 0, "the arrow key does not move the diagram"
        assert page.evaluate(
            "[...document.querySelectorAll('.stacked')].every((e) => e.scrollWidth <= e.clientWidth)"
        )


@pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built")
def test_back_at_a_call_just_registered_shows_it_and_opens_no_second(world: World, live_server) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.accounts["dispatcher"])
    with browser.opened(viewport=browser.DESK, cookies=[browser.cookie(client, live_server.url)]) as (
        page,
        complaints,
    ):
        form, send = "form.call", "form.call button.primary"
        page.goto(f"{live_server}/desk/reports/new/")
        page.fill("#caller_phone", "13800001234")
        page.fill("#text", "路灯不亮")
        page.fill("#address", "桃源第一社区")
        page.click(send)
        page.wait_for_url("**/desk/cases/*/")
        page.go_back()
        page.wait_for_selector(form)
        assert page.input_value("#caller_phone") == "13800001234"
        assert page.input_value("#text") == "路灯不亮"
        page.click(send)
        page.wait_for_url("**/desk/cases/*/")
        assert "没有再登记一次" in page.inner_text("#flash")
        assert Matter.objects.count() == 1
        page.go_back()
        page.wait_for_selector(form)
        page.fill("#text", "垃圾成堆")
        page.click(send)
        page.wait_for_selector(".strip.error a")
        assert page.input_value("#text") == "垃圾成堆"
        assert Matter.objects.count() == 1
        page.click(send)
        page.wait_for_url("**/desk/cases/*/")
        assert Matter.objects.count() == 2
        page.goto(f"{live_server}/desk/reports/new/")
        assert page.input_value("#caller_phone") == ""
        assert page.evaluate("Object.values(sessionStorage).some((v) => v.includes('13800001234'))") is False
        assert complaints == []
