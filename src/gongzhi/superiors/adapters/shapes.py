"""What every way to a superior can do. Adapters touch no tables: they are handed what they need."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gongzhi.superiors.mapping import SuperiorMapping


class Unreachable(Exception):
    """Nobody answered properly; trying again may help. The text is short and holds no body."""


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach a superior. cursor: how far its feed was read."""

    code: str
    url: str
    secret: str
    mapping: SuperiorMapping
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way. file: which file of a day it belongs to (folder)."""

    id: UUID
    kind: str
    number: str
    body: Mapping[str, str]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """text: the superior's own receipt, "" = not delivered, then `error` says why and `again` whether to try again."""

    id: UUID
    text: str = ""
    error: str = ""
    again: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """An order we have: the superior's version of it as last read; asked: whether we wait for its word on a return."""

    number: str
    version: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """rows: in the order they are to be taken · versions: number → the version that was read with them · cursor: where
    to go on next time · more: there is more to be read at once."""

    rows: tuple[Mapping[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    cursor: str = ""
    more: bool = False


Fetch = Callable[[Line, Sequence[Known], datetime], Fetched]
Send = Callable[[Line, Sequence[Parcel], datetime], list[Receipt]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """fetch None: it does not call (files are put into its folder). send raises nothing: every parcel has a receipt."""

    fetch: Fetch | None
    send: Send
