"""Fixed statements: planned once per connection, sent with their values beside them, answered in binary.

For statements whose best plan is the same for every value (by primary key, by a list of them). Statements whose plan
depends on how much a value matches stay with the ORM, which sends values inside the text.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from psycopg import Cursor

Row = TypeVar("Row", bound=Model)


class _Planned(Cursor[tuple[Any, ...]]):
    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        return super().execute(query, params, prepare=True, binary=True)


def instances(model: type[Row], sql: str, params: Sequence[object] | Mapping[str, object]) -> list[Row]:
    """Rows of a table as its model's instances. sql: what follows `SELECT columns FROM table AS t`."""
    fields = [field.attname for field in model._meta.concrete_fields]
    columns = ", ".join(f't."{field.column}"' for field in model._meta.concrete_fields)
    found = fetch(f'SELECT {columns} FROM "{model._meta.db_table}" AS t {sql}', params)  # noqa: S608 (names of columns)
    return [model.from_db("default", fields, row) for row in found]


def fetch(sql: str, params: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
    """All rows. `%s` or `%(name)s` marks a value; say its type where PostgreSQL cannot know it (`%s::uuid[]`)."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
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
