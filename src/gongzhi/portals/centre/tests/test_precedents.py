"""Rulings on who is responsible, found again; nothing of the reporter in them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel.clock import now
from gongzhi.kernel.ids import uuid7
from gongzhi.matters import actions as matters
from gongzhi.matters import queries
from gongzhi.matters.models import Complaint, Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import account, signed_in

ARGUED, RULED = "灯杆在小区围墙内，属物业管理", "围墙外两米为市政范围，由你单位办理"
ADDRESS = "/desk/precedents/"


def rule(world: World, number: str, *, decision: str = "refused", reason: str = RULED, **more: Any) -> None:
    """The unit wants to give it back, the desk decides."""

    def do(who: str, verb: str, **form: Any) -> None:
        matters.perform(number=number, verb=verb, form=form, by=world.actor(who, now()), at=now())

    do("dispatcher", "accept")
    do("dispatcher", "dispatch", organisation=str(world.organisations["lighting"].id), reason="照明")
    do("handler", "ask_return", reason=ARGUED)
    do("dispatcher", "decide_return", decision=decision, reason=reason, **more)


def page(who: Any, **query: str) -> str:
    return signed_in(who).get(ADDRESS, query).content.decode()


def test_a_ruling_is_found_by_any_of_its_words_and_not_by_others(world: World, report) -> None:  # type: ignore[no-untyped-def]
    rule(world, report().number)
    desk = world.accounts["dispatcher"]
    for words in ("", "围墙", "市政范围 物业", "路灯"):
        assert RULED in page(desk, q=words), words
    for words in ("绿化", "围墙 绿化", "%"):
        assert RULED not in page(desk, q=words), words
    assert RULED in page(desk, decision="refused")
    assert RULED not in page(desk, decision="granted")


def test_whoever_may_not_open_the_case_reads_the_ruling_without_its_number(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    rule(world, number)
    assert f"/desk/cases/{number}/" in page(world.accounts["dispatcher"])
    stranger = page(world.accounts["other_handler"])
    assert RULED in stranger
    assert number not in stranger.replace("-", "")


def test_nothing_of_the_reporter_is_in_it(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    rule(world, number)
    words = Matter.objects.get(number=number).words
    shown = page(world.accounts["other_handler"])
    assert words.text not in shown
    assert words.address not in shown


def test_numbers_of_people_written_into_a_ruling_are_hidden(world: World, report) -> None:  # type: ignore[no-untyped-def]
    rule(world, report().number, reason="已与 138 0013 8000 和 43010219900307663X 核实，2026-03-05 前办结")
    shown = page(world.accounts["other_handler"])
    assert "8000" not in shown
    assert "663X" not in shown
    assert "2026-03-05" in shown


@pytest.mark.parametrize("complaint", [True, False])
def test_confidential_cases_and_complaints_are_no_precedents(world: World, report, complaint) -> None:  # type: ignore[no-untyped-def]
    number = report().number
    rule(world, number)
    if complaint:
        matter = Matter.objects.get(number=number)
        Complaint.objects.create(id=uuid7(now()), matter=matter, at=now(), by="system", text="那个穿蓝衣服的")
    else:
        Matter.objects.filter(number=number).update(confidential=True)
    assert RULED not in page(world.accounts["dispatcher"])


def test_staff_read_it_and_nobody_else(world: World) -> None:
    assert signed_in(world.accounts["dispatcher"]).get(ADDRESS).status_code == 200
    assert signed_in(account("resident.li")).get(ADDRESS).status_code == 403
    assert Client(headers={"accept": "text/html"}).get(ADDRESS).status_code == 302


def test_the_nearest_stand_beside_the_form_that_rules_the_next(world: World, report) -> None:  # type: ignore[no-untyped-def]
    rule(world, report().number)
    number = report().number
    matters.perform(number=number, verb="accept", form={}, by=world.actor("dispatcher", now()), at=now())
    assert RULED not in signed_in(world.accounts["dispatcher"]).get(f"/desk/cases/{number}/").content.decode()
    form = {"organisation": str(world.organisations["lighting"].id), "reason": "照明"}
    matters.perform(number=number, verb="dispatch", form=form, by=world.actor("dispatcher", now()), at=now())
    assert RULED in signed_in(world.accounts["handler"]).get(f"/desk/cases/{number}/").content.decode()


def test_as_many_statements_for_fifty_as_for_five_and_the_cursor_misses_none(world: World, report) -> None:  # type: ignore[no-untyped-def]
    actor = world.actor("dispatcher", now())
    counts = []
    for several in (5, 7):
        for _ in range(several):
            rule(world, report().number)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            rows = queries.precedents(visible_to=actor)
        counts.append(len(taken))
    assert len(rows) == 12
    assert counts[0] == counts[1]
    seen, before = [], None
    while found := queries.precedents(visible_to=actor, before=before, limit=5):
        seen += [one.id for one in found]
        before = (found[-1].decided_at, found[-1].id)
    assert seen == [one.id for one in rows]
    assert page(world.accounts["dispatcher"], before="nonsense").count("<li>") >= 12
