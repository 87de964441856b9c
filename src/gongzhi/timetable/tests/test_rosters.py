"""Rosters, leaves and deputies: whose they are to set, what a deputy holds meanwhile, and when it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.acts.queries import timeline
from gongzhi.grants import actions as grants
from gongzhi.grants.models import Grant
from gongzhi.grants.queries import actor_of
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from gongzhi.parties import actions as parties
from gongzhi.parties.actions import disable_account
from gongzhi.timetable import duty, queries, rostering
from gongzhi.timetable.models import Leave, RosterPlace
from gongzhi.timetable.rostering import Hours
from gongzhi.timetable.standing import Reach, facts_at

AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)  # a Friday
NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=SHANGHAI)
WEEK = timedelta(days=7)


@dataclass
class Unit:
    id: UUID
    other: UUID
    accounts: dict[str, UUID]

    def actor(self, name: str, at: datetime = AT) -> Actor:
        return actor_of(self.accounts[name], at)


@pytest.fixture
def unit(db: None) -> Unit:
    made = [
        parties.register_organisation(code=code, name=code, kind="bureau", by=SYSTEM, at=AT - WEEK)
        for code in ("water", "parks")
    ]
    found = Unit(made[0].id, made[1].id, {})
    for name, role, organisation in (
        ("head", "unit_head", made[0]),
        ("handler", "handler", made[0]),
        ("colleague", "handler", made[0]),
        ("stranger", "unit_head", made[1]),
    ):
        person = parties.register_person(name=name, by=SYSTEM, at=AT - WEEK)
        account = parties.create_account(
            username=f"{name}.one", person_id=person.id, display_name=name, by=SYSTEM, at=AT - WEEK
        )
        grants.give(
            account_id=account.id, role=role, organisation_id=organisation.id, by=SYSTEM, at=AT - WEEK
        )
        found.accounts[name] = account.id
    return found


def put(unit: Unit, by: str = "head", account: str = "handler", **hours) -> RosterPlace:
    given = {"begins_minute": 18 * 60, "ends_minute": 8 * 60, "weekday": 4, **hours}
    return rostering.put_on_duty(
        organisation_id=unit.id,
        account_id=unit.accounts[account],
        hours=Hours(**given),
        by=unit.actor(by),
        at=AT,
    )


def leave(
    unit: Unit, by: str = "head", account: str = "head", deputy: str | None = "handler", **more
) -> Leave:
    given = {"kind": "annual", "begins_at": AT, "ends_at": AT + WEEK, **more}
    return rostering.record_leave(
        organisation_id=unit.id,
        account_id=unit.accounts[account],
        deputy_id=unit.accounts[deputy] if deputy else None,
        by=unit.actor(by),
        at=AT,
        **given,
    )


def test_a_head_sets_the_roster_of_the_unit_and_nobody_else_does(unit: Unit) -> None:
    place = put(unit)
    assert place.ends_minute == 32 * 60
    for name in ("handler", "stranger"):
        with pytest.raises(NotAllowed):
            put(unit, by=name, weekday=5)
        with pytest.raises(NotFound):
            rostering.take_off_duty(place_id=place.id, by=unit.actor(name), at=AT)
    rostering.take_off_duty(place_id=place.id, by=unit.actor("head"), at=AT)
    with pytest.raises(NotFound):
        rostering.take_off_duty(place_id=place.id, by=unit.actor("head"), at=AT)
    verbs = [entry.verb for entry in timeline("parties.organisation", unit.id)]
    assert {"timetable.put_on_duty", "timetable.take_off_duty"} <= set(verbs)


def test_somebody_of_another_unit_is_not_put_on_duty(unit: Unit) -> None:
    with pytest.raises(Invalid) as caught:
        put(unit, account="stranger")
    assert caught.value.code == "timetable.not_of_the_unit"


def test_the_same_place_stands_once(unit: Unit) -> None:
    put(unit)
    with pytest.raises(Conflict):
        put(unit)


@pytest.mark.parametrize(
    "hours", [{"weekday": None}, {"weekday": 7}, {"begins_minute": 1440}, {"on_date": AT.date()}]
)
def test_hours_that_name_no_day_are_refused(unit: Unit, hours: dict) -> None:
    with pytest.raises(Invalid):
        put(unit, **hours)


def test_who_is_on_duty_tonight(unit: Unit) -> None:
    put(unit)
    [one] = duty.on_duty(facts_at(NIGHT), unit.id, NIGHT)
    assert one.who.account_id == unit.accounts["handler"]


def test_a_deputy_holds_the_role_for_the_leave_and_not_longer(unit: Unit) -> None:
    leave(unit)
    roles = {held.role for held in unit.actor("handler", NIGHT).held if held.organisation_id == unit.id}
    assert roles == {"handler", "unit_head"}
    assert "unit_head" not in {held.role for held in unit.actor("handler", AT + WEEK).held}
    lent = Grant.objects.get(lent_from__isnull=False)
    assert (lent.valid_from, lent.valid_until) == (AT, AT + WEEK)
    assert "grants.lend" in {e.verb for e in timeline("parties.account", unit.accounts["handler"])}


def test_what_is_lent_is_not_lent_on(unit: Unit) -> None:
    leave(unit)
    leave(unit, by="handler", account="handler", deputy="colleague")
    assert "unit_head" not in {held.role for held in unit.actor("colleague", NIGHT).held}


def test_back_earlier_the_lent_role_ends_at_once(unit: Unit) -> None:
    row = leave(unit)
    with pytest.raises(NotFound):
        rostering.end_leave(leave_id=row.id, by=unit.actor("stranger"), at=AT)
    rostering.end_leave(leave_id=row.id, by=unit.actor("head"), at=AT + timedelta(hours=1))
    assert "unit_head" not in {held.role for held in unit.actor("handler", AT + timedelta(hours=1)).held}
    found = Reach(NIGHT).heads(unit.id, area_path="")
    assert [one.who.account_id for one in found] == [unit.accounts["head"]]


def test_ones_own_leave_names_a_deputy_and_lends_nothing(unit: Unit) -> None:
    row = leave(unit, by="handler", account="handler", deputy="colleague")
    assert row.lent == []
    with pytest.raises(NotAllowed):
        leave(unit, by="colleague", account="handler", deputy="colleague")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"deputy": "head"}, "deputy"),
        ({"deputy": "stranger"}, "deputy"),
        ({"kind": "holiday"}, "kind"),
        ({"ends_at": AT}, "ends_at"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(unit: Unit, more: dict, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        leave(unit, **more)
    assert caught.value.field == field


def test_a_second_leave_at_the_same_time_is_refused(unit: Unit) -> None:
    leave(unit)
    with pytest.raises(Conflict):
        leave(unit, begins_at=AT + timedelta(days=1), ends_at=AT + 2 * WEEK)


def test_a_standing_deputy_is_reached_when_the_account_is_disabled(unit: Unit) -> None:
    given = {"organisation_id": unit.id, "account_id": unit.accounts["handler"]}
    head = unit.actor("head")
    rostering.name_deputy(**given, deputy_id=unit.accounts["head"], by=head, at=AT)
    rostering.name_deputy(**given, deputy_id=unit.accounts["colleague"], by=head, at=AT + timedelta(hours=1))
    disable_account(account_id=unit.accounts["handler"], reason="left", by=SYSTEM, at=AT + timedelta(hours=2))
    found = Reach(NIGHT).account(unit.accounts["handler"], organisation_id=unit.id, area_path="")
    assert [(one.who.account_id, one.reason) for one in found] == [(unit.accounts["colleague"], "deputy")]


def test_the_facts_of_a_night_cost_the_same_however_many_serve(unit: Unit) -> None:
    put(unit)
    few = _asked()
    for hour in range(20):
        put(unit, account="colleague", begins_minute=hour * 60, ends_minute=hour * 60 + 30, weekday=hour % 7)
    assert _asked() == few


def _asked() -> int:
    with CaptureQueriesContext(connection) as asked:
        facts_at(NIGHT)
    return len(asked)


def test_a_roster_is_seen_by_the_unit_and_the_desk_not_by_another_unit(unit: Unit) -> None:
    put(unit)
    leave(unit)
    for name, seen in (("head", 1), ("colleague", 1), ("stranger", 0)):
        assert queries.roster(visible_to=unit.actor(name)).count() == seen
        assert queries.leaves(visible_to=unit.actor(name), at=AT).count() == seen
