"""The reads, filtered by the policy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to, top, visible
from gongzhi.notices.models import Notice

_COLUMNS = (
    "id",
    "title",
    "body",
    "channel",
    "state",
    "subject_kind",
    "subject_id",
    "template",
    "created_at",
    "sent_at",
    "seen_at",
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as lists and API show it, in the words that were sent."""

    id: UUID
    title: str
    body: str
    channel: str
    state: str
    subject_kind: str
    subject_id: str
    template: str
    created_at: datetime
    sent_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A notice that reached nobody: for administrators, without its words."""

    id: UUID
    channel: str
    recipient: str
    subject_kind: str
    subject_id: str
    attempts: int
    error: str
    created_at: datetime


def unseen(*, visible_to: Actor, limit: int = 20) -> list[NoticeRow]:
    """What waits in the reader's list and was not opened yet, newest first: one query."""
    return _rows(top(_shown().filter(state="sent"), visible_to, order=("-created_at", "-id"), limit=limit))


def unseen_count(*, visible_to: Actor) -> int:
    """How many wait unopened: one query, stops counting at 100."""
    return visible(_shown().filter(state="sent"), visible_to)[:100].count()


def for_party(*, visible_to: Actor, limit: int = 50, before: datetime | None = None) -> list[NoticeRow]:
    """The reader's list, seen ones included, newest first; `before` is `created_at` of the last row of the page."""
    rows = _shown().filter(created_at__lt=before) if before else _shown()
    return _rows(top(rows, visible_to, order=("-created_at", "-id"), limit=limit))


def of_subject(*, subject_kind: str, subject_id: UUID | str, limit: int = 200) -> list[NoticeRow]:
    """For the room of the subject, which has decided already: everything told about it, oldest first."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))
    return _rows(rows.order_by("created_at", "id")[:limit])


def told_of(act_ids: Collection[UUID]) -> set[UUID]:
    """Those acts that somebody was told of. One query."""
    return set(Notice.objects.filter(act_id__in=act_ids).values_list("act_id", flat=True).distinct())


def failed(*, visible_to: Actor, limit: int = 100) -> list[FailedRow]:
    """What could not be delivered, newest first. Needs `notices.deliveries`."""
    require_to(visible_to, "notices.deliveries")
    rows = Notice.objects.filter(state="failed").order_by("-created_at")[:limit]
    names = tuple(FailedRow.__dataclass_fields__)
    return [FailedRow(*row) for row in rows.values_list(*names)]


def _shown() -> QuerySet[Notice]:
    return Notice.objects.filter(channel="shown")


def _rows(notices: QuerySet[Notice]) -> list[NoticeRow]:
    return [NoticeRow(*row) for row in notices.values_list(*_COLUMNS)]
