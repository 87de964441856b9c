"""Server-sent events as they go out. One change has few forms, each made once however many hear it."""

from datetime import datetime
from typing import Any

import msgspec
from django.utils import translation

from gongzhi.kernel import clock
from gongzhi.lane.changes import Change
from gongzhi.matters.queries.selecting import rows_of
from gongzhi.web.live import desk

_DRAWN_SECONDS_MAX = 60  # "5 hours left" is words of the moment it was drawn


def _plain(text: object) -> str:
    """Templates give a kind of text of their own."""
    if not isinstance(text, str):
        raise TypeError(f"no event says {type(text).__name__}")
    return "".join((text,))


_JSON = msgspec.json.Encoder(enc_hook=_plain)


def event(name: str, content: object, *, position: int | None = None) -> bytes:
    id_ = f"id: {position}\n" if position is not None else ""
    return f"{id_}event: {name}\ndata: ".encode() + _JSON.encode(content) + b"\n\n"


def reload(position: int, *, within_ms: int) -> bytes:
    """The listener missed too much to be told: read everything again, some time within."""
    return event("reload", {"within": within_ms}, position=position)


def gone(change: Change) -> bytes:
    """A matter on this listener's screen left its sight; of the change itself it hears nothing."""
    return event("gone", {"matter": change.matter.number}, position=change.position)


class Told:
    """One change, ready for all who may see it."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self._rows: dict[str, tuple[datetime, str]] = {}
        self._made: dict[tuple[str | None, int], bytes] = {}

    def bare(self, *, within_ms: int) -> bytes:
        """Number and state, no words. within_ms: who must ask for more spreads that over this time."""
        return self._event(None, within_ms)

    def in_list(self, *, language: str, within_ms: int) -> bytes:
        """With its line as the list shows it to readers of this language."""
        return self._event(self._row(language), within_ms)

    def not_in_list(self, *, within_ms: int) -> bytes:
        """It is not, or no longer, in the list that is shown."""
        return self._event("", within_ms)

    def _event(self, row: str | None, within_ms: int) -> bytes:
        key = row, within_ms
        if key not in self._made:
            content = self._said(within_ms) | ({} if row is None else {"row": row})
            self._made[key] = event("change", content, position=self.change.position)
        return self._made[key]

    def _said(self, within_ms: int) -> dict[str, Any]:
        matter = self.change.matter
        return {
            "matter": matter.number,
            "verb": self.change.verb,
            "state": matter.state,
            "area": matter.area_path,
            "version": matter.version,
            "within": within_ms,
        }

    def _row(self, language: str) -> str:
        now = clock.now()
        drawn_at, drawn = self._rows.get(language, (None, ""))
        if drawn_at is None or (now - drawn_at).total_seconds() > _DRAWN_SECONDS_MAX:
            with translation.override(language):
                drawn = "".join(desk().row(row, now) for row in rows_of([self.change.matter.id]))
            self._rows[language] = now, drawn
        return drawn
