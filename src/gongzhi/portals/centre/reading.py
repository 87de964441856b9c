"""The inbox's address read and written: filters are a query string, so that they can be saved, sent and gone back to."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from gongzhi.matters.queries import Filters

QUEUE_ALL = "all"
_LETTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked of the list. number: the case open in the right pane."""

    filters: Filters
    queue: str
    after: str
    number: str
    active: bool


def asked(query: QueryDict, *, default_queue: str = "") -> Asked:
    """Unknown keys are ignored; too long values are cut; a malformed organisation id finds nothing rather than all."""
    values = {
        key: query.get(key, "").strip()[:_LETTERS_MAX]
        for key in ("q", "state", "category", "area", "organisation")
    }
    queue = query.get("queue", "")[:_LETTERS_MAX] or default_queue
    late = query.get("late") == "1"
    filters = Filters(
        queue="" if queue == QUEUE_ALL else queue,
        state=values["state"],
        category=values["category"],
        area=values["area"],
        lead=_uuid(values["organisation"]) if values["organisation"] else None,
        overdue=late,
        text=values["q"].replace("\x00", ""),
    )
    active = late or any(values.values())
    return Asked(filters, queue, query.get("after", "")[:500], query.get("case", "")[:20], active)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
