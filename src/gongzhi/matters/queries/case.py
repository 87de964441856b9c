"""The page of one matter."""

from datetime import datetime
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.acts.queries import TimelineEntry
from gongzhi.matters.queries.rows import CaseView


def case(*, visible_to: Actor, number: str, at: datetime, timeline_limit: int = 100) -> CaseView:
    """Everything about one matter in a constant number of queries. Raises NotFound."""
    raise NotImplementedError


def trail(
    *, visible_to: Actor, number: str, limit: int = 100, before: UUID | None = None
) -> list[TimelineEntry]:
    """The acts of a matter without their content, for auditors. Raises NotFound."""
    raise NotImplementedError
