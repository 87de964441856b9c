"""What every call shares: who asks, the same answer for a repeated key, ETags, and JSON without detours."""

from collections.abc import Callable
from typing import cast

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja.utils import check_csrf

from gongzhi.access.actor import Actor
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotSignedIn
from gongzhi.web import idempotency, rates
from gongzhi.web.visits import Visit, network

_SAFE = ("GET", "HEAD", "OPTIONS")
_ANONYMOUS_A_MINUTE = 20


def identify(request: HttpRequest) -> Actor:
    """The actor of a token, of the session (with a CSRF token for writes), or the anonymous. Raises NotSignedIn."""
    visit = cast("Visit", request)
    if authorization := request.headers.get("Authorization", ""):
        visit.actor = actor_behind(authorization, at=visit.at, request_id=visit.request_id)
    elif visit.actor.id is not None and request.method not in _SAFE and check_csrf(request) is not None:
        raise NotAllowed("api.csrf", "请求缺少安全令牌（CSRF）。程序请改用访问令牌。")
    # Anonymous people have no name yet: an empty actor is still somebody for ninja.
    return visit.actor


def asking(request: HttpRequest) -> Visit:
    """The request with its actor and instant."""
    return cast("Visit", request)


def signed_in(request: HttpRequest) -> Actor:
    """The caller, who must be somebody. Raises NotSignedIn."""
    actor = asking(request).actor
    if actor.id is None:
        raise NotSignedIn("api.sign_in", "请先登录，或出示访问令牌。")
    return actor


def limit_anonymous(request: HttpRequest, purpose: str) -> None:
    """Raises TooMany when one network asks too often without showing who it is."""
    visit = asking(request)
    if visit.actor.id is None:
        rates.take(
            purpose=purpose, who=network(request), capacity=_ANONYMOUS_A_MINUTE, per_seconds=60, at=visit.at
        )


def _plain(value: object) -> object:
    if hasattr(value, "items"):
        return dict(value.items())
    return str(value)


def json(content: object, *, status: int = 200, etag: str = "", location: str = "") -> HttpResponse:
    """Frozen values as JSON, straight from their fields."""
    response = HttpResponse(
        msgspec.json.encode(content, enc_hook=_plain),
        status=status,
        content_type="application/json; charset=utf-8",
    )
    if etag:
        response["ETag"] = etag
    if location:
        response["Location"] = location
    return response


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a write; with an Idempotency-Key at most once, and the stored answer for every repetition."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    visit = asking(request)
    who = (
        visit.actor.reference
        if visit.actor.id
        else f"network:{rates.bucket_key('api', network(request))[:40]}"
    )
    print_ = idempotency.fingerprint((request.method or "").encode(), request.path.encode(), request.body)

    def answered() -> idempotency.Answer:
        response = work()
        kept = {name: response[name] for name in ("Content-Type", "ETag", "Location") if name in response}
        return idempotency.Answer(response.status_code, response.content, kept)

    answer = idempotency.answer_once(actor=who, key=key, print_=print_, at=visit.at, work=answered)
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    if answer.repeated:
        response["Idempotency-Replayed"] = "true"
    return response


def expected_version(request: HttpRequest) -> int | None:
    """The version in If-Match, None without one. Raises Invalid for something else than one strong ETag of ours."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    try:
        return int(given.strip('"').rpartition("-")[2])
    except ValueError as error:
        raise Invalid("api.bad_etag", "If-Match 应为上次收到的 ETag。", field="If-Match") from error


def unchanged(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match already has this."""
    return etag in request.headers.get("If-None-Match", "")
