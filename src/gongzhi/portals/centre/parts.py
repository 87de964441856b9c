"""What an overview is made of: blocks of figures, rates, tables and acts, each leading to what it counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.portals.centre import recording
from gongzhi.portals.centre.shares import Share


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in words, leading to what it counts. bad: somebody has to do something about it."""

    value: str
    words: str
    url: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """One block. links: (title, address). lines: newest acts."""

    title: str
    words: str = ""
    figures: list[Figure] = field(default_factory=list)
    rates: list[tuple[str, Share]] = field(default_factory=list)
    table: Table | None = None
    lines: list[recording.Line] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


Maker = Callable[[Actor, datetime], Part]
