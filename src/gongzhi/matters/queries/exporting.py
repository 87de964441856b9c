"""Whole lists, for files."""

from collections.abc import Iterator
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.matters.queries.pages import LIMIT_MAX, page
from gongzhi.matters.queries.rows import Filters, MatterRow


def export(*, visible_to: Actor, filters: Filters, at: datetime) -> Iterator[MatterRow]:
    """Every visible matter of a filter, newest first, a page at a time. Needs `matters.export` (NotAllowed, said before
    the first row). What a reader writes from it must escape formulas.
    """
    require_to(visible_to, "matters.export")
    return _pages(visible_to, filters, at)


def _pages(visible_to: Actor, filters: Filters, at: datetime) -> Iterator[MatterRow]:
    after = ""
    while True:
        found = page(
            visible_to=visible_to, filters=filters, at=at, order="newest", after=after, limit=LIMIT_MAX
        )
        yield from found.rows
        if not found.next:
            return
        after = found.next
