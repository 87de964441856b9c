"""What every way to a superior can do. Adapters touch no tables: they are handed what they need."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
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
class Enclosed:
    """A file that goes with a message. theirs: the id it has there already, "" = it is not there · carried: called with
    that id before anything is done with it, so that a repetition names the same file."""

    name: str
    size_bytes: int
    open: Callable[[], AbstractContextManager[BinaryIO]]
    carried: Callable[[str], None]
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way. file: which file of a day it belongs to (folder) · enclosed: what goes with it (sister)."""

    id: UUID
    kind: str
    number: str
    body: Mapping[str, str]
    file: str = ""
    enclosed: tuple[Enclosed, ...] = ()


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
class TheirFile:
    """A file of the superior's that belongs to an order. id: theirs."""

    number: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """rows: in the order they are to be taken · versions: number → the version that was read with them · cursor: where
    to go on next time · more: there is more to be read at once · files: that belong to these orders · skew_seconds: how
    far the superior's clock is ahead of ours, None = it does not say."""

    rows: tuple[Mapping[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    cursor: str = ""
    more: bool = False
    files: tuple[TheirFile, ...] = ()
    skew_seconds: int | None = None


Fetch = Callable[[Line, Sequence[Known], datetime], Fetched]
Send = Callable[[Line, Sequence[Parcel], datetime], list[Receipt]]
Load = Callable[[Line, TheirFile], bytes]


@dataclass(frozen=True, slots=True)
class Adapter:
    """fetch None: it does not call (files are put into its folder). send raises nothing: every parcel has a receipt. load:
    the bytes of a file that fetch named; raises Unreachable."""

    fetch: Fetch | None
    send: Send
    load: Load | None = None
