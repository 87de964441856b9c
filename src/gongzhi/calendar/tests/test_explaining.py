"""Deadlines in words."""

from datetime import date, datetime

from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.explaining import explain
from gongzhi.calendar.holidays import Holidays, YearTable
from gongzhi.calendar.question import Extension, Pause, Question
from gongzhi.calendar.units import Limit, Unit
from gongzhi.kernel.clock import SHANGHAI

YEAR = YearTable(
    2026, frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7)), frozenset({date(2026, 10, 10)})
)


def question(limit: Limit, **more: object) -> Question:
    return Question(
        start=datetime(2026, 9, 29, 9, 12, tzinfo=SHANGHAI), limit=limit, holidays=Holidays.of([YEAR]), **more
    )


def test_working_days_are_told_run_by_run() -> None:
    assert explain(deadline(question(Limit(3, Unit.WORK_DAY)))) == [
        "从 2026年9月29日 09:12 起算。",
        "2026年9月29日 为起算日，不计入。",
        "2026年9月30日：计 1 个工作日。",
        "2026年10月1日 – 2026年10月7日：休息日，不计入。",
        "2026年10月8日 – 2026年10月9日：计 2 个工作日。",
        "到 2026年10月9日 24:00 为止。",
    ]


def test_pause_and_extension_are_named_in_english_too() -> None:
    asked = question(
        Limit(4, Unit.HOUR),
        pauses=(
            Pause(
                datetime(2026, 9, 29, 10, 12, tzinfo=SHANGHAI),
                datetime(2026, 9, 29, 12, 12, tzinfo=SHANGHAI),
                "rain",
            ),
        ),
        extensions=(Extension(Limit(1, Unit.HOUR), "parts"),),
    )
    assert explain(
        deadline(asked), language="en", reasons={"rain": "heavy rain", "parts": "waiting for parts"}
    ) == [
        "Counted from 2026-09-29 09:12.",
        "2026-09-29 09:12 – 2026-09-29 10:12: 1 hours counted.",
        "2026-09-29 10:12 – 2026-09-29 12:12: paused (heavy rain), not counted.",
        "2026-09-29 12:12 – 2026-09-29 15:12: 3 hours counted.",
        "Extension granted (waiting for parts):",
        "2026-09-29 15:12 – 2026-09-29 16:12: 1 hours counted.",
        "Due by 2026-09-29 16:12.",
    ]


def test_a_provisional_deadline_says_which_year_is_missing() -> None:
    asked = question(Limit(100, Unit.WORK_DAY), provisional_allowed=True)
    assert explain(deadline(asked))[-1].startswith("2027 年放假安排尚未公布")


def test_a_paused_deadline_says_so() -> None:
    asked = question(
        Limit(2, Unit.WORK_DAY), pauses=(Pause(datetime(2026, 9, 29, 10, tzinfo=SHANGHAI), None, "rain"),)
    )
    assert explain(deadline(asked), reasons={"rain": "暴雨"})[-1] == "目前暂停计时（暴雨），恢复后继续计算。"
