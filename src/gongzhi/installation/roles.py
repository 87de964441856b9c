"""Database roles: owner migrates, app runs the platform, eraser may only call what is granted to it.

Rights reach `app` through default privileges at the moment the owner creates a table; a room that wants less revokes
it in its own migration with `where_role`.
"""

import hashlib
import hmac
from collections.abc import Iterator

from psycopg import sql

from gongzhi.installation.keys import Key

OWNER = "gongzhi_owner"
APP = "gongzhi_app"
ERASER = "gongzhi_eraser"
NAMES = {"owner": OWNER, "app": APP, "eraser": ERASER}
DATABASE = "gongzhi"


def password(key: Key, role: str) -> str:
    """The password of a role ("owner", "app", "eraser") under a `database` key."""
    return hmac.new(key.secret, f"database role {role}".encode(), hashlib.sha256).hexdigest()


def where_role(role: str, statement: str) -> str:
    """SQL for a migration that runs `statement` only where the database role exists (it may not on a hosted server)."""
    name = NAMES[role]
    return f"DO $roles$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN {statement}; END IF; END $roles$"


def creation(key: Key, *, createdb: bool = False) -> Iterator[sql.Composed]:
    """Statements that make the three roles; run them as a user that may create roles."""
    for role, name in NAMES.items():
        yield sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
            sql.Identifier(name),
            sql.SQL("CREATEDB" if createdb and role == "owner" else "NOCREATEDB"),
            sql.Literal(password(key, role)),
        )
    # The owner may stand in for the weaker roles (tests, erasure drills); never the other way round.
    yield sql.SQL("GRANT {}, {} TO {}").format(*map(sql.Identifier, (APP, ERASER, OWNER)))


def privileges(database: str) -> Iterator[sql.Composed]:
    """Statements that give a fresh database to its roles; run them there as its owner."""
    owner, app, eraser, name = map(sql.Identifier, (OWNER, APP, ERASER, database))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(name, app, eraser)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, eraser)
    given = {
        "TABLES": sql.SQL("SELECT, INSERT, UPDATE, DELETE"),
        "SEQUENCES": sql.SQL("USAGE, SELECT"),
    }
    for kind, rights in given.items():
        yield sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
            owner, rights, sql.SQL(kind), app
        )
