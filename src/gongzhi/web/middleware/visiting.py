"""Fills the visit: its instant and id first, then the actor once the session is known, then the door's judgement."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from gongzhi.access.actor import Actor
from gongzhi.access.once import asking_once
from gongzhi.grants import queries as grants
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import Refusal
from gongzhi.web import problems
from gongzhi.web.doors import door_of, judge
from gongzhi.web.visits import Visit

_GIVEN_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class Arrival:
    """Gives the request its instant and its id; a sane X-Request-ID from the front door is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visit = cast("Visit", request)
        visit.at = clock.now()
        given = request.headers.get("X-Request-ID", "")
        visit.request_id = given if _GIVEN_ID.match(given) else str(ids.uuid7(visit.at))
        visit.actor = Actor(kind="anonymous", request_id=visit.request_id)
        with asking_once() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
        response.headers["X-Request-ID"] = visit.request_id
        return response


class WhoActs:
    """Builds the actor (one query for signed-in people) and judges the door before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        visit = cast("Visit", request)
        declared = door_of(view)
        if declared is None or declared.policy != "token":
            visit.actor = _actor(visit)
        try:
            judge(declared, visit=visit, demo_mode=settings.DEMO)
        except Refusal as refusal:
            return problems.answer(request, refusal)
        return None


def _actor(visit: Visit) -> Actor:
    language = translation.get_language() or settings.LANGUAGE_CODE
    if not visit.session.session_key or not visit.user.is_authenticated:
        return Actor(kind="anonymous", language=language, request_id=visit.request_id)
    actor: Actor = grants.actor_of(visit.user.id, visit.at)
    return replace(actor, language=language, request_id=visit.request_id)
