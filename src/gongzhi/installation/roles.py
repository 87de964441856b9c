"""Database roles: owner migrates, app runs the platform, eraser may only call what is granted to it.

Rights reach `app` through default privileges at the moment the owner creates a table; a room that wants less revokes
it in its own migration with `where_role`.
"""

import hashlib
import hmac
from collections.abc import Iterator

from psycopg import sql

from gongzhi.installation.keyfile import Key

OWNER = "gongzhi_owner"
APP = "gongzhi_app"
ERASER = "gongzhi_eraser"
NAMES = {"owner": OWNER, "app": APP, "eraser": ERASER}
DATABASE = "gongzhi"
_GIVEN = {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT"}


def password(key: Key, role: str) -> str:
    """The password of a role ("owner", "app", "eraser") under a `database` key."""
    return hmac.new(key.secret, f"database role {role}".encode(), hashlib.sha256).hexdigest()


def where_role(role: str, statement: str) -> str:
    """SQL for a migration that runs `statement` only where the database role exists (it may not on a hosted server)."""
    name = NAMES[role]
    return f"DO $roles$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN {statement}; END IF; END $roles$"


def creation(key: Key, *, createdb: bool = False) -> Iterator[sql.SQL | sql.Composed]:
    """Statements that make the three roles; run them as a user that may create roles."""
    for role, name in NAMES.items():
        yield sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
            sql.Identifier(name),
            sql.SQL("CREATEDB" if createdb and role == "owner" else "NOCREATEDB"),
            sql.Literal(password(key, role)),
        )
    # The owner may stand in for the weaker roles (tests, erasure drills); never the other way round.
    yield sql.SQL("GRANT {}, {} TO {}").format(*map(sql.Identifier, (APP, ERASER, OWNER)))


def privileges(database: str, *, owner: str | None = OWNER) -> Iterator[sql.SQL | sql.Composed]:
    """Statements that give a fresh database to its roles; run them there as its owner (None: as whoever runs them)."""
    app, eraser, name = map(sql.Identifier, (APP, ERASER, database))
    whose = sql.SQL("FOR ROLE {} ").format(sql.Identifier(owner)) if owner else sql.SQL("")
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(name, app, eraser)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, eraser)
    for kind, rights in _GIVEN.items():
        yield sql.SQL("ALTER DEFAULT PRIVILEGES {}IN SCHEMA public GRANT {} ON {} TO {}").format(
            whose, sql.SQL(rights), sql.SQL(kind), app
        )


def without_defaults() -> Iterator[sql.SQL | sql.Composed]:
    """Statements that end the default privileges: a restore brings each table's own rights and no others."""
    for kind in _GIVEN:
        yield sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {} FROM {}").format(
            sql.SQL(kind), sql.Identifier(APP)
        )
