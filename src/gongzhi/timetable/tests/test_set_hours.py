"""Working hours: everybody's, one unit's own, and how one follows another."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.calendar.hours import OFFICE, ROUND_THE_CLOCK, WorkingHours
from gongzhi.kernel.refusals import NotAllowed
from gongzhi.parties.actions import register_organisation
from gongzhi.timetable import actions, queries
from gongzhi.timetable.models import UnitHours

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
SUMMER = WorkingHours(((8 * 60, 12 * 60), (15 * 60, 18 * 60)))


def test_without_any_row_everybody_keeps_office_hours() -> None:
    assert queries.current().hours(None) == OFFICE


def test_a_unit_may_keep_its_own_hours_and_others_follow_the_common_ones() -> None:
    unit = register_organisation(code="X1", name="值班室", kind="centre", by=SYSTEM, at=AT)
    actions.set_hours(organisation=None, hours=SUMMER, by=SYSTEM, at=AT)
    actions.set_hours(organisation=unit, hours=ROUND_THE_CLOCK, by=SYSTEM, at=AT)
    table = queries.current()
    assert table.hours(unit.id) == ROUND_THE_CLOCK
    assert table.hours(None) == SUMMER


def test_new_hours_end_the_old_ones_and_keep_them() -> None:
    actions.set_hours(organisation=None, hours=OFFICE, by=SYSTEM, at=AT)
    actions.set_hours(organisation=None, hours=SUMMER, by=SYSTEM, at=AT + timedelta(days=1))
    actions.set_hours(organisation=None, hours=SUMMER, by=SYSTEM, at=AT + timedelta(days=2))
    assert UnitHours.objects.count() == 2
    assert UnitHours.objects.filter(valid_until=None).count() == 1
    assert queries.current().hours(None) == SUMMER


def test_a_handler_may_not_set_hours() -> None:
    with pytest.raises(NotAllowed):
        actions.set_hours(
            organisation=None, hours=SUMMER, by=Actor(kind="account", held=(Held("handler"),)), at=AT
        )
