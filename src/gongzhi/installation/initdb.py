"""Making a cluster once: initdb, roles, database, then the superuser is closed and the folder gets its final name."""

import errno
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from gongzhi.installation import postmaster, roles
from gongzhi.installation.cluster import Cluster
from gongzhi.installation.home import not_writable
from gongzhi.installation.keyfile import Key
from gongzhi.installation.trouble import Trouble

SUPERUSER = "gongzhi_setup"
TEST_TEMPLATE = "gongzhi_empty"
EXTENSIONS = ("pg_trgm", "btree_gist", "ltree", "vector")

_SETTINGS = """
# Written by gongzhi at set-up; change values in postgresql.auto.conf or below this line.
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 100
shared_buffers = 128MB
max_wal_size = 1GB
wal_compression = on
log_min_messages = warning
log_line_prefix = '%m [%p] %q%u@%d '
log_statement = none
log_parameter_max_length_on_error = 0
timezone = 'UTC'
jit = off
"""
_TEST_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_wal_size = 256MB\n"
_ACCESS = "# Set-up is over: only our three roles, only by password, only through the socket folder.\nlocal all {roles} scram-sha-256\n"


def create(target: Cluster, key: Key, *, test: bool) -> None:
    """Make `target.data`. It appears under its name only when everything is done."""
    draft = replace(target, place=target.place / "draft")
    if postmaster.pid(draft) is not None:
        postmaster.stop(draft)
    if draft.place.exists():
        shutil.rmtree(draft.place)
    draft.place.mkdir(mode=0o700)
    draft.runner.own(draft.place)
    password = secrets.token_urlsafe(32)
    _initdb(target, draft.data, password)
    with (draft.data / "postgresql.conf").open("a") as stream:
        stream.write(_SETTINGS + (_TEST_SETTINGS if test else ""))
    superuser = psycopg.conninfo.make_conninfo(
        host=str(target.sockets), user=SUPERUSER, password=password, dbname="postgres"
    )
    process = postmaster.launch(draft)
    try:
        postmaster.ready(draft, superuser, process)
        _set_up(superuser, key, test=test)
    finally:
        postmaster.stop(draft)
        process.wait()
    (draft.data / "pg_hba.conf").write_text(_ACCESS.format(roles=",".join(roles.NAMES.values())))
    draft.data.rename(target.data)
    shutil.rmtree(draft.place)


def _initdb(target: Cluster, data: Path, password: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=data.parent) as file:
        file.write(password)
        file.flush()
        target.runner.own(Path(file.name))
        made = subprocess.run(
            [
                str(target.binaries / "initdb"),
                f"--pgdata={data}",
                f"--username={SUPERUSER}",
                f"--pwfile={file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=data.parent,
            **target.runner.options,
        )
    if made.returncode != 0:
        reason = made.stderr.strip()[-800:]
        if os.strerror(errno.ENOSPC) in reason:
            raise not_writable(target.place, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        raise Trouble(
            "postgres.initdb",
            f"无法在 {target.place} 创建数据库：\n{reason}\n请检查磁盘空间、目录权限和 C.UTF-8 区域设置。",
            f"Cannot create the database in {target.place} (reason above). Check disk space, rights and the locale C.UTF-8.",
        )


def _set_up(superuser: str, key: Key, *, test: bool) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        for statement in roles.creation(key, createdb=test):
            connection.execute(statement)
        names = [roles.DATABASE, TEST_TEMPLATE] if test else [roles.DATABASE]
        for name in names:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(roles.OWNER)
                )
            )
    for name in names:
        with psycopg.connect(superuser, dbname=name, autocommit=True) as connection:
            for statement in (*_extensions(), *roles.privileges(name)):
                connection.execute(statement)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC"))
        if test:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(sql.Identifier(roles.OWNER))
            )
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(SUPERUSER)))


def _extensions() -> Iterator[sql.SQL | sql.Composed]:
    for name in EXTENSIONS:
        yield sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
    # As owner of the schema our owner role may create in it; PUBLIC may not.
    yield sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(roles.OWNER))
