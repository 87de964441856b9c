"""What nobody may miss reaches somebody who is there: the person, a deputy, who is on duty, the head, the desk."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.reacting import settle
from gongzhi.grants import actions as grants
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.matters import jobs, reactions
from gongzhi.matters.models import ClockRun, Escalation
from gongzhi.matters.tests.town import AT, CAST, MEMBERS
from gongzhi.notices.models import Notice
from gongzhi.parties.actions import add_contact, disable_account
from gongzhi.timetable import rostering
from gongzhi.timetable.rostering import Hours

WEEK = timedelta(days=7)
SATURDAY_NIGHT = datetime(2026, 3, 14, 3, 0, tzinfo=SHANGHAI)


@pytest.fixture
def served(town):
    """The town with rights in the tables, and telephones."""
    for name, held in CAST.items():
        grants.give(
            account_id=town[name].id, role=held.role, area_path=held.area_path, by=SYSTEM, at=AT - WEEK
        )
    for name, (role, code) in MEMBERS.items():
        unit = town.organisations[code].id
        grants.give(account_id=town[name].id, role=role, organisation_id=unit, by=SYSTEM, at=AT - WEEK)
    for number, name in enumerate((*CAST, *MEMBERS, "reporter")):
        add_contact(
            person_id=town[name].party_id, kind="phone", value=f"1990000{number:04}", by=SYSTEM, at=AT
        )
    return town


@pytest.fixture
def wall(monkeypatch, served):
    """The instant of telling; the town's own clock runs beside it."""
    monkeypatch.setattr(reactions, "clock", SimpleNamespace(now=lambda: served.clock))
    return served


def leave(town, account, deputy, begins=None, ends=None):
    return rostering.record_leave(
        organisation_id=town.organisations["bureau"].id,
        account_id=town[account].id,
        deputy_id=town[deputy].id if deputy else None,
        kind="annual",
        begins_at=begins or town.clock,
        ends_at=ends or town.clock + 9 * WEEK,
        by=town["head"],
        at=town.clock,
    )


def heard(town, template):
    people = {town[name].party_id: name for name in (*CAST, *MEMBERS, "reporter")}
    rows = Notice.objects.filter(template=template, channel="shown", person__isnull=False)
    return [people[row.person_id] for row in rows.order_by("id")]


def overdue(town, percent):
    """A case in handling whose clock has used so much of its time; what was told before is forgotten."""
    number = town.open().number
    town.road(number, until="handling")
    run = ClockRun.objects.get(matter__number=number, code="handling")
    others = ClockRun.objects.filter(matter__number=number).exclude(id=run.id)
    others.update(next_step_at=None)
    run.steps = [step for step in (50, 80, 100, 150) if step < percent]
    run.next_step_at = town.clock
    run.save()
    settle()
    Notice.objects.all().delete()
    town.later(minutes=1)
    return number


def climb(town):
    jobs.escalate(at=town.clock)
    settle()


@pytest.mark.parametrize(
    ("percent", "template", "who"),
    [
        (50, "matter.time", "handler"),
        (80, "matter.time", "head"),
        (100, "matter.overdue", "street_leader"),
        (150, "matter.overdue", "supervisor"),
    ],
)
def test_each_rung_reaches_its_person_by_name(wall, percent, template, who):
    overdue(wall, percent)
    climb(wall)
    assert heard(wall, template) == [who]


def test_the_head_is_on_leave_and_the_deputy_is_told_why(wall):
    leave(wall, "head", "colleague")
    overdue(wall, 80)
    climb(wall)
    assert heard(wall, "matter.time") == ["colleague"]
    assert "您是代理人" in Notice.objects.get(template="matter.time").body


def test_a_disabled_handler_ends_no_route(wall):
    overdue(wall, 50)
    disable_account(account_id=wall["handler"].id, reason="left", by=SYSTEM, at=wall.clock)
    climb(wall)
    assert heard(wall, "matter.time") == ["head"]


def test_at_night_who_is_on_duty_hears_first(wall):
    hours = Hours(begins_minute=18 * 60, ends_minute=8 * 60, weekday=4)
    rostering.put_on_duty(
        organisation_id=wall.organisations["bureau"].id,
        account_id=wall["colleague"].id,
        hours=hours,
        by=wall["head"],
        at=wall.clock,
    )
    overdue(wall, 50)
    wall.clock = SATURDAY_NIGHT
    climb(wall)
    assert heard(wall, "matter.time") == ["colleague", "handler", "colleague", "head"]


def test_an_emergency_wakes_who_is_on_duty_and_other_work_waits_for_the_morning(wall):
    hours = Hours(begins_minute=18 * 60, ends_minute=8 * 60, weekday=4)
    bureau = wall.organisations["bureau"].id
    rostering.put_on_duty(
        organisation_id=bureau, account_id=wall["colleague"].id, hours=hours, by=wall["head"], at=wall.clock
    )
    wall.clock = SATURDAY_NIGHT
    for urgency in ("normal", "emergency"):
        number = wall.open(urgency=urgency).number
        wall.do(number, "accept", "dispatcher")
        wall.do(number, "dispatch", "dispatcher", organisation=str(bureau), reason="属地")
    settle()
    sent = Notice.objects.filter(template="matter.work", channel="sms")
    assert [(row.person_id, row.urgent, row.goes_on.day) for row in sent] == [
        (wall["colleague"].party_id, True, 14)
    ]


def test_an_assistant_hears_for_its_own_clock_only(wall):
    overdue(wall, 100)
    climb(wall)
    assert "helper" not in heard(wall, "matter.overdue")


def test_every_rung_is_told_once_across_a_restart_and_a_change_of_hands(wall):
    number = wall.open().number
    wall.road(number, until="handling")
    run = ClockRun.objects.get(matter__number=number, code="handling")
    settle()
    Notice.objects.all().delete()
    wall.clock = run.due_at - timedelta(hours=1)
    climb(wall)
    disable_account(account_id=wall["handler"].id, reason="left", by=SYSTEM, at=wall.clock)
    from gongzhi.acts.models import ReactionCursor

    ReactionCursor.objects.filter(reaction="matters.notices").update(position=-1)  # as after a lost cursor
    leave(wall, "head", "colleague")
    climb(wall)
    wall.clock = run.due_at + timedelta(days=60)
    climb(wall)
    climb(wall)
    rungs = Escalation.objects.filter(clock="handling").order_by("at_percent").values_list("at_percent", "to")
    assert [percent for percent, _ in rungs] == [50, 80, 100, 150]
    told = [row.act_id for row in Notice.objects.filter(template="matter.overdue", channel="shown")]
    assert len(told) == len(set(told))


def test_people_without_any_right_in_the_tables_leave_the_shared_lists(town):
    """Nobody can be found by name: the list of the unit and of the role stands, so nothing is lost."""
    number = town.open().number
    town.road(number, until="handling")
    jobs.escalate(at=town.clock + timedelta(days=60))
    settle()
    lists = Notice.objects.filter(template="matter.overdue", person=None)
    assert set(lists.values_list("role", flat=True)) >= {"street_leader", "supervisor"}
