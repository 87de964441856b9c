"""The base in a real browser: built assets load under the content policy, chips open, nothing overflows a phone."""

import pytest
from django.test import override_settings

from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _built() -> None:
    if not MANIFEST.exists():
        pytest.skip("the front end has not been built")


def test_components_obey_the_content_policy_and_chips_explain_themselves(live_server: object) -> None:
    with override_settings(DEMO=True), browser.opened(viewport=browser.DESK) as (page, complaints):
        page.goto(f"{live_server}/demo/components/")
        chip = page.locator("details.chip.late").first
        chip.locator("summary").click()
        assert chip.locator(".why").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(247, 245, 240)"
        page.keyboard.press("Escape")
        assert not chip.locator(".why").is_visible()
        assert complaints == []


def test_pages_fit_a_phone_even_with_text_at_double_size(live_server: object) -> None:
    with override_settings(DEMO=True), browser.opened(viewport=browser.PHONE) as (page, _):
        for address in ("/demo/components/", "/sign-in/", "/nothing-here"):
            page.goto(f"{live_server}{address}")
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 392, f"{address} is {width} px wide"
