"""Deadlines whose holidays have become known."""

from datetime import datetime

from gongzhi.access.actor import Actor


def recompute(*, year: int, by: Actor, at: datetime) -> int:
    """Compute again every running clock that leans on `year`; one act per matter whose deadline moved. Returns these."""
    raise NotImplementedError
