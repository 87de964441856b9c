"""Counts of the inbox."""

from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.queries.rows import QueueCount


def counts(*, visible_to: Actor, at: datetime) -> list[QueueCount]:
    """Every queue this actor's roles work on, in the order of `queues.QUEUES`: one query, bounded."""
    raise NotImplementedError
