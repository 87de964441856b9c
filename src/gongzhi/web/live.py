"""What live events bring along. A page says here how its rows and counts are drawn; the lane, which knows no page,
asks here, so that a row told is the very row the list would show.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gongzhi.matters.queries import MatterRow, QueueCount


class Desk(Protocol):
    """HTML in the active language. What is drawn is the same for everybody who may see the matter."""

    def row(self, matter: MatterRow, at: datetime) -> str: ...

    def counts(self, counts: Sequence[QueueCount]) -> Mapping[str, str]:
        """By code of the queue."""
        ...


class _Bare:
    """No desk installed: events tell, and bring nothing."""

    def row(self, matter: MatterRow, at: datetime) -> str:
        return ""

    def counts(self, counts: Sequence[QueueCount]) -> Mapping[str, str]:
        return {}


_desk: Desk = _Bare()


def draw_with(desk: Desk) -> None:
    """Called once, when the desk is ready."""
    global _desk
    _desk = desk


def desk() -> Desk:
    return _desk
