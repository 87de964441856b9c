"""Lists."""

from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.queries.rows import Filters, Order, Page


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

    Raises Invalid for a cursor or a queue we did not give out.
    """
    raise NotImplementedError
