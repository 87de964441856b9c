"""Finding matters by words."""

from gongzhi.access.actor import Actor
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import MatterRow
from gongzhi.matters.queries.selecting import rows_of
from gongzhi.matters.queries.words import hits


def search(*, visible_to: Actor, text: str, limit: int = 50) -> list[MatterRow]:
    """The newest visible matters whose title, text or address has all words of `text`, or `text` as it stands; a number
    finds its matter."""
    limit = max(1, min(limit, 200))
    return rows_of(hits(Matter.objects.all(), visible_to, text, order=("-opened_at", "-id"), limit=limit))
