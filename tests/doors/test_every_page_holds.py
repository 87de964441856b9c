"""Every page, as everybody, in both languages, wide and on a phone, and with text at double size: it holds.

Looked for: errors of scripts and of the content policy, missing answers, our own Chinese in English pages, a page
that scrolls sideways, targets under 44 px on a phone, fields and pictures without words, headings out of order,
contrast under 4.5:1, texts cut off.
"""

from pathlib import Path

import pytest
from django.conf import settings

import gongzhi
from gongzhi.kernel import clock
from gongzhi.matters.models import Matter
from gongzhi.web.templatetags.assets import MANIFEST
from gongzhi.web.tests import browser
from tests.doors.browsing import WIDE, Browsing, chinese_of_ours
from tests.security import house as houses
from tests.security.house import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not MANIFEST.exists(), reason="the front end has not been built"),
]
OURS = chinese_of_ours(Path(gongzhi.__file__).parent)


@pytest.fixture
def town() -> House:
    house = houses.build()
    house.at = clock.now()
    return house


def reported(house: House) -> Matter:
    """Of the resident, so that their own pages hold something too."""
    first = house.report("路灯不亮三天了，楼下一排都黑着，晚上出门要打手电", phone="13811110001")
    house.report("楼下垃圾堆了一周", column=2.5)
    return first


def read(house: House, root: str, name: str, *, english: bool, most: int, each: int = 1) -> Browsing:
    cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en" if english else "zh-hans", "url": root}]
    start = ["/report/", "/follow/", "/sign-in/"]
    if name != houses.ANYBODY:
        cookies.append(browser.cookie(house.client(name), root))
        start = ["/", "/mine/"] if name == "resident" else ["/"]
    with browser.opened(viewport={"width": WIDE, "height": 800}, cookies=cookies) as (page, _):
        page.emulate_media(reduced_motion="reduce")
        one = Browsing(page, root, english, OURS)
        one.listen()
        one.read(start, most=most, each=each)
    return one


def test_what_a_person_opens_first_holds(town: House, live_server) -> None:  # type: ignore[no-untyped-def]
    reported(town)
    faults: list[str] = []
    opened = 0
    for name, english in (
        ("dispatcher", False),
        ("handler", True),
        ("resident", True),
        (houses.ANYBODY, False),
    ):
        one = read(town, live_server.url, name, english=english, most=7)
        faults += one.faults
        opened += len(one.opened)
    assert opened >= 18
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
def test_everything_everybody_can_open_holds(town: House, live_server, english: bool) -> None:  # type: ignore[no-untyped-def]
    houses.people(town, 12, 7)
    reported(town)
    faults: list[str] = []
    for name in town.roles:
        one = read(town, live_server.url, name, english=english, most=40, each=2)
        faults += [f"{name} {fault}" for fault in one.faults]
    assert not faults, "\n".join(faults)
