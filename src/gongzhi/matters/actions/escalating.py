"""Clocks that have used up part of their time."""

from datetime import datetime


def due_escalations(*, at: datetime, limit: int = 500) -> int:
    """Take every step of every ladder that is due, once each; returns how many. Several workers may run it at once."""
    raise NotImplementedError
