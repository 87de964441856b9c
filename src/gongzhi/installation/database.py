"""How to reach the database, as which role: the embedded cluster of the home, or `DATABASE_URL`."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg.conninfo import make_conninfo

from gongzhi.installation import roles
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import Home, home
from gongzhi.installation.keys import keyring
from gongzhi.installation.trouble import Trouble

LIMITS = {
    "owner": "-c lock_timeout=10s",
    "app": "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=300s",
    "eraser": "-c statement_timeout=60s -c lock_timeout=10s",
}


def url() -> str:
    """The operator's own database, or the empty string for the embedded one."""
    return os.environ.get("DATABASE_URL", "")


def prepares() -> bool:
    """Whether statements may be prepared: not where a pooler hands each transaction to another session. Raises
    Trouble for anything but on and off."""
    said = os.environ.get("GONGZHI_PREPARED", "on")
    if said not in ("on", "off"):
        raise Trouble(
            "database.prepared",
            "GONGZHI_PREPARED 只能是 on 或 off。",
            "GONGZHI_PREPARED is either on or off.",
        )
    return said == "on"


def parameters(role: str = "app", place: Home | None = None) -> dict[str, str]:
    """libpq parameters for a role ("owner", "app", "eraser"). Opens nothing."""
    where = place or home()
    if not url():
        return {
            "host": str(cluster(where).sockets),
            "dbname": roles.DATABASE,
            "user": roles.NAMES[role],
            "password": roles.password(keyring(where).current("database"), role),
        }
    given = given_parameters()
    if role == "owner" or not has_roles(where):
        return given
    return given | {
        "user": roles.NAMES[role],
        "password": roles.password(keyring(where).current("database"), role),
    }


def conninfo(role: str = "app", place: Home | None = None, **more: Any) -> str:
    """The same as one libpq string."""
    return make_conninfo("", **(parameters(role, place) | more))


def has_roles(place: Home) -> bool:
    """Whether set-up could make the weaker roles in the operator's own database (recorded at first start)."""
    return (place.path / "roles.made").exists()


def given_parameters() -> dict[str, str]:
    """DATABASE_URL as libpq parameters. Raises Trouble when it is no PostgreSQL address."""
    parts = urlsplit(url())
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise Trouble(
            "database.url",
            "DATABASE_URL 不是 PostgreSQL 地址，应形如 postgresql://用户:口令@主机:5432/数据库名。",
            "DATABASE_URL is no PostgreSQL address; it should look like postgresql://user:password@host:5432/name.",
        )
    found = {
        "host": unquote(parts.hostname or ""),
        "port": str(parts.port or ""),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.strip("/")),
    } | dict(parse_qsl(parts.query))
    return {name: value for name, value in found.items() if value}


def settings(role: str | None = None) -> dict[str, Any]:
    """Django's DATABASES entry. The role is `GONGZHI_DB_ROLE` (default app); pooled where `GONGZHI_DB_POOL` says so."""
    chosen = role or os.environ.get("GONGZHI_DB_ROLE", "app")
    known = parameters(chosen)
    main = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    options: dict[str, Any] = {name: value for name, value in known.items() if name not in main}
    options["options"] = LIMITS[chosen]
    # Only what asks for it is prepared (gongzhi.access.prepared), nothing by being repeated.
    options["prepare_threshold"] = 10**9 if prepares() else None
    options["application_name"] = f"gongzhi {os.environ.get('GONGZHI_PROCESS', 'command')}"
    if pool := int(os.environ.get("GONGZHI_DB_POOL", "0")):
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5.0, "max_idle": 300.0}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{setting: known.get(name, "") for name, setting in main.items()},
        "CONN_MAX_AGE": 0 if pool else 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
