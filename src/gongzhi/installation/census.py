"""Counts and order-free hashes of every table: how a restore is compared with what was backed up."""

from typing import Any

import psycopg
from psycopg import sql

Census = dict[str, list[str]]

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1, 2
"""
_SETTINGS = ("TimeZone = 'UTC'", "DateStyle = 'ISO'", "extra_float_digits = 1", "bytea_output = 'hex'")


def tables(connection: "psycopg.Connection[Any]") -> list[tuple[str, str]]:
    """(schema, table) of all tables that are not an extension's own; a partition counts, its parent does not."""
    return [(schema, name) for schema, name in connection.execute(_TABLES).fetchall()]


def take(connection: "psycopg.Connection[Any]") -> Census:
    """`{"schema.table": [rows, hash]}`; the hash does not depend on the order of rows."""
    for setting in _SETTINGS:
        connection.execute(sql.SQL("SET LOCAL " + setting))
    connection.execute("SET LOCAL statement_timeout = 0")
    counted: Census = {}
    for schema, name in tables(connection):
        row = connection.execute(
            sql.SQL(
                "SELECT count(*)::text, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
            ).format(sql.Identifier(schema, name))
        ).fetchone()
        counted[f"{schema}.{name}"] = list(row or ())
    return counted


def differences(before: Census, after: Census) -> list[str]:
    """Tables that are missing, extra or unequal."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
