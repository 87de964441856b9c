"""COPY through the present Django connection and transaction: the fast way in for many rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, using: str = DEFAULT_DB_ALIAS
) -> int:
    """Insert `rows` into `table`; returns how many. Values are adapted as psycopg does (None, UUID, datetime, bytes,
    str, int, float, Decimal, Jsonb…). Database defaults fill the columns not named. Runs in the caller's transaction.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)
