"""What the caller was told."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from gongzhi.api.v1.asking import asking, json, signed_in
from gongzhi.notices import actions, queries
from gongzhi.notices.queries import NoticeRow

router = Router(tags=["notices"])


class SeenIn(Schema):
    notices: list[UUID] = Field(..., max_length=200)


class SeenOut(Schema):
    """How many of them were not seen before."""

    changed: int


@router.get("", response=list[NoticeRow], summary="The caller's notices, newest first")
def notices(
    request: HttpRequest, unseen: bool = False, before: datetime | None = None, limit: int = 50
) -> HttpResponse:
    """In the words that were sent. before: `created_at` of the last one of the page before. At most 200."""
    actor, limit = signed_in(request), max(1, min(limit, 200))
    if unseen:
        return json(queries.unseen(visible_to=actor, limit=limit))
    return json(queries.for_party(visible_to=actor, limit=limit, before=before))


@router.post("/seen", response=SeenOut, summary="These were read")
def seen(request: HttpRequest, body: SeenIn) -> HttpResponse:
    """Others' notices are passed over."""
    by = signed_in(request)
    return json({"changed": actions.mark_seen(notice_ids=body.notices, by=by, at=asking(request).at)})
