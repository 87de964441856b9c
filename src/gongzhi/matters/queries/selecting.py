"""From filters to a query, and from rows of tables to frozen rows: shared by lists, search, export and the case page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters.models import ExtensionRequest, Matter
from gongzhi.matters.queries import words
from gongzhi.matters.queries.rows import Filters, MatterRow
from gongzhi.matters.queues import QUEUES, SOON, Queue

COLUMNS = (
    *("id", "number", "kind", "words__title", "state", "category__code", "category__titles", "area_path"),
    *("area__name", "words__address", "lead_id", "lead__name", "channel", "urgency", "confidential"),
    *("opened_at", "due_at", "closed_at", "lon", "lat", "version", "procedure__code", "procedure__version"),
)


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
    if queue.extension:
        asked = ExtensionRequest.objects.filter(decided_at__isnull=True, ended_at__isnull=True)
        rows = rows.filter(id__in=asked.values("matter_id"))
    return rows


def filtered(filters: Filters, at: datetime) -> QuerySet[Matter]:
    """Everything but who looks."""
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
    return words.matching(rows, filters.text) if filters.text.strip() else rows


def _categories(code: str) -> list[Any]:
    """The category and everything below it."""
    return [node.id for node in snapshot.current().nodes.values() if code in node.chain]


def rows_of(rows: QuerySet[Matter]) -> list[MatterRow]:
    """One statement; keeps the order."""
    return [_row(values) for values in rows.values_list(*COLUMNS)]


def _row(values: Iterable[Any]) -> MatterRow:
    named = dict(zip(COLUMNS, values, strict=True))
    procedure = catalogue.procedure(named["procedure__code"], named["procedure__version"])
    titles = named["category__titles"]
    return MatterRow(
        id=named["id"],
        number=named["number"],
        kind=named["kind"],
        title=named["words__title"],
        state=procedure.state(named["state"]),
        category=named["category__code"],
        category_titles=Wording(titles["zh-hans"], titles.get("en", "")),
        area_path=named["area_path"],
        area=named["area__name"] or "",
        address=named["words__address"],
        lead_id=named["lead_id"],
        lead=named["lead__name"] or "",
        channel=named["channel"],
        urgency=named["urgency"],
        confidential=named["confidential"],
        opened_at=named["opened_at"],
        due_at=named["due_at"],
        closed_at=named["closed_at"],
        lon=named["lon"],
        lat=named["lat"],
        version=named["version"],
    )
