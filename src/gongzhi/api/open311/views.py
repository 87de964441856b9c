"""The six calls of GeoReport v2."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from gongzhi.access.actor import Actor
from gongzhi.api.open311 import shapes
from gongzhi.api.open311.rendering import CONTENT_TYPES, Format, Value, render
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.snapshot import Node
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.files import actions as files
from gongzhi.intake.actions import take_in
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import Invalid, InvalidForm, NotFound, NotSignedIn, Refusal
from gongzhi.matters.queries import public
from gongzhi.web import problems, rates
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit, network

DAYS_MAX = 90
_ANONYMOUS_A_MINUTE = 20
Content = Sequence[Mapping[str, Value]] | Mapping[str, Value]
View = Callable[..., HttpResponse]


def georeport(view: Callable[..., tuple[str, Content, int]]) -> View:
    """(root, content, status) → a document in the asked format; refusals as GeoReport's error list."""

    @door(policy="public")
    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, *, as_: Format, **path: str) -> HttpResponse:
        allowed = ("GET", "HEAD", "POST") if view.__name__ == "requests" else ("GET", "HEAD")
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        try:
            root, content, status = view(cast("Visit", request), **path)
        except Refusal as refusal:
            root, content, status = "errors", _errors(refusal), _status(refusal)
        return HttpResponse(render(root, content, as_=as_), status=status, content_type=CONTENT_TYPES[as_])

    return cast("View", answer)


@georeport
def services(visit: Visit) -> tuple[str, Content, int]:
    tree = snapshot.current()
    offered = [node for node in tree.nodes.values() if _offered(node)]
    return "services", [_service(node) for node in offered], 200


@georeport
def definition(visit: Visit, *, code: str) -> tuple[str, Content, int]:
    node = snapshot.current().get(code)
    if node is None or not _offered(node):
        raise NotFound("open311.no_service", "没有这个服务代码。")
    return "service_definition", shapes.definition(node), 200


@georeport
def requests(visit: Visit) -> tuple[str, Content, int]:
    if visit.method == "POST":
        return _create(visit)
    asked = visit.GET
    ids = [number for number in asked.get("service_request_id", "").split(",") if number]
    since, until = (None, None) if ids else _period(visit)
    rows = public.public(
        numbers_=ids[:100],
        category=asked.get("service_code", ""),
        open={"open": True, "closed": False}.get(asked.get("status", "")),
        opened_from=since,
        opened_until=until,
        limit=_limit(asked.get("page_size", "")),
    )
    return "service_requests", [shapes.request(row, _language()) for row in rows], 200


@georeport
def request(visit: Visit, *, number: str) -> tuple[str, Content, int]:
    return "service_requests", [shapes.request(public.public_one(number=number), _language())], 200


@georeport
def token(visit: Visit, *, number: str) -> tuple[str, Content, int]:
    """Our numbers are known at once, so a token is the number itself."""
    row = public.public_one(number=number)
    return "service_requests", [{"service_request_id": row.number, "token": row.number}], 200


@georeport
def discovery(visit: Visit) -> tuple[str, Content, int]:
    base = visit.build_absolute_uri("/open311/v2")
    formats: list[Value] = ["text/xml", "application/json"]
    endpoint: dict[str, Value] = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "type": "production",
        "formats": formats,
    }
    return "discovery", {"changeset": "2026-11-22T00:00:00Z", "endpoints": [endpoint]}, 200


def _create(visit: Visit) -> tuple[str, Content, int]:
    actor, form = _who(visit), visit.POST
    given = {name: form.get(name, "") for name in ("first_name", "last_name", "phone", "description")}
    code = form.get("service_code", "")
    if not code:
        raise Invalid("open311.no_code", "缺少 service_code。", field="service_code")
    raw = RawReport(
        text=given["description"],
        category=code,
        channel="open311",
        address=form.get("address_string", ""),
        lon=form.get("long") or None,
        lat=form.get("lat") or None,
        name=" ".join(filter(None, (given["last_name"], given["first_name"]))),
        phone=given["phone"],
        language=_language(),
        file_ids=_media(visit, actor),
    )
    opened = take_in(raw=raw, by=actor, at=visit.at)
    row: dict[str, Value] = {
        "service_request_id": opened.number,
        "service_notice": f"follow_code={opened.follow_code}",
        "account_id": None,
    }
    return "service_requests", [row], 201


def _media(visit: Visit, actor: Actor) -> tuple[object, ...]:
    upload = visit.FILES.get("media")
    if upload is None:
        return ()
    name = upload.name or "media"
    kept = files.keep(stream=upload, name=name, purpose="report", visibility="public", by=actor, at=visit.at)
    return (kept.id,)


def _who(visit: Visit) -> Actor:
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
    return Actor(kind="anonymous", language=_language(), request_id=visit.request_id)


def _period(visit: Visit) -> tuple[datetime, datetime]:
    """At most 90 days; the last 90 when nothing is said."""
    until = _instant(visit, "end_date") or visit.at + timedelta(minutes=1)
    since = _instant(visit, "start_date") or until - timedelta(days=DAYS_MAX)
    if until - since > timedelta(days=DAYS_MAX, minutes=5):
        raise Invalid("open311.period", "查询时间跨度不能超过 90 天。", field="start_date")
    return since, until


def _instant(visit: Visit, name: str) -> datetime | None:
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


def _limit(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 6 else 1_000


def _offered(node: Node) -> bool:
    return node.leaf and node.public_space and not node.retired


def _service(node: Node) -> Mapping[str, Value]:
    top = snapshot.current().get(node.chain[-1])
    return shapes.service(node, top.title(_language()) if top else "", _language())


def _language() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh-hans"


def _errors(refusal: Refusal) -> list[Mapping[str, Value]]:
    listed = refusal.errors.values() if isinstance(refusal, InvalidForm) else [refusal]
    return [{"code": _status(refusal), "description": problems.text(error)} for error in listed]


def _status(refusal: Refusal) -> int:
    """GeoReport knows 400, 403 and 404; anything else keeps its own."""
    if isinstance(refusal, NotSignedIn):
        return 403
    return 400 if refusal.status == 422 else refusal.status
