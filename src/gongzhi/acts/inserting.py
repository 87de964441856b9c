"""Rows for several tables in one statement and one round trip: what hot paths write with.

Every table's rows travel as one JSON text and PostgreSQL takes them apart by the table's own column types. Against a
COPY for each table this saves two round trips a table and the formatting of single values here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.db import connection
from psycopg import sql

from gongzhi.access import prepared

_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Rows:
    """Values in the order of `columns`: None, str, int, float, bool, UUID, aware datetime; lists and dicts of these for
    json columns, `\\x…` for bytea. Columns not named get the database's default."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


def insert_rows(*tables: Rows, notify: str = "") -> None:
    """Insert into all these tables, in the caller's transaction. Foreign keys between them are judged at the end.

    notify: a channel that hears of it after the commit. Raises what an INSERT of Django's raises.
    """
    filled = [(table, list(table.rows)) for table in tables]
    filled = [(table, rows) for table, rows in filled if rows]
    if filled:
        statement = _statement(tuple((table.table, table.columns) for table, _ in filled), notify)
        prepared.run(statement, [_encoded(table.columns, rows) for table, rows in filled])


def _encoded(columns: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> str:
    return _json([dict(zip(columns, row, strict=True)) for row in rows]).decode()


@cache
def _statement(tables: tuple[tuple[str, tuple[str, ...]], ...], notify: str) -> str:
    insert = "i{} AS (INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s))"
    inserts = [
        sql.SQL(insert).format(
            sql.SQL(str(number)),
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        for number, (table, columns) in enumerate(tables)
    ]
    last = sql.SQL("SELECT pg_notify({}, '')").format(notify) if notify else sql.SQL("SELECT")
    return sql.SQL("WITH {} {}").format(sql.SQL(", ").join(inserts), last).as_string(connection.connection)
