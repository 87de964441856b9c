"""Saturday, three in the morning: a main bursts. The head of the station is on leave; the deputy, on duty, is woken, acts
under their own name and the role they hold meanwhile; on Monday the head is back and the role has ended by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import reacting
from gongzhi.acts.queries import timeline
from gongzhi.grants import actions as grants
from gongzhi.grants.queries import actor_of
from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.matters import jobs
from gongzhi.matters.models import Matter
from gongzhi.notices.models import Notice
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account
from gongzhi.timetable import rostering
from gongzhi.timetable.rostering import Hours
from gongzhi.web.tests.people import PASSWORD, signed_in
from tests.journeys.people import Town

FRIDAY = datetime(2026, 12, 4, 16, 0, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 12, 5, 3, 0, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=SHANGHAI)
NIGHT_SHIFT = Hours(begins_minute=17 * 60 + 30, ends_minute=8 * 60 + 30, weekday=4)


@dataclass
class Wall:
    """The clock on the wall of this story."""

    at: datetime = FRIDAY


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    hung = Wall()
    monkeypatch.setattr(clock, "now", lambda: hung.at)
    return hung


@pytest.fixture
def town(db: None, wall: Wall) -> Town:
    return Town()


def _hired(town: Town, username: str, name: str, phone: str, role: str) -> Account:
    """Somebody of the station, with a telephone."""
    station = town.world.organisations["lighting"].id
    person = parties.register_person(name=name, contacts=[("phone", phone)], by=SYSTEM, at=FRIDAY)
    account = parties.create_account(
        username=username, password=PASSWORD, person_id=person.id, display_name=name, by=SYSTEM, at=FRIDAY
    )
    grants.give(account_id=account.id, role=role, organisation_id=station, by=SYSTEM, at=FRIDAY)
    return account


def test_the_deputy_is_woken_acts_and_hands_the_role_back(town: Town, wall: Wall) -> None:
    station = town.world.organisations["lighting"].id
    head = _hired(town, "ma.jianguo", "马建国", "19900000041", "unit_head")
    deputy = _hired(town, "shui.sheng", "水生", "19900000042", "handler")
    town.world.accounts["deputy"] = deputy

    # Friday afternoon the head goes on leave until Monday; the deputy has the night.
    at_work = actor_of(head.id, FRIDAY)
    rostering.put_on_duty(
        organisation_id=station, account_id=deputy.id, hours=NIGHT_SHIFT, by=at_work, at=FRIDAY
    )
    rostering.record_leave(
        organisation_id=station,
        account_id=head.id,
        deputy_id=deputy.id,
        kind="annual",
        begins_at=FRIDAY + timedelta(hours=1),
        ends_at=MONDAY,
        by=at_work,
        at=FRIDAY,
    )

    # Saturday 03:00. Somebody calls; the desk accepts and dispatches with the caller on the line.
    wall.at = NIGHT
    raw = RawReport(
        text="桃源路水管爆裂，水漫进一楼", channel="phone", address="桃源路 18 号", urgency="emergency"
    )
    dispatcher = town.world.actor("dispatcher", NIGHT)
    number = intake.take_in(raw=raw, by=dispatcher, at=NIGHT).number
    assert town.desk("dispatcher", number, "accept") == 302
    reason = "抢修归口市政设施所"
    assert town.desk("dispatcher", number, "dispatch", organisation=str(station), reason=reason) == 302
    reacting.settle(strict=True)

    # One telephone rings, now, and it is not the head's.
    matter = Matter.objects.get(number=number)
    rang = Notice.objects.filter(subject_id=str(matter.id), channel="sms", template="matter.work")
    assert [(row.person_id, row.state, row.urgent, row.due_at) for row in rang] == [
        (deputy.person_id, "queued", True, NIGHT)
    ]
    assert "您正在值班" in rang[0].body

    # The deputy signs under their own name; the act says the role they hold.
    assert town.desk("deputy", number, "sign") == 302
    matter.refresh_from_db()
    assert matter.handler_id == deputy.id
    signed = next(e for e in timeline("matters.matter", matter.id) if e.verb == "matters.sign")
    assert signed.by == f"account:{deputy.id}"
    assert signed.under in ("handler/lead", "unit_head/lead")

    # The clock runs on; what is for the head is told to the deputy, who holds the head's role until Monday.
    jobs.escalate(at=NIGHT + timedelta(days=1))
    reacting.settle(strict=True)
    ladder = Notice.objects.filter(subject_id=str(matter.id), template__in=("matter.time", "matter.overdue"))
    assert head.person_id not in set(ladder.values_list("person_id", flat=True))
    roles = {held.role for held in actor_of(deputy.id, NIGHT).held if held.organisation_id == station}
    assert roles == {"handler", "unit_head"}

    # Monday: the head is back, and what was lent has ended without anybody doing anything.
    wall.at = MONDAY
    roles = {held.role for held in actor_of(deputy.id, MONDAY).held if held.organisation_id == station}
    assert roles == {"handler"}
    assert signed_in(head).get(f"/desk/cases/{number}/").status_code == 200
