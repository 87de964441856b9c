"""In December nobody knows next year's holidays yet. The promise says so, and is made again when they are published."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.queries import timeline
from gongzhi.calendar.holidays import YearTable
from gongzhi.kernel import clock
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.matters.models import ClockRun, Matter
from gongzhi.notices.models import Notice
from gongzhi.timetable import actions as timetable
from tests.journeys.people import Town

NEW_YEARS_EVE = datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI)
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


@dataclass
class Wall:
    """The clock on the wall of this story."""

    at: datetime = NEW_YEARS_EVE


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    hung = Wall()
    monkeypatch.setattr(clock, "now", lambda: hung.at)
    return hung


@pytest.fixture
def town(db: None, wall: Wall) -> Town:
    return Town()


def _published(year: int, *days_off: date, source: str, at: datetime) -> None:
    table = YearTable(year, frozenset(days_off), frozenset(), source)
    timetable.load_year(table=table, by=SYSTEM, at=at)


def test_the_promise_is_provisional_and_then_made_again(town: Town, wall: Wall) -> None:
    _published(2026, date(2026, 1, 1), source="国务院办公厅关于2026年部分节假日安排的通知", at=NEW_YEARS_EVE)
    number = town.report("小区门口路灯不亮三天了")
    assert town.desk("dispatcher", number, "accept") == 302

    run = ClockRun.objects.get(matter__number=number, code="handling")
    before = run.due_at
    assert run.unpublished_year == 2027
    assert "暂定：所涉年度的放假安排尚未公布" in town.page(number)
    town.told(number)

    # The State Council publishes: the 4th is a day off as well.
    wall.at += timedelta(hours=5)
    days = [date(2027, 1, day) for day in (1, 2, 3, 4)]
    _published(2027, *days, source=SOURCE, at=wall.at)
    told = town.told(number)

    run.refresh_from_db()
    assert run.unpublished_year is None
    assert before is not None
    assert run.due_at is not None
    assert run.due_at > before
    matter = Matter.objects.get(number=number)
    assert matter.due_at == run.due_at
    assert "matters.recompute" in {entry.verb for entry in timeline("matters.matter", matter.id)}
    moved = Notice.objects.filter(subject_id=str(matter.id), template="matter.new_date", channel="shown")
    assert moved.count() == 1
    assert run.due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d") in "".join(told)
    page = town.page(number)
    assert "暂定" not in page
    assert "2027" in page


def test_loading_the_same_year_again_moves_nothing_and_tells_nobody(town: Town) -> None:
    number = town.report("小区门口路灯不亮三天了")
    town.desk("dispatcher", number, "accept")
    for _ in range(2):
        _published(2026, source="2026", at=NEW_YEARS_EVE)
        _published(2027, date(2027, 1, 1), source=SOURCE, at=NEW_YEARS_EVE)
        told = town.told(number)
    assert len(told) == len(set(told))
