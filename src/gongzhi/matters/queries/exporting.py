"""Whole lists, for files."""

from collections.abc import Callable, Iterator
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.matters.queries.pages import LIMIT_MAX, page
from gongzhi.matters.queries.rows import Filters, MatterRow, Page


def export(*, visible_to: Actor, filters: Filters, at: datetime) -> Iterator[MatterRow]:
    """Every visible matter of a filter, newest first, a page at a time. Needs `matters.export`; what is wrong is said
    before the first row. What a reader writes from it must escape formulas.
    """
    require_to(visible_to, "matters.export")

    def following(after: str) -> Page:
        return page(
            visible_to=visible_to, filters=filters, at=at, order="newest", after=after, limit=LIMIT_MAX
        )

    return _pages(following(""), following)


def _pages(found: Page, following: Callable[[str], Page]) -> Iterator[MatterRow]:
    while True:
        yield from found.rows
        if not found.next:
            return
        found = following(found.next)
