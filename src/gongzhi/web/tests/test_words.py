"""Times and deadline chips as people say them."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from gongzhi.kernel.clock import SHANGHAI
from gongzhi.web.chips import chip
from gongzhi.web.words import span, when

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=SHANGHAI)  # a Tuesday


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 3, 15, 30, tzinfo=SHANGHAI), "今天 15:30"),
        (datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI), "明天 10:00"),
        (datetime(2026, 3, 2, 8, 5, tzinfo=SHANGHAI), "昨天 08:05"),
        (datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI), "周五 10:00"),
        (datetime(2026, 3, 20, 10, 0, tzinfo=SHANGHAI), "3月20日 10:00"),
        (datetime(2027, 1, 5, 10, 0, tzinfo=SHANGHAI), "2027年1月5日 10:00"),
    ],
)
def test_days_are_said_as_people_say_them(at: datetime, words: str) -> None:
    with translation.override("zh-hans"):
        assert when(at, now=NOW) == words


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    with translation.override("zh-hans"):
        assert when(datetime(2026, 3, 5, 0, 0, tzinfo=SHANGHAI), now=NOW, ends=True) == "明天 24:00"


def test_spans_have_one_unit() -> None:
    with translation.override("zh-hans"):
        assert [span(s) for s in (20, 2_500, 18_100, 200_000)] == ["1 分钟", "41 分钟", "5 小时", "2 天"]


def test_the_chip_turns_amber_under_a_quarter_and_vermilion_when_late() -> None:
    started = NOW - timedelta(hours=8)

    def tone(hours: float) -> str:
        return chip(due_at=started + timedelta(hours=8 + hours), started_at=started, at=NOW).tone

    assert tone(5) == "calm"
    assert tone(2) == "soon"
    assert tone(-0.1) == "late"


def test_a_stopped_clock_says_whether_it_was_in_time() -> None:
    with translation.override("zh-hans"):
        kept = chip(due_at=NOW, started_at=None, at=NOW, stopped_at=NOW - timedelta(hours=1))
        broken = chip(due_at=NOW - timedelta(hours=3), started_at=None, at=NOW, stopped_at=NOW)
        open_end = chip(due_at=None, started_at=None, at=NOW)
    assert (kept.tone, kept.left) == ("done", "按时")
    assert (broken.tone, broken.left) == ("overdue", "晚了 3 小时")
    assert open_end.left == "没有期限"
