"""Fixed statements: planned once per connection, sent with their values beside them, answered in binary.

For statements whose best plan is the same for every value (by primary key, by a list of them). Statements whose plan
depends on how much a value matches stay with the ORM, which sends values inside the text.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor


class _Planned(Cursor[tuple[Any, ...]]):
    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        return super().execute(query, params, prepare=True, binary=True)


def fetch(sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """All rows. `%s` marks a value; say its type where PostgreSQL cannot know it (`%s::uuid[]`)."""
    with _cursor() as cursor:
        cursor.execute(sql, list(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(sql: str, params: Sequence[object] = ()) -> None:
    """The same for a statement without an answer."""
    with _cursor() as cursor:
        cursor.execute(sql, list(params))


def _cursor() -> Any:
    """Wrapped as Django wraps its own, so that its errors are Django's and its queries are counted."""
    connection.ensure_connection()
    return connection._prepare_cursor(_Planned(connection.connection))  # type: ignore[attr-defined]
