"""A withdrawal after dispatch never takes a case out of the frame unseen."""

from datetime import date

import pytest

from gongzhi.indicators import formulas
from gongzhi.indicators.judged import counted
from gongzhi.matters.models import Link
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


def test_a_repeat_and_a_piece_stay_in_the_frame(town):
    """Also nothing the unit may ask for takes them out: no formula and no form knows such a ground."""
    bureau = str(town.organisations["bureau"].id)
    for _ in range(2):
        number = ready_for(town, "call_back")
        town.do(number, "call_back", "quality", **form(town, "call_back"))
        town.later(days=1)
    assert Link.objects.filter(matter__number=number, relation="repeat").exists()
    [facts] = frame(town)[bureau]
    assert facts[-1] == 2
    asked = town.procedure.verb("ask_exclusion").form_field("ground")
    known = {choice.code for choice in asked.choices}
    for versions in formulas.published().values():
        for formula in versions:
            assert set(formula.excludes) <= known
    assert not known & {"repeat", "repeated", "petition", "group"}
