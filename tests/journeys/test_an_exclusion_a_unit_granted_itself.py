"""A bad appraisal. The unit wants it out of its figures; its own man is also a supervisor and tries to grant it himself."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.indicators import queries as indicators
from gongzhi.indicators.queries import RateRow
from gongzhi.kernel import clock
from gongzhi.matters.models import ExclusionRequest
from gongzhi.web.tests.people import staff
from tests.journeys.people import Town, photo


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    top = town.world.areas["990101"].path
    town.world.accounts["supervisor"] = staff("xu.li", role="supervisor", area_path=top)
    grants.give(
        account_id=town.world.accounts["handler"].id,
        role="supervisor",
        area_path=top,
        organisation_id=None,
        by=SYSTEM,
        at=clock.now(),
    )
    return town


def figures(town: Town) -> RateRow:
    today = clock.now().date()
    window = {"since": today - timedelta(days=2), "until": today + timedelta(days=2)}
    [row] = indicators.rates(visible_to=SYSTEM, by="organisation", **window).rows
    return row


def test_the_unit_asks_another_decides_and_the_figures_say_what_was_left_out(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    station = str(town.world.organisations["lighting"].id)
    town.desk("dispatcher", number, "accept")
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归市政设施所")
    town.desk("handler", number, "sign")
    town.desk("handler", number, "contact", outcome="reached")
    town.desk(
        "handler",
        number,
        "answer",
        result="explained",
        reply="灯杆在建设红线内，须由业主报装。",
        evidence=photo(),
    )
    town.desk("quality", number, "verify", decision="passed", note="现场看过，确在红线内。")
    assert town.tell(number, "appraise", level="1", contacted="true", solved="false") == 302
    assert figures(town).rates["satisfied"].value == Decimal("0.00")

    wish = {"ground": "beyond_duty", "reason": "灯杆属于未移交的小区道路"}
    assert town.desk("handler", number, "ask_exclusion", **wish) == 302
    told = len(town.told(number))

    # He may decide on others' wishes, never on his own unit's; the page does not even offer it.
    granting = {"decision": "granted", "reason": "属实"}
    assert town.desk("handler", number, "decide_exclusion", **granting) == 403
    assert ExclusionRequest.objects.get().decision == ""
    assert figures(town).rates["satisfied"].denominator == 1

    assert town.desk("supervisor", number, "decide_exclusion", **granting) == 302
    rate = figures(town).rates["satisfied"]
    assert (rate.value, rate.denominator, rate.excluded) == (None, 0, 1)

    # The person's own matter goes on as before: still to be called back, and nobody told them anything odd.
    assert town.state(number) == "calling_back"
    assert len(town.told(number)) == told
