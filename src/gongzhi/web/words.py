"""How people say times and spans: 今天 15:30, 周三 10:00, 还剩 5 小时. In the active language; exact time on hover."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gongzhi.kernel.clock import in_china

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def when(at: datetime, *, now: datetime, ends: bool = False, language: str = "") -> str:
    """A point in time as people say it. ends: midnight is the end of the day before (24:00), as deadlines are.
    language: the active one, where the caller knows it."""
    local, today, language = in_china(at), in_china(now).date(), language or get_language() or ""
    if ends and local.hour == local.minute == 0:
        return f"{_day(local.date() - timedelta(days=1), today, language)} 24:00"
    return f"{_day(local.date(), today, language)} {local.hour:02d}:{local.minute:02d}"


@lru_cache(maxsize=5_000)
def _day(day: date, today: date, _language: str) -> str:
    distance = (day - today).days
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天"), 2: _("后天")}
    if distance in near:
        return near[distance]
    if 2 < distance < 7:
        return _weekdays()[day.weekday()]
    if day.year == today.year:
        return _("%(month)s月%(day)s日") % {"month": _months()[day.month - 1], "day": day.day}
    return _("%(year)s年%(month)s月%(day)s日") % {
        "year": day.year,
        "month": _months()[day.month - 1],
        "day": day.day,
    }


def _weekdays() -> list[str]:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


def _months() -> list[str]:
    """Chinese numbers months, English names them."""
    if _("月份写法") == "names":
        return ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return [str(month) for month in range(1, 13)]


def span(seconds: float, *, language: str = "") -> str:
    """A length of time with one unit, rounded down: 40 分钟, 5 小时, 3 天. language: the active one, if known."""
    whole, language = int(abs(seconds)), language or get_language() or ""
    if whole < _HOUR:
        return _minutes(max(1, whole // _MINUTE), language)
    if whole < 2 * _DAY:
        return _hours(whole // _HOUR, language)
    return _days(whole // _DAY, language)


@lru_cache(maxsize=200)
def _minutes(n: int, _language: str) -> str:
    return ngettext("%(n)s 分钟", "%(n)s 分钟", n) % {"n": n}


@lru_cache(maxsize=200)
def _hours(n: int, _language: str) -> str:
    return ngettext("%(n)s 小时", "%(n)s 小时", n) % {"n": n}


@lru_cache(maxsize=1_000)
def _days(n: int, _language: str) -> str:
    return ngettext("%(n)s 天", "%(n)s 天", n) % {"n": n}


def exact(at: datetime) -> str:
    """The full instant on a Chinese wall clock, for hover and for machines."""
    return in_china(at).isoformat(" ", "seconds")[:19]
