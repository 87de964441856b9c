"""Matters: lists, one matter, its transitions, counts and the map."""

from dataclasses import asdict
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from gongzhi.acts.queries import TimelineEntry
from gongzhi.api.v1 import answers
from gongzhi.api.v1.asking import asking, expected_version, json, once, unchanged
from gongzhi.api.v1.shapes import Asked, ClusterOut, MattersOut, QueueOut, TransitionIn, TransitionOut
from gongzhi.matters import actions, queries
from gongzhi.matters.queries import Box, Filters

router = Router(tags=["matters"])


@router.get("", response=MattersOut, summary="List matters the caller may see")
def page(
    request: HttpRequest,
    asked: Query[Asked],
    order: Literal["due", "newest"] = "due",
    after: str = "",
    limit: int = 50,
) -> HttpResponse:
    """Pages by cursor: hand `next` back as `after`. At most 200 a page."""
    visit = asking(request)
    found = queries.page(
        visible_to=visit.actor,
        filters=Filters(**asked.dict()),
        at=visit.at,
        order=order,
        after=after,
        limit=limit,
    )
    return json({"items": [answers.row(row) for row in found.rows], "next": found.next})


@router.get("/queues", response=list[QueueOut], summary="Counts of the caller's queues")
def counts(request: HttpRequest) -> HttpResponse:
    visit = asking(request)
    return json(queries.counts(visible_to=visit.actor, at=visit.at))


@router.get("/clusters", response=list[ClusterOut], summary="Open matters on the map")
def clusters(
    request: HttpRequest, west: float, south: float, east: float, north: float, zoom: int = 12
) -> HttpResponse:
    """Counts per cell, single matters from zoom 16 on. WGS-84 degrees."""
    visit = asking(request)
    box = Box(west, south, east, north)
    return json(queries.clusters(visible_to=visit.actor, box=box, zoom=zoom, at=visit.at))


@router.get(
    "/{number}",
    response={200: answers.CaseOut, 304: None},
    summary="One matter with timeline, facts, clocks and the verbs the caller may use",
)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Has an ETag: send it as If-Match with a transition, or as If-None-Match to be told 304."""
    visit = asking(request)
    found = queries.case(visible_to=visit.actor, number=number, at=visit.at)
    if unchanged(request, found.etag):
        return HttpResponse(status=304, headers={"ETag": found.etag})
    return json(answers.case(found), etag=found.etag)


@router.get(
    "/{number}/acts",
    response=list[TimelineEntry],
    summary="The acts of a matter without their content, for auditors",
)
def trail(request: HttpRequest, number: str, before: UUID | None = None, limit: int = 100) -> HttpResponse:
    visit = asking(request)
    limit = max(1, min(limit, 200))
    return json(queries.trail(visible_to=visit.actor, number=number, limit=limit, before=before))


@router.post("/{number}/transitions", response={201: TransitionOut}, summary="Do one verb of the procedure")
def perform(request: HttpRequest, number: str, body: TransitionIn) -> HttpResponse:
    """409 when the state has moved on, 412 when If-Match does not fit, 422 with every wrong form field."""
    visit = asking(request)
    version = expected_version(request)

    def work() -> HttpResponse:
        done = actions.perform(
            number=number, verb=body.verb, form=body.form, by=visit.actor, at=visit.at, version=version
        )
        return json(asdict(done), status=201)

    return once(request, work)
