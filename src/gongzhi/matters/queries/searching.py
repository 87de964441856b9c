"""Finding matters by words."""

import contextlib

from gongzhi.access.actor import Actor
from gongzhi.kernel import numbers
from gongzhi.matters.models import Matter
from gongzhi.matters.queries import words
from gongzhi.matters.queries.rows import MatterRow
from gongzhi.matters.queries.selecting import first, rows_of


def search(*, visible_to: Actor, text: str, limit: int = 50) -> list[MatterRow]:
    """The newest visible matters whose title, text or address has all words of `text`, or `text` as it stands; a number
    finds its matter."""
    rows = words.matching(Matter.objects.all(), text)
    with contextlib.suppress(ValueError):
        rows = Matter.objects.filter(number=numbers.parse(text[:40]))
    return rows_of(first(rows, visible_to, order=("-opened_at", "-id"), limit=max(1, min(limit, 200))))
