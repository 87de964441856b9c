"""What a GeoReport call asks: by whom, for which days, how many, in which language."""

from datetime import UTC, datetime, timedelta

from django.utils import translation

from gongzhi.access.actor import Actor
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.kernel.refusals import Invalid
from gongzhi.web import rates
from gongzhi.web.visits import Visit, network

DAYS_MAX = 90
_ANONYMOUS_A_MINUTE = 20


def language() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh-hans"


def who(visit: Visit) -> Actor:
    """api_key is an access token of ours; without one anybody may report, a few times a minute."""
    if key := visit.POST.get("api_key", "") or visit.GET.get("api_key", ""):
        return actor_behind(f"Bearer {key}", at=visit.at, request_id=visit.request_id)
    rates.take(
        purpose="open311.report",
        who=network(visit),
        capacity=_ANONYMOUS_A_MINUTE,
        per_seconds=60,
        at=visit.at,
    )
    return Actor(kind="anonymous", language=language(), request_id=visit.request_id)


def period(visit: Visit) -> tuple[datetime, datetime]:
    """At most 90 days; the last 90 when nothing is said."""
    until = instant(visit, "end_date") or visit.at + timedelta(minutes=1)
    since = instant(visit, "start_date") or until - timedelta(days=DAYS_MAX)
    if until - since > timedelta(days=DAYS_MAX, minutes=5):
        raise Invalid("open311.period", "查询时间跨度不能超过 90 天。", field="start_date")
    return since, until


def instant(visit: Visit, name: str) -> datetime | None:
    given = visit.GET.get(name, "")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given.replace(" ", "+"))
        if not 1900 < found.year < 9000:  # sums with a period must stay inside the calendar
            raise ValueError(given)
    except ValueError as error:
        raise Invalid(
            "open311.date", "%(name)s 应为 W3C 时间，例如 2026-11-22T08:00:00Z。", field=name, name=name
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def limit(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 6 else 1_000
