"""In which queues and lists a matter stands for one reader: what `selecting` says as SQL, said of one matter in memory.

Lists and this answer agree (tested): a screen that was told so moves a row without asking for the list again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.crowd import Crowd
from gongzhi.catalogue import snapshot
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import Filters
from gongzhi.matters.queries.selecting import at_superior, undecided
from gongzhi.matters.queues import QUEUES, SOON, Queue


class Standing:
    """Answers about these matters for as many readers as ask; facts are read once."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        self._crowd = Crowd(matters)
        self._categories: dict[str, set[object]] = {}
        ids = [matter.id for matter in matters]
        self._asking = {kind: _asking(kind, ids) for kind in {queue.asks for queue in QUEUES.values()} - {""}}

        self._at_superior = set(
            at_superior().filter(id__in=[m.id for m in matters]).values_list("id", flat=True)
        )

    def visible(self, matter: Matter, *, to: Actor) -> bool:
        """As `decisions.may(to, "view", matter)`."""
        return self._crowd.may(to, "view", matter)

    def queues(self, matter: Matter, *, of: Actor, at: datetime) -> list[str]:
        """Codes of the reader's queues the matter stands in at `at`, in their order."""
        return [
            queue.code
            for queue in QUEUES.values()
            if self._waits(queue, matter, at) and queue.is_for(of) and self._crowd.may(of, queue.verb, matter)
        ]

    def passes(self, matter: Matter, filters: Filters, *, at: datetime) -> bool:
        """Whether every filter but queue and text holds: searching for words is the search's business."""
        late = matter.closed_at is None and matter.due_at is not None and matter.due_at < at
        return (
            filters.state in ("", matter.state)
            and filters.lead in (None, matter.lead_id)
            and filters.channel in ("", matter.channel)
            and (not filters.category or matter.category_id in self._below(filters.category))
            and matter.area_path.startswith(filters.area)
            and filters.open in (None, matter.closed_at is None)
            and (late or not filters.overdue)
            and (filters.opened_from is None or matter.opened_at >= filters.opened_from)
            and (filters.opened_until is None or matter.opened_at < filters.opened_until)
        )

    def _below(self, category: str) -> set[object]:
        if category not in self._categories:
            nodes = snapshot.current().nodes.values()
            self._categories[category] = {node.id for node in nodes if category in node.chain}
        return self._categories[category]

    def _waits(self, queue: Queue, matter: Matter, at: datetime) -> bool:
        due = matter.due_at
        if matter.closed_at is not None or (queue.asks and matter.id not in self._asking[queue.asks]):
            return False
        if queue.superior and matter.id not in self._at_superior:
            return False
        if queue.due == "late":
            return due is not None and due < at
        if queue.due == "soon":
            return due is not None and at <= due < at + SOON
        return True


def _asking(kind: str, ids: Sequence[UUID]) -> set[UUID]:
    return set(undecided(kind).filter(matter_id__in=ids).values_list("matter_id", flat=True))
