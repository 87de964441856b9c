"""Whole lists, for files."""

from collections.abc import Iterator
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.queries.rows import Filters, MatterRow


def export(*, visible_to: Actor, filters: Filters, at: datetime) -> Iterator[MatterRow]:
    """Every visible matter of a filter, newest first, a page at a time. Needs `matters.export` (NotAllowed)."""
    raise NotImplementedError
