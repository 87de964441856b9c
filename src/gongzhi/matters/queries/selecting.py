"""From filters to a query, and from rows of tables to frozen rows: shared by lists, search, export and the case page."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from gongzhi.access.prepared import fetch
from gongzhi.access.statements import Statement
from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters.models import FACTS, Matter, SuperiorOrder, SuperiorRequest
from gongzhi.matters.queries.rows import Filters, MatterRow
from gongzhi.matters.queues import QUEUES, SOON, Queue

_ROWS = """
SELECT m.id, m.number, m.kind, w.title, p.code, p.version, m.state, c.code, c.titles::text, m.area_path, a.name, w.address,
    m.lead_id, o.name, m.channel, m.urgency, m.confidential, m.opened_at, m.due_at, m.closed_at, m.lon, m.lat, m.version
FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted(id, place)
JOIN matters_matter m ON m.id = wanted.id
JOIN matters_mattertext w ON w.matter_id = m.id
JOIN catalogue_category c ON c.id = m.category_id
JOIN catalogue_procedureversion p ON p.id = m.procedure_id
LEFT JOIN places_area a ON a.id = m.area_id
LEFT JOIN parties_organisation o ON o.id = m.lead_id
ORDER BY wanted.place"""


def queue_of(filters: Filters) -> Queue | None:
    """Raises Invalid for a queue that does not exist."""
    if not filters.queue:
        return None
    queue = QUEUES.get(filters.queue)
    if queue is None:
        raise Invalid("matters.no_queue", "没有这个待办分类。", field="queue")
    return queue


def in_queue(rows: QuerySet[Matter], queue: Queue, at: datetime) -> QuerySet[Matter]:
    """What of a queue is not relation: open, its clock, its open request."""
    rows = rows.filter(closed_at__isnull=True)
    if queue.due == "late":
        rows = rows.filter(due_at__lt=at)
    elif queue.due == "soon":
        rows = rows.filter(due_at__gte=at, due_at__lt=at + SOON)
    if queue.asks:
        rows = rows.filter(id__in=undecided(queue.asks).values("matter_id"))
    if queue.superior:
        rows = rows.filter(id__in=at_superior())
    return rows


def undecided(kind: str) -> QuerySet[Any]:
    """Requests of that kind that wait for a decision."""
    waiting: QuerySet[Any] = FACTS[kind]._default_manager.all()
    return waiting.filter(decided_at__isnull=True, ended_at__isnull=True)


def at_superior() -> QuerySet[Matter, Any]:
    """Ids of matters a superior platform must decide on or close: what was asked of it, and what was answered to it."""
    open_requests = SuperiorRequest.objects.filter(decided_at__isnull=True, ended_at__isnull=True)
    answered = SuperiorOrder.objects.filter(ended_at__isnull=True, closes=True)
    waiting = Matter.objects.filter(closed_at__isnull=True)
    return waiting.filter(
        Q(id__in=open_requests.values("matter_id"))
        | Q(state="calling_back", id__in=answered.values("matter_id"))
    ).values("id")


def filtered(filters: Filters, at: datetime) -> QuerySet[Matter]:
    """Everything but who looks and what words it has."""
    rows, queue = Matter.objects.all(), queue_of(filters)
    if queue:
        rows = in_queue(rows, queue, at)
    exact = {
        "state": filters.state,
        "channel": filters.channel,
        "lead_id": filters.lead,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.category:
        rows = rows.filter(category_id__in=_categories(filters.category))
    if filters.area:
        rows = rows.filter(area_path__gte=filters.area, area_path__lt=filters.area[:-1] + "0")
    if filters.open is not None:
        rows = rows.filter(closed_at__isnull=filters.open)
    if filters.overdue:
        rows = rows.filter(closed_at__isnull=True, due_at__lt=at)
    if filters.opened_from:
        rows = rows.filter(opened_at__gte=filters.opened_from)
    if filters.opened_until:
        rows = rows.filter(opened_at__lt=filters.opened_until)
    return rows


def _categories(code: str) -> list[Any]:
    """The category and everything below it."""
    return [node.id for node in snapshot.current().nodes.values() if code in node.chain]


def rows_of(chosen: Sequence[UUID]) -> list[MatterRow]:
    """One statement; keeps the order. What the reader may see was decided by who chose."""
    return [_row(*values) for values in fetch(_ROWS, [list(chosen)])] if chosen else []


def keys(statement: Statement | None) -> list[UUID]:
    """The first column of a statement made by `access.hot.chosen`."""
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return [row[0] for row in cursor.fetchall()]


def _row(
    id_: UUID, number: str, kind: str, title: str, procedure: str, edition: int, state: str, category: str, titles: str,
    area_path: str, area: str | None, address: str, lead_id: UUID | None, lead: str | None, channel: str, urgency: str,
    confidential: bool, opened_at: datetime, due_at: datetime | None, closed_at: datetime | None,
    lon: float | None, lat: float | None, version: int,
) -> MatterRow:  # fmt: skip
    return MatterRow(
        id=id_,
        number=number,
        kind=kind,
        title=title,
        state=catalogue.procedure(procedure, edition).state(state),
        category=category,
        category_titles=_wording(titles),
        area_path=area_path,
        area=area or "",
        address=address,
        lead_id=lead_id,
        lead=lead or "",
        channel=channel,
        urgency=urgency,
        confidential=confidential,
        opened_at=opened_at,
        due_at=due_at,
        closed_at=closed_at,
        lon=lon,
        lat=lat,
        version=version,
    )


@lru_cache(maxsize=2_000)
def _wording(titles: str) -> Wording:
    """Titles as they are stored: the same text is the same wording."""
    said = json.loads(titles)
    return Wording(said["zh-hans"], said.get("en", ""))
