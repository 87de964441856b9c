"""A request as our pages see it: who, when, under which id. The middleware fills it once."""

from datetime import datetime

from django.http import HttpRequest

from gongzhi.access.actor import Actor


class Visit(HttpRequest):
    """actor: rights at the time of the request; at: the one present instant of this request; request_id: in acts, logs
    and error pages."""

    actor: Actor
    at: datetime
    request_id: str


def wants_problem(request: HttpRequest) -> bool:
    """True for programs (API paths, Accept without HTML), false for people."""
    if request.path.startswith("/api/"):
        return True
    accept = request.headers.get("Accept", "*/*")
    return "json" in accept and "text/html" not in accept


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def network(request: HttpRequest) -> str:
    """The caller's address as the front door saw it. The lane overwrites X-Forwarded-For, so the first value is ours
    when REMOTE_ADDR is a unix socket; otherwise the peer itself."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in ("", "127.0.0.1", "::1", "unix"):
        forwarded = str(request.headers.get("X-Forwarded-For", ""))
        return forwarded.split(",")[0].strip() or peer
    return peer
