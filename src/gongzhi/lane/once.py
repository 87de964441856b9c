"""Idempotency-Key for a whole batch: what was answered before is answered again, what is new is kept with its effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.kernel.refusals import Conflict, Invalid, Refusal

KEY_LETTERS_MAX = 128


class Keyed(Protocol):
    @property
    def by(self) -> Actor: ...
    @property
    def key(self) -> str: ...
    @property
    def print(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What one request gets: content, or the refusal."""

    content: bytes = b""
    created: bool = False
    refusal: Refusal | None = None


def find(items: Sequence[Keyed], answers: list[Answered | None]) -> list[int]:
    """Fill in the answers already given; returns the numbers of the items still to do, each key once."""
    keyed = [(item.by.reference, item.key) for item in items if item.key]
    known = _known(keyed) if keyed else {}
    fresh: list[int] = []
    first: dict[tuple[str, str], int] = {}
    for number, item in enumerate(items):
        place = (item.by.reference, item.key)
        if not item.key:
            fresh.append(number)
        elif place in known:
            print_, content = known[place]
            answers[number] = Answered(content) if print_ == item.print else _other_content()
        elif place in first:
            answers[number] = _other_content() if items[first[place]].print != item.print else _at_once()
        else:
            first[place] = number
            fresh.append(number)
    return fresh


def keep(items: Sequence[Keyed], answers: Sequence[Answered | None], *, at: datetime) -> None:
    """Store the new answers beside their effects. Raises IntegrityError when another process had the key meanwhile."""
    rows = [
        (item.by.reference, item.key, item.print, answered.content, at)
        for item, answered in zip(items, answers, strict=True)
        if item.key and answered is not None and answered.created
    ]
    if not rows:
        return
    actors, keys, prints, contents, instants = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_idempotentrequest (actor, key, fingerprint, state, status, headers, body, at)"
            " SELECT a, k, p, 'done', 201, '{}', c, t"
            " FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::timestamptz[]) AS new(a, k, p, c, t)",
            [actors, keys, prints, contents, instants],
        )


def _known(keyed: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    actors, keys = (list(column) for column in zip(*keyed, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kept.actor, kept.key, kept.fingerprint, kept.body FROM web_idempotentrequest kept"
            " JOIN unnest(%s::text[], %s::text[]) AS asked(actor, key)"
            " ON asked.actor = kept.actor AND asked.key = kept.key WHERE kept.state = 'done'",
            [actors, keys],
        )
        return {
            (actor, key): (bytes(print_), bytes(content)) for actor, key, print_, content in cursor.fetchall()
        }


def _other_content() -> Answered:
    return Answered(
        refusal=Invalid(
            "lane.key_reused",
            "这个 Idempotency-Key 已用于另一份内容，请换一个新的。",
            field="Idempotency-Key",
        )
    )


def _at_once() -> Answered:
    return Answered(refusal=Conflict("lane.in_flight", "同一请求正在处理，请稍候再查结果。"))
