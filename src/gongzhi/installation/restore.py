"""Restoring an archive into an empty home: everything is compared by hash and by census before the home is opened."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from gongzhi.installation import (
    archive,
    backup,
    census,
    database,
    external,
    handshake,
    instance,
    postgres,
    roles,
)
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import Home
from gongzhi.installation.keys import forget, keyring
from gongzhi.installation.trouble import Trouble

_MARK = "restoring"
_SKIPPED = (
    " SCHEMA - public",
    " EXTENSION - ",
    "COMMENT - EXTENSION",
    "COMMENT - SCHEMA",
    "ACL - SCHEMA",
    " DEFAULT ACL ",
)


def read(home: Home, source: Path, *, keys: Path | None, say: backup.Say) -> dict[str, Any]:
    """Restore `source`; returns its manifest. `keys` is the folder of key files when the archive has none.

    Interrupted, it starts over next time. Raises Trouble for a home that holds anything else.
    """
    about = archive.manifest(source)
    if about.get("format") != backup.FORMAT:
        raise Trouble(
            "archive.format",
            f"备份格式 {about.get('format')} 不是本版本能读的（{backup.FORMAT}）。请安装 {about.get('version')} 版本再恢复。",
            f"This release cannot read backup format {about.get('format')}; install release {about.get('version')}.",
        )
    if instance.running_at(home) is not None:
        raise Trouble(
            "restore.running",
            f"平台正在 {home.path} 中运行，恢复只写入空目录。请把 GONGZHI_HOME 设为一个新目录。",
            f"A platform is running in {home.path}; a restore writes into an empty home only. Set GONGZHI_HOME to a new folder.",
        )
    _emptied(home)
    _keys(home, about, keys)
    archive.unpack(source, home.path, about["members"])
    say("文件与密钥已核对 · files and keys compared by hash")
    forget()
    ring = keyring(home)
    handshake.same_keys({"key_ids": _json(about["key_ids"])}, ring)
    with _database(home):
        _load(home, about["tables"])
    say(f"{len(about['tables'])} 张表逐表核对一致 · {len(about['tables'])} tables equal by count and hash")
    (home.path / backup.DUMP).unlink()
    (home.path / _MARK).unlink()
    return about


def _emptied(home: Home) -> None:
    """Refuse a home with data; clear what an interrupted restore left."""
    mark = home.path / _MARK
    if not mark.exists():
        held = (
            [path.name for path in home.path.iterdir() if path.name != "keys"] if home.path.exists() else []
        )
        if [name for name in held if name not in ("run", "log") and not _is_empty(home.path / name)]:
            raise Trouble(
                "restore.not_empty",
                f"{home.path} 里已有数据，恢复只写入空目录。请把 GONGZHI_HOME 设为一个新目录。",
                f"{home.path} already holds data; a restore writes into an empty home only. Set GONGZHI_HOME to a new folder.",
            )
        home.prepare()
        mark.touch(mode=0o600)
        return
    target = cluster(home)
    for folder in (target.place, home.files, home.ledger):
        shutil.rmtree(folder, ignore_errors=True)
    (home.path / "postgres.json").unlink(missing_ok=True)
    home.prepare()


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _keys(home: Home, about: dict[str, Any], given: Path | None) -> None:
    if about["keys"]:
        return
    if given is not None:
        for file in given.glob("*.json"):
            shutil.copyfile(file, home.keys / file.name)
            (home.keys / file.name).chmod(0o600)
    if not any(home.keys.glob("*.json")):
        raise Trouble(
            "restore.no_keys",
            "这份备份不含密钥，没有密钥就读不出联系方式。请用 --keys 指定单独保管的 keys 目录。",
            "This backup holds no keys, and without them contacts cannot be read. Name the folder you keep them in with --keys.",
        )


def _json(ids: list[str]) -> str:
    return "[" + ",".join(f'"{name}"' for name in ids) + "]"


@contextmanager
def _database(home: Home) -> Iterator[None]:
    """A database with roles and extensions, and nothing in it."""
    owner = database.conninfo("owner", home)
    if database.url():
        external.check(owner)
        external.set_up(home, keyring(home))
        yield
        return
    target = postgres.create(home, keyring(home))
    with postgres.running(target, owner):
        yield


def _load(home: Home, expected: census.Census) -> None:
    owner = database.conninfo("owner", home)
    with psycopg.connect(owner, autocommit=True) as connection:
        if census.tables(connection):
            raise Trouble(
                "restore.database_not_empty",
                "DATABASE_URL 指定的数据库里已有表，恢复只写入空数据库。请新建一个数据库。",
                "The database of DATABASE_URL already has tables; a restore needs an empty one. Create a new database.",
            )
        separate = not database.url() or database.has_roles(home)
        for statement in roles.without_defaults() if separate else ():
            connection.execute(statement)
    _run(home, privileges=separate)
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        unequal = census.differences(expected, census.take(connection))
    if unequal:
        raise Trouble(
            "restore.unequal",
            f"恢复后的数据与备份不一致：{', '.join(unequal[:5])}。请勿使用该目录，换一份备份重试。",
            f"The restored data differ from the backup: {', '.join(unequal[:5])}. Do not use this home; try another backup.",
        )
    if separate:
        name = psycopg.conninfo.conninfo_to_dict(owner)["dbname"]
        with psycopg.connect(owner, autocommit=True) as connection:
            for statement in roles.privileges(str(name), owner=None if database.url() else roles.OWNER):
                connection.execute(statement)


def _run(home: Home, *, privileges: bool) -> None:
    """pg_restore without what set-up has already made: extensions, the schema itself, default privileges."""
    dump = str(home.path / backup.DUMP)
    lines = backup.tool("pg_restore", home, "--list", dump).splitlines()
    listed = home.path / "restore.list"
    listed.write_text("\n".join(line for line in lines if not any(word in line for word in _SKIPPED)) + "\n")
    options = ["--no-owner", "--exit-on-error", "--single-transaction", f"--use-list={listed}"]
    if not privileges:
        options.append("--no-privileges")
    backup.tool(
        "pg_restore", home, f"--dbname={database.parameters('owner', home)['dbname']}", *options, dump
    )
    listed.unlink()
