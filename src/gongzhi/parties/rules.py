"""Decisions about passwords, locks and unmasking: pure arithmetic, numbers as defaults an installation may tighten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.kernel.refusals import Invalid, TooMany

PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 256
FAILURES_MAX = 5
NETWORK_FAILURES_MAX = 50
FAILURE_WINDOW = timedelta(minutes=15)
UNMASKED_HOURLY_MAX = 60
_CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")


def judge_password(password: str, *, username: str, common: bool = False) -> None:
    """GB/T 22239 level 3 a): long and mixed. Raises Invalid saying what is missing. common: it is on the known list."""
    if len(password) < PASSWORD_LENGTH_MIN:
        raise Invalid(
            "parties.password_short", "密码至少 %(min)s 位。", field="password", min=PASSWORD_LENGTH_MIN
        )
    if len(password) > PASSWORD_LENGTH_MAX:
        raise Invalid(
            "parties.password_long", "密码不能超过 %(max)s 位。", field="password", max=PASSWORD_LENGTH_MAX
        )
    if len(password) < 16 and sum(bool(re.search(c, password)) for c in _CLASSES) < 3:
        raise Invalid(
            "parties.password_simple",
            "密码应包含大写字母、小写字母、数字、符号中的至少三种，或不少于 16 位。",
            field="password",
        )
    if username and username.lower() in password.lower():
        raise Invalid("parties.password_name", "密码不能包含登录名。", field="password")
    if common or len(set(password)) < 5:
        raise Invalid("parties.password_common", "这个密码太常见，容易被猜中，请换一个。", field="password")


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    succeeded: bool


def locked_until(attempts: Sequence[Attempt], at: datetime) -> datetime | None:
    """When a name may be tried again, or None if now. attempts: newest first.

    Five failures in a row, each within 15 minutes of `at`, lock the name for 15 minutes from the last of them.
    """
    failures: list[Attempt] = []
    for attempt in attempts:
        if attempt.succeeded or attempt.at <= at - FAILURE_WINDOW:
            break
        failures.append(attempt)
    if len(failures) < FAILURES_MAX:
        return None
    return failures[0].at + FAILURE_WINDOW


def refuse_bulk_unmasking(already: int, more: int) -> None:
    """already: values the reader unmasked in the hour before. Raises TooMany above 60 an hour."""
    if already + more > UNMASKED_HOURLY_MAX:
        raise TooMany(
            "parties.unmasked_too_many",
            "一小时内查看完整个人信息已达 %(max)s 条上限。请稍后再试；确需批量使用的，请申请数据共享。",
            max=UNMASKED_HOURLY_MAX,
        )
