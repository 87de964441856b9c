"""Limits in words: 2 个工作日, 4 小时."""

from django.utils.translation import ngettext


def limit_words(value: int, unit: str) -> str:
    """unit: a code of calendar.Unit."""
    words = {
        "minute": ngettext("%(n)s 分钟", "%(n)s 分钟", value),
        "hour": ngettext("%(n)s 小时", "%(n)s 小时", value),
        "day": ngettext("%(n)s 天", "%(n)s 天", value),
        "work_hour": ngettext("%(n)s 个工作小时", "%(n)s 个工作小时", value),
        "work_day": ngettext("%(n)s 个工作日", "%(n)s 个工作日", value),
        "month": ngettext("%(n)s 个月", "%(n)s 个月", value),
        "metre": ngettext("%(n)s 米", "%(n)s 米", value),
        "times": ngettext("%(n)s 次", "%(n)s 次", value),
    }
    return words[unit] % {"n": value} if unit in words else f"{value} {unit}"
