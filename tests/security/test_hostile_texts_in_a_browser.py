"""The same texts in a real Chromium: no dialog, no script, no complaint about the content policy."""

from urllib.parse import quote

import pytest

from gongzhi.kernel import clock
from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser
from tests.security import house as houses
from tests.security.test_hostile_texts import ALL, SCRIPTS, written


@pytest.mark.browser
@pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built")
@pytest.mark.django_db(transaction=True)
def test_a_real_browser_runs_none_of_it(live_server) -> None:  # type: ignore[no-untyped-def]
    house = houses.build()
    house.at = clock.now()
    matter = written(house)
    client = house.client("dispatcher")
    cookies = [browser.cookie(client, live_server.url)]
    with browser.opened(viewport=browser.DESK, cookies=cookies) as (page, complaints):
        for address in ("/desk/?queue=all", f"/desk/?queue=all&case={matter.number}", f"/desk/cases/{matter.number}/",
                        f"/desk/?queue=all&q={quote(SCRIPTS[2])}", "/report/"):  # fmt: skip
            page.goto(f"{live_server}{address}", wait_until="load")
            for details in page.locator("details:not([open]) > summary").all()[:12]:
                if details.is_visible():
                    details.click()
        page.fill("[name=text]", ALL)
        page.locator("form[action] [type=submit], form button[type=submit], form .send button").first.click()
        page.wait_for_load_state("load")
        assert "evil.example" not in page.url
        assert complaints == []
