"""Rates and curves, by the formulas in force at the time."""

from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.asking import asking, json
from gongzhi.indicators import queries
from gongzhi.indicators.curves import Curve
from gongzhi.indicators.derived import DerivedRow
from gongzhi.indicators.derived import derived as derive
from gongzhi.indicators.lasting import DurableTable, durably_solved
from gongzhi.indicators.queries import RateTable

router = Router(tags=["statistics"])


@router.get("/rates", response=RateTable, summary="Response, solved and satisfied rates with n and interval")
def rates(
    request: HttpRequest,
    since: date,
    until: date,
    by: Literal["all", "organisation", "category", "area"] = "all",
) -> HttpResponse:
    """[since, until). A unit without denominator has no rate."""
    return json(queries.rates(visible_to=asking(request).actor, since=since, until=until, by=by))


@router.get("/weeks", response=list[Curve], summary="Opened, closed, open and overdue per week")
def weeks(
    request: HttpRequest,
    since: date,
    until: date,
    by: Literal["all", "organisation", "category", "area"] = "all",
) -> HttpResponse:
    return json(queries.weekly(visible_to=asking(request).actor, since=since, until=until, by=by))


@router.get(
    "/durable", response=DurableTable, summary="Claimed as solved and still solved after 30 and 90 days"
)
def durable(
    request: HttpRequest,
    since: date,
    until: date,
    by: Literal["all", "organisation", "category", "area"] = "all",
) -> HttpResponse:
    """[since, until) by the day of closing. Closings too young for a window are counted as too early, not as lasting."""
    visit = asking(request)
    return json(durably_solved(visible_to=visit.actor, since=since, until=until, now=visit.at, by=by))


@router.get(
    "/derived",
    response=list[DerivedRow],
    summary="First dispatch right, overdue, repeated, hours to response and closing",
)
def derived(
    request: HttpRequest,
    since: date,
    until: date,
    by: Literal["all", "organisation", "category", "area"] = "all",
) -> HttpResponse:
    """[since, until). No figure without cases."""
    visit = asking(request)
    return json(derive(visible_to=visit.actor, since=since, until=until, now=visit.at, by=by))
