"""Saturday, three in the morning: a main bursts. Whoever should be there is on leave; the deputy is woken, acts under their
own name and the role they hold meanwhile, hears of the incident and of every rung of the ladder; nothing ends at a disabled
account; on Monday the head is back and the role has ended by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import reacting
from gongzhi.acts.queries import timeline
from gongzhi.grants import actions as grants
from gongzhi.grants.queries import actor_of
from gongzhi.incidents.models import Incident
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
from gongzhi.timetable.models import RosterPlace
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


def _incident(town: Town, number: str) -> str:
    """The desk makes the case an incident; returns its address."""
    form = {
        "number": number,
        "plan": "water",
        "title": "桃源路爆管",
        "categories": ["0501"],
        "radius": "1500",
        "minutes_before": "60",
        "banner": "桃源路一带停水抢修，进展在这里更新。",
        "script": "我们已经知道，抢修人员已到场。",
        "duties": "临时送水点",
    }
    answer = signed_in(town.world.accounts["dispatcher"]).post("/desk/incidents/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return f"/desk/incidents/{Incident.objects.get().id}/"


def _rang(number: str, *templates: str) -> list[tuple[UUID | None, str, bool]]:
    """Telephones that rang about the case: whose, how it stands, whether nothing held it back."""
    matter = Matter.objects.get(number=number)
    rows = Notice.objects.filter(subject_id=str(matter.id), channel="sms", template__in=templates)
    return [(row.person_id, row.state, row.urgent) for row in rows.order_by("id")]


def test_who_has_the_night_is_on_leave_and_the_incident_reaches_the_deputy(town: Town, wall: Wall) -> None:
    station = town.world.organisations["lighting"].id
    head = _hired(town, "ma.jianguo", "马建国", "19900000041", "unit_head")
    night = _hired(town, "ye.ban", "叶班", "19900000043", "handler")
    deputy = _hired(town, "shui.sheng", "水生", "19900000042", "handler")
    gone = _hired(town, "qu.zhi", "曲止", "19900000044", "handler")
    town.world.accounts.update(head=head, deputy=deputy)

    # Friday. The night is 叶班's, who falls ill; the head records it on the duty page and 水生 deputises. 曲止, who
    # shared that night, has left the station and the account is disabled: the place on the roster is nobody's.
    desk = signed_in(head)
    hours = {"weekday": "4", "begins": "17:30", "ends": "08:30"}
    for account in (night, gone):
        answer = desk.post(f"/desk/duty/{station}/place/", {"account": str(account.id), **hours})
        assert answer.status_code == 302
    ill = {
        "account": str(night.id),
        "deputy": str(deputy.id),
        "kind": "sick",
        "begins_at": "2026-12-04T17:00",
        "ends_at": "2026-12-07T08:00",
    }
    assert desk.post(f"/desk/duty/{station}/leave/", ill).status_code == 302
    parties.disable_account(account_id=gone.id, reason="调离", by=SYSTEM, at=FRIDAY)
    assert "曲止（已不在岗）（1 项）" in desk.get("/desk/duty/").content.decode()

    # 03:00. The page says who is reached now; the main bursts, the desk dispatches and declares an incident.
    wall.at = NIGHT
    assert "<b>水生</b>" in signed_in(head).get(f"/desk/duty/?unit={station}").content.decode()
    number = town.report("桃源路水管爆裂，水漫进一楼", category="050103", phone="13900000001")
    assert town.desk("dispatcher", number, "accept") == 302
    reason = "抢修归口市政设施所"
    assert town.desk("dispatcher", number, "dispatch", organisation=str(station), reason=reason) == 302
    address = _incident(town, number)
    reacting.settle(strict=True)
    assert _rang(number, "incident.declared") == [(deputy.person_id, "queued", True)]
    assert "您是代理人" in Notice.objects.get(template="incident.declared", channel="sms").body

    # Neighbours call; one update reaches them, and the deputy.
    later = [town.report("家里停水了", category="050103", phone=f"1390000001{n}") for n in range(3)]
    reacting.settle(strict=True)
    assert {town.state(one) for one in later} == {"merged"}
    update = {"text": "抢修队 3:40 到场，预计 7 时恢复。"}
    assert signed_in(town.world.accounts["dispatcher"]).post(f"{address}update/", update).status_code == 302
    reacting.settle(strict=True)
    assert {row[0] for row in _rang(number, "incident.staff")} == {deputy.person_id}
    heard = Notice.objects.filter(template="incident.update", channel="shown")
    assert heard.values("person_id").distinct().count() == 4

    # Nobody signs. Everything the ladder says through the night reaches people at work, never the one who is ill,
    # never the disabled account.
    for hours_later in (2, 4, 30):
        jobs.escalate(at=NIGHT + timedelta(hours=hours_later))
    reacting.settle(strict=True)
    matter = Matter.objects.get(number=number)
    told = Notice.objects.filter(subject_id=str(matter.id), person_id__isnull=False)
    people = set(told.values_list("person_id", flat=True))
    assert deputy.person_id in people
    assert not people & {night.person_id, gone.person_id}
    assert deputy.person_id in {row[0] for row in _rang(number, "matter.overdue")}
    reached = set(Account.objects.filter(person_id__in=people).values_list("disabled_at", flat=True))
    assert reached == {None}

    # In the morning the head hands on what the two left: the roster is whole again, and 水生 has the case.
    assert town.desk("deputy", number, "sign") == 302
    places = {"account": str(gone.id), "to": str(deputy.id)}
    assert signed_in(head).post(f"/desk/duty/{station}/handover/", places).status_code == 302
    assert not RosterPlace.objects.filter(account_id=gone.id, ended_at=None).exists()


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
