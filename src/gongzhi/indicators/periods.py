"""Which periods figures are made of."""

from datetime import date, timedelta

from gongzhi.kernel.refusals import Invalid

WEEKS_MAX = 260


def judge_period(since: date, until: date) -> None:
    """Raises Invalid unless since <= day < until is one day to WEEKS_MAX weeks."""
    if not timedelta() < until - since <= timedelta(weeks=WEEKS_MAX):
        raise Invalid(
            "indicators.period",
            "统计期间须在 1 天至 %(weeks)s 周之间，且结束日期晚于开始日期。",
            field="until",
            weeks=WEEKS_MAX,
        )
