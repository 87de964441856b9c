"""The operator's own PostgreSQL (`DATABASE_URL`): what it must be, and the roles made in it where that is allowed."""

import psycopg
from psycopg import sql

from gongzhi.installation import database, roles
from gongzhi.installation.home import Home
from gongzhi.installation.keys import Keyring
from gongzhi.installation.trouble import Trouble

VERSION_MIN = 150000


def check(conninfo: str) -> None:
    """Raises Trouble when the server cannot be reached, is older than 15, or cannot find Chinese text."""
    try:
        with psycopg.connect(conninfo, connect_timeout=10, autocommit=True) as connection:
            version = connection.info.server_version
            found = connection.execute(
                "SELECT pg_encoding_to_char(encoding), datctype, datlocprovider::text, datname FROM pg_database"
                " WHERE datname = current_database()"
            ).fetchone()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Trouble(
            "database.unreachable",
            f"连接不上数据库（{reason}）。请检查 DATABASE_URL、数据库是否在运行、用户名和口令。",
            f"Cannot reach the database ({reason}). Check DATABASE_URL, that the server runs, user and password.",
        ) from error
    if version < VERSION_MIN:
        raise Trouble(
            "database.old",
            f"数据库版本 {version // 10000} 太旧，需要 PostgreSQL 15 或以上。请升级数据库，或去掉 DATABASE_URL 使用内置数据库。",
            f"PostgreSQL {version // 10000} is too old, 15 or newer is needed. Upgrade it, or unset DATABASE_URL to use the embedded one.",
        )
    if found is not None:
        _judge_locale(*found)


def _judge_locale(encoding: str, ctype: str, provider: str, name: str) -> None:
    if encoding == "UTF8" and not (provider == "c" and ctype in ("C", "POSIX")):
        return
    raise Trouble(
        "database.locale",
        f"数据库 {name} 的编码/区域是 {encoding}/{ctype}，中文检索会悄悄失效。"
        f"请重建数据库：CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';",
        f"Database {name} has encoding/locale {encoding}/{ctype}: Chinese search would silently find nothing. "
        f"Create it again: CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';",
    )


def set_up(home: Home, ring: Keyring) -> str:
    """Make the roles app and eraser in the operator's database; say in words what is lost where that is refused.

    Returns the empty string when the roles stand. Idempotent.
    """
    given = database.given_parameters()
    key = ring.current("database")
    with psycopg.connect(**given, autocommit=True) as connection:  # type: ignore[arg-type]
        try:
            for role in ("app", "eraser"):
                _role(connection, role, roles.password(key, role))
            for statement in roles.privileges(connection.info.dbname, owner=None):
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return _lost("该用户没有 CREATEROLE 权限", "this user may not create roles")
        for extension in ("pg_trgm", "btree_gist", "ltree"):
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    for role in ("app", "eraser"):
        try:
            login = {"user": roles.NAMES[role], "password": roles.password(key, role)}
            psycopg.connect(**(given | login)).close()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            return _lost(
                f"角色 {roles.NAMES[role]} 已属于另一套安装，或服务器不允许它登录",
                f"role {roles.NAMES[role]} belongs to another installation or may not sign in",
            )
    (home.path / "roles.made").touch(mode=0o600)
    return ""


def _role(connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str) -> None:
    name = sql.Identifier(roles.NAMES[role])
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [roles.NAMES[role]]).fetchone():
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD {}").format(
                name, sql.Literal(password)
            )
        )
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def _lost(zh: str, en: str) -> str:
    return (
        f"注意：{zh}，平台将以 DATABASE_URL 的用户运行。失去的保护：程序缺陷或 SQL 注入可以改写行为记录。详见 docs/operating.md。\n"
        f"Note: {en}; the platform runs as the user of DATABASE_URL. Lost: a bug or an SQL injection could rewrite recorded acts. See docs/operating.md."
    )
