"""Versions of code and database: which migrations wait, and a refusal when the database is ahead of the code."""

import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psycopg

from gongzhi.installation import roles
from gongzhi.installation.keys import Keyring
from gongzhi.installation.trouble import Trouble

_TABLE: LiteralString = (
    "CREATE TABLE IF NOT EXISTS installation_fact (name text PRIMARY KEY, value text NOT NULL)"
)
_CLOSED = roles.where_role("app", f"REVOKE INSERT, UPDATE, DELETE ON installation_fact FROM {roles.APP}")
Names = frozenset[tuple[str, str]]
_ENCRYPTING = ("contact", "index", "number", "ledger")


def on_disk(package: Path) -> Names:
    """(app label, migration name) of the platform's rooms and of the Django apps they stand on."""
    django = find_spec("django")
    folders: list[Path] = [*package.glob("*/migrations"), *package.glob("portals/*/migrations")]
    if django is not None and django.origin is not None:
        contrib = Path(django.origin).parent / "contrib"
        folders += [contrib / name / "migrations" for name in ("auth", "contenttypes", "sessions")]
    return frozenset(
        (folder.parent.name, file.stem) for folder in folders for file in folder.glob("[0-9]*.py")
    )


def in_database(connection: "psycopg.Connection[tuple[str, str]]") -> Names:
    """Migrations the database has had; empty for a new one."""
    found = connection.execute("SELECT to_regclass('public.django_migrations')::text").fetchone()
    if not found or found[0] is None:
        return frozenset()
    return frozenset(connection.execute("SELECT app, name FROM django_migrations").fetchall())


def waiting(disk: Names, database: Names) -> Names:
    """Migrations to run. Raises Trouble `database.newer` when the database had one this code does not know."""
    rooms = {room for room, _ in disk}
    unknown = sorted(f"{room}.{name}" for room, name in database - disk if room in rooms)
    if unknown:
        raise Trouble(
            "database.newer",
            f"数据库比程序新（未知的迁移：{', '.join(unknown[:3])}）。请安装相应的新版本，或从升级前的备份恢复。",
            f"The database is newer than this program (unknown: {', '.join(unknown[:3])}). Install that release, or restore the backup made before the upgrade.",
        )
    return disk - database


def facts(connection: "psycopg.Connection[tuple[str, str]]") -> Mapping[str, str]:
    """What the installation wrote down about itself in the database."""
    found = connection.execute("SELECT to_regclass('public.installation_fact')::text").fetchone()
    if not found or found[0] is None:
        return {}
    return dict(connection.execute("SELECT name, value FROM installation_fact").fetchall())


def note(connection: "psycopg.Connection[tuple[str, str]]", values: Mapping[str, str]) -> None:
    """Write facts down, replacing earlier values."""
    connection.execute(_TABLE)
    connection.execute(_CLOSED.encode())
    for name, value in values.items():
        connection.execute(
            "INSERT INTO installation_fact VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def same_keys(known: Mapping[str, str], ring: Keyring) -> None:
    """Raises Trouble when the database was used with keys this home does not have."""
    ids: Iterable[str] = json.loads(known.get("key_ids", "[]"))
    missing = sorted(set(ids) - key_ids(ring))
    if missing:
        raise Trouble(
            "keys.other",
            f"密钥与数据库不配套：缺少 {', '.join(missing)}。请把这套数据库的 keys 目录恢复到位后再启动。",
            f"Keys and database do not belong together: {', '.join(missing)} missing. Restore this database's keys folder first.",
        )


def key_ids(ring: Keyring) -> set[str]:
    """`purpose:id` of every key that data in the database may lean on."""
    return {f"{purpose}:{key.id}" for purpose in _ENCRYPTING for key in ring.all(purpose)}
