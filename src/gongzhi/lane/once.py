"""Idempotency-Key for a whole batch: what was answered before is answered again, what is new is kept with its effect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.db import connection

from gongzhi.kernel.refusals import Invalid, Refusal

KEY_LETTERS_MAX = 128


class Keyed(Protocol):
    """who: whose key it is, a pseudonymous reference · key: "" = none · print: fingerprint of the content."""

    @property
    def who(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def print(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What one request gets: content with its status, or the refusal. repeated: it was answered so before."""

    content: bytes = b""
    status: int = 201
    refusal: Refusal | None = None
    repeated: bool = False


def find(items: Sequence[Keyed], answers: list[Answered | None]) -> tuple[list[int], dict[int, int]]:
    """Fill in the answers already given. Returns the numbers still to do, each key once, and twins: number → the number
    of the equal request in the same batch whose answer it shares.
    """
    known = _known([(item.who, item.key) for item in items if item.key])
    fresh: list[int] = []
    twins: dict[int, int] = {}
    first: dict[tuple[str, str], int] = {}
    for number, item in enumerate(items):
        place = (item.who, item.key)
        if not item.key:
            fresh.append(number)
        elif place in known:
            print_, answered = known[place]
            answers[number] = answered if print_ == item.print else _other_content()
        elif place not in first:
            first[place] = number
            fresh.append(number)
        elif items[first[place]].print == item.print:
            twins[number] = first[place]
        else:
            answers[number] = _other_content()
    return fresh, twins


def share(answers: list[Answered | None], twins: dict[int, int]) -> None:
    """Twins get the answer of the request that did the work."""
    for number, leader in twins.items():
        found = answers[leader]
        answers[number] = None if found is None else replace(found, repeated=found.refusal is None)


def keep(
    items: Sequence[Keyed], answers: Sequence[Answered | None], fresh: Sequence[int], *, at: datetime
) -> None:
    """Store the new answers beside their effects. Refusals are not kept: a corrected request may use the key again.
    Raises IntegrityError when another process had the key meanwhile.
    """
    rows = [
        (items[n].who, items[n].key, items[n].print, answered.status, answered.content, at)
        for n in fresh
        if items[n].key and (answered := answers[n]) is not None and answered.refusal is None
    ]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_idempotentrequest (actor, key, fingerprint, state, status, headers, body, at)"
            " SELECT a, k, p, 'done', s, '{\"Content-Type\": \"application/json\"}', c, t"
            " FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::int[], %s::bytea[], %s::timestamptz[])"
            " AS new(a, k, p, s, c, t)",
            columns,
        )


def _known(keyed: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[bytes, Answered]]:
    if not keyed:
        return {}
    actors, keys = (list(column) for column in zip(*keyed, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kept.actor, kept.key, kept.fingerprint, kept.body, kept.status FROM web_idempotentrequest kept"
            " JOIN unnest(%s::text[], %s::text[]) AS asked(actor, key)"
            " ON asked.actor = kept.actor AND asked.key = kept.key WHERE kept.state = 'done'",
            [actors, keys],
        )
        return {
            (actor, key): (bytes(print_), Answered(bytes(content), status, repeated=True))
            for actor, key, print_, content, status in cursor.fetchall()
        }


def _other_content() -> Answered:
    return Answered(
        refusal=Invalid(
            "lane.key_reused",
            "这个 Idempotency-Key 已用于另一份内容，请换一个新的。",
            field="Idempotency-Key",
        )
    )
