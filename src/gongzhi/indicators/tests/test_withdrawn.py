"""A withdrawal after dispatch never takes a case out of the frame unseen."""

from datetime import date

import pytest

from gongzhi.indicators.judged import counted
from gongzhi.matters.tests.scenes import form, ready_for
from gongzhi.matters.tests.town import Town, build


@pytest.fixture
def town(db) -> Town:
    return build()


def withdraw(town, number):
    town.do(number, "withdraw", "reporter", **form(town, "withdraw"))


def frame(town):
    found = counted(
        visible_to=town["supervisor"], since=date(2026, 3, 1), until=date(2026, 4, 1), by="organisation"
    )
    return {
        key: [(facts.withdrawn, facts.level, facts.cases) for facts in rows] for key, rows in found.items()
    }


def test_withdrawn_after_dispatch_stays_in_the_frame_of_its_lead(town):
    bureau = str(town.organisations["bureau"].id)
    early = town.open().number
    withdraw(town, early)
    assert frame(town) == {}
    number = ready_for(town, "withdraw")
    withdraw(town, number)
    assert frame(town) == {bureau: [(True, "", 1)]}
    town.do(number, "appraise", "reporter", level="1", contacted=False, solved=False)
    assert frame(town) == {bureau: [(False, "1", 1)]}
