"""Lives that were lived elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.reports import Life, Opened


def replay_many(lives: Sequence[Life], *, by: Actor, at: datetime) -> list[Opened]:
    """Insert matters with their past, set-based: acts carry the times of the source, say that they are imported and
    from which row. Lives whose (origin, external_id) is here already add nothing (`new` is False)."""
    raise NotImplementedError
