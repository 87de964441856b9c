"""The map."""

from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.queries.rows import Box, Cluster


def clusters(*, visible_to: Actor, box: Box, zoom: int, at: datetime) -> list[Cluster]:
    """Open matters inside the box: counted by cell, or one by one when zoomed in (zoom ≥ 16; at most 500)."""
    raise NotImplementedError
