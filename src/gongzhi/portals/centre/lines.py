"""Lines of a list, drawn once a minute however many colleagues read them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from gongzhi.matters.queries import MatterRow
from gongzhi.portals.centre import choices, showing

_REMEMBERED_MAX = 5_000  # of some 1.3 kB
_HERE = "\x01"  # where the list's own address goes; no text that came through a form holds this character


def drawn(rows: Iterable[MatterRow], *, at: datetime, address: str, open_number: str) -> SafeString:
    """The lines of a list that stands at `address`; the one that is open is marked."""
    minute, said = at.replace(second=0, microsecond=0), choices.language()
    lines = [
        _line(row, at if _turns(row, minute, at) else minute, said, row.number == open_number) for row in rows
    ]
    return SafeString("".join(lines).replace(_HERE, escape(address)))


def _turns(row: MatterRow, minute: datetime, at: datetime) -> bool:
    """Late since this very minute: what was drawn at its beginning says otherwise."""
    return row.due_at is not None and minute <= row.due_at < at


@lru_cache(maxsize=_REMEMBERED_MAX)
def _line(row: MatterRow, at: datetime, _language: str, here: bool) -> str:
    """What is drawn depends on the row alone: who may see it sees all of it."""
    return showing.drawn_row(showing.row(row, at=at, url=f"{_HERE}&case={row.number}"), here=here)
