"""The six calls of GeoReport v2."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from gongzhi.access.actor import Actor
from gongzhi.api.methods import WrongMethod
from gongzhi.api.open311 import asking, shapes
from gongzhi.api.open311.asking import language
from gongzhi.api.open311.rendering import CONTENT_TYPES, Format, Value, render
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.snapshot import Node
from gongzhi.files import actions as files
from gongzhi.intake.actions import take_in
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import Invalid, InvalidForm, NotFound, NotSignedIn, Refusal
from gongzhi.matters.queries import public
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

Content = Sequence[Mapping[str, Value]] | Mapping[str, Value]
View = Callable[..., HttpResponse]


def georeport(view: Callable[..., tuple[str, Content, int]]) -> View:
    """(root, content, status) → a document in the asked format; refusals as GeoReport's error list."""

    @door(policy="public")
    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, *, as_: Format, **path: str) -> HttpResponse:
        allowed = ("GET", "HEAD", "POST") if view.__name__ == "requests" else ("GET", "HEAD")
        try:
            if request.method not in allowed:
                raise WrongMethod("http.method_not_allowed", "这个地址不接受这种请求方法。")
            root, content, status = view(cast("Visit", request), **path)
        except Refusal as refusal:
            root, content, status = "errors", _errors(refusal), _status(refusal)
        body = HttpResponse(render(root, content, as_=as_), status=status, content_type=CONTENT_TYPES[as_])
        if status == WrongMethod.status:
            body["Allow"] = ", ".join(allowed)
        return body

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
    since, until = (None, None) if ids else asking.period(visit)
    rows = public.public(
        numbers_=ids[:100],
        category=asked.get("service_code", ""),
        open={"open": True, "closed": False}.get(asked.get("status", "")),
        opened_from=since,
        opened_until=until,
        limit=asking.limit(asked.get("page_size", "")),
    )
    return "service_requests", [shapes.request(row, language()) for row in rows], 200


@georeport
def request(visit: Visit, *, number: str) -> tuple[str, Content, int]:
    return "service_requests", [shapes.request(public.public_one(number=number), language())], 200


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
    actor, form = asking.who(visit), visit.POST
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
        language=language(),
        file_ids=_media(visit, actor),
    )
    opened = take_in(raw=raw, by=actor, at=visit.at)
    row: dict[str, Value] = {
        "service_request_id": opened.number,
        "service_notice": f"follow_code={opened.follow_code}",
        "account_id": None,
    }
    return "service_requests", [row], 201


def _media(visit: Visit, actor: Actor) -> tuple[UUID, ...]:
    upload = visit.FILES.get("media")
    if upload is None:
        return ()
    name = upload.name or "media"
    stream = cast("BinaryIO", upload)
    kept = files.keep(stream=stream, name=name, purpose="report", visibility="public", by=actor, at=visit.at)
    return (kept.id,)


def _offered(node: Node) -> bool:
    return node.leaf and node.public_space and not node.retired


def _service(node: Node) -> Mapping[str, Value]:
    top = snapshot.current().get(node.chain[-1])
    return shapes.service(node, top.title(language()) if top else "", language())


def _errors(refusal: Refusal) -> list[Mapping[str, Value]]:
    listed = refusal.errors.values() if isinstance(refusal, InvalidForm) else [refusal]
    return [{"code": _status(refusal), "description": problems.text(error)} for error in listed]


def _status(refusal: Refusal) -> int:
    """GeoReport knows 400, 403 and 404; anything else keeps its own."""
    if isinstance(refusal, NotSignedIn):
        return 403
    return 400 if refusal.status == 422 else refusal.status
