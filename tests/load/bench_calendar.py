"""Deadlines a second on one core, beside the plain way of walking day by day and minute by minute."""

import random
import time
from collections.abc import Callable, Iterable

from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.explaining import explain
from gongzhi.calendar.tests.worlds import brute_force, make_holidays, make_question
from tests.load.harness import Row


def rows(quick: bool) -> Iterable[Row]:
    """Mixed questions: five units, pauses, extensions, three kinds of working hours."""
    dice = random.Random(7)
    holidays = make_holidays(7)
    questions = [make_question(dice, holidays) for _ in range(5_000 if quick else 50_000)]
    for question in questions[:200]:
        deadline(question)
    fast = _per_second(lambda: [deadline(question) for question in questions], len(questions))
    few = questions[:300]
    slow = _per_second(lambda: [brute_force(question) for question in few], len(few))
    yield Row.at_least("deadlines on one core", fast, "1/s", goal=20_000, baseline=slow)
    answers = [deadline(question) for question in questions[:2_000]]
    yield Row.at_least(
        "deadlines explained in words",
        _per_second(lambda: [explain(a) for a in answers], len(answers)),
        "1/s",
    )


def _per_second(work: Callable[[], object], count: int) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)
