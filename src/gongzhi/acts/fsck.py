"""Does the evidence hold together? Reads everything, changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import connection

from gongzhi.acts.entries import entry
from gongzhi.acts.rows import acts_of, contents_of

_BATCH = 5_000
_LIMIT = 1_000

_QUERIES = {
    "gap": """SELECT position::text FROM (SELECT position, lag(position, 1, -1::bigint) OVER (ORDER BY position) AS before
        FROM acts_leaf) l WHERE position <> before + 1""",
    "leaf_without_act": """SELECT act_id::text FROM acts_leaf l
        WHERE NOT EXISTS (SELECT FROM acts_act a WHERE a.id = l.act_id)""",
    "act_without_position": """SELECT id::text FROM acts_act a
        WHERE NOT EXISTS (SELECT FROM acts_leaf l WHERE l.act_id = a.id)
          AND NOT EXISTS (SELECT FROM acts_pending p WHERE p.act_id = a.id)""",
    "pending_with_position": """SELECT act_id::text FROM acts_pending p
        WHERE EXISTS (SELECT FROM acts_leaf l WHERE l.act_id = p.act_id)""",
    "pending_without_act": """SELECT act_id::text FROM acts_pending p
        WHERE NOT EXISTS (SELECT FROM acts_act a WHERE a.id = p.act_id)""",
    "act_without_content": """SELECT id::text FROM acts_act a
        WHERE NOT EXISTS (SELECT FROM acts_content c WHERE c.act_id = a.id)
          AND NOT EXISTS (SELECT FROM acts_tombstone t WHERE t.act_id = a.id)""",
    "content_without_act": """SELECT act_id::text FROM acts_content c
        WHERE NOT EXISTS (SELECT FROM acts_act a WHERE a.id = c.act_id)""",
    "erased_but_there": """SELECT act_id::text FROM acts_tombstone t
        WHERE EXISTS (SELECT FROM acts_content c WHERE c.act_id = t.act_id)""",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """kind: a key of the queries above, "changed" (content does not fit its seal) or "dangling" (subject is gone);
    what: the position, the act id, or the subject."""

    kind: str
    what: str


def check(*, seals: bool = True) -> Iterator[Finding]:
    """All findings, at most 1,000 of a kind. seals: recompute every entry too (slow on large installations)."""
    for kind, query in _QUERIES.items():
        for found in _rows(f"{query} LIMIT {_LIMIT}"):
            yield Finding(kind, found)
    yield from _dangling()
    if seals:
        yield from _changed()


def _rows(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _dangling() -> Iterator[Finding]:
    """Subjects "app.model" whose row is gone: facts are ended, never deleted, so somebody went around the actions."""
    for kind in _rows("SELECT DISTINCT subject_kind FROM acts_act"):
        try:
            model = apps.get_model(kind)
        except (LookupError, ValueError):
            continue
        quote = connection.ops.quote_name
        table, column = quote(model._meta.db_table), quote(model._meta.pk.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT DISTINCT subject_id FROM acts_act a WHERE subject_kind = %s
                    AND NOT EXISTS (SELECT FROM {table} t WHERE t.{column}::text = a.subject_id) LIMIT {_LIMIT}""",  # noqa: S608 (names from models)
                [kind],
            )
            for (subject_id,) in cursor.fetchall():
                yield Finding("dangling", f"{kind}:{subject_id}")


def _changed() -> Iterator[Finding]:
    """Entries that the act and its content, as they stand today, no longer lead to."""
    position = -1
    while rows := _leaves(position):
        ids = [act_id for _, act_id, _ in rows]
        acts, contents = acts_of(ids), contents_of(ids)
        for _, act_id, sealed in rows:
            fits = (
                act_id not in contents
                or act_id not in acts
                or entry(acts[act_id], contents[act_id]) == bytes(sealed)
            )
            if not fits:
                yield Finding("changed", str(act_id))
        position = rows[-1][0]


def _leaves(after: int) -> list[tuple[int, UUID, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, act_id, entry FROM acts_leaf WHERE position > %s ORDER BY position LIMIT %s",
            [after, _BATCH],
        )
        return list(cursor.fetchall())
