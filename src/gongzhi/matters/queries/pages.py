"""Lists: pages by keyset, so the thousandth costs what the first costs."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.hot import chosen
from gongzhi.access.statements import Statement, compiled, rights
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import Filters, MatterRow, Order, Page
from gongzhi.matters.queries.selecting import filtered, keys, queue_of, rows_of
from gongzhi.matters.queries.words import hits

LIMIT_MAX = 200
_ORDERS = {"due": ("due_at", "id"), "newest": ("-opened_at", "-id")}


def page(
    *,
    visible_to: Actor,
    filters: Filters,
    at: datetime,
    order: Order = "due",
    after: str = "",
    limit: int = 50,
) -> Page:
    """The next `limit` (at most 200) matters the reader may see. `after`: Page.next of the page before.

    order due: the nearest deadline first, those without one last. Raises Invalid for a cursor or a queue we did not
    give out.
    """
    if order not in _ORDERS:
        raise Invalid("matters.no_order", "没有这种排序。", field="order")
    limit = max(1, min(limit, LIMIT_MAX))
    queue = queue_of(filters)
    verb = queue.verb if queue else "view"

    def rows(at: datetime) -> QuerySet[Matter]:
        found = filtered(filters, at)
        return _behind(found, order, after) if after else found

    def build(at: datetime) -> Statement | None:
        return chosen(rows(at), visible_to, order=_ORDERS[order], limit=limit + 1, verb=verb)

    if filters.text.strip():
        first = hits(rows(at), visible_to, filters.text, order=_ORDERS[order], limit=limit + 1, verb=verb)
    elif after or not _is_plain(filters):
        first = keys(build(at))
    else:
        first = keys(compiled((rights(visible_to), filters, order, limit), build, at=at))
    found = rows_of(first)
    more = len(found) > limit
    return Page(found[:limit], _cursor(order, found[limit - 1]) if more else "")


def _is_plain(filters: Filters) -> bool:
    """Whether the statement follows from the filters alone: categories ask the tree in force."""
    return not (filters.category or filters.opened_from or filters.opened_until)


def _cursor(order: Order, row: MatterRow) -> str:
    key = row.due_at if order == "due" else row.opened_at
    said = json.dumps([order, key.isoformat() if key else None, str(row.id)])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _behind(rows: QuerySet[Matter], order: Order, after: str) -> QuerySet[Matter]:
    try:
        said = json.loads(base64.urlsafe_b64decode(after[:400] + "=" * (-len(after) % 4)))
        named, key, id_ = said
        instant = datetime.fromisoformat(key) if key else None
        last = UUID(id_)
        if named != order or (instant is None and order == "newest") or (instant and not instant.tzinfo):
            raise ValueError(named)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise Invalid("matters.bad_cursor", "翻页位置不正确，请从第一页重新开始。", field="after") from error
    if order == "newest":
        return rows.filter(Q(opened_at__lt=instant) | Q(id__lt=last), opened_at__lte=instant)
    if instant is None:
        return rows.filter(due_at__isnull=True, id__gt=last)
    return rows.filter(Q(due_at__gt=instant) | Q(due_at=instant, id__gt=last) | Q(due_at__isnull=True))
