"""Backing up a home while it runs: ledger first, then one snapshot of the database, then files, keys only if asked."""

import subprocess
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from gongzhi.installation import archive, census, cluster, database, handshake
from gongzhi.installation.home import Home
from gongzhi.installation.keys import keyring
from gongzhi.installation.trouble import Trouble

FORMAT = 1
DUMP = "database.dump"
Say = Callable[[str], None]


def write(
    home: Home, target: Path, *, with_keys: bool, at: datetime, version: str, say: Say
) -> dict[str, Any]:
    """Write one archive to `target`; returns its manifest. The database must be answering.

    Order matters: the ledger may lag behind the database but never lead it, and bytes are stored before the row that
    names them, so files are read last.
    """
    with archive.writing(target) as tar, tempfile.TemporaryDirectory(dir=target.parent) as folder:
        ledger = tar.add_folder(home.ledger, "ledger")
        dump = Path(folder) / DUMP
        counted = _dump(home, dump)
        tar.add(dump, DUMP)
        dump.unlink()
        say(f"数据库 {len(counted)} 张表 · database: {len(counted)} tables")
        files = tar.add_folder(home.files, "files")
        say(f"文件 {files} 个，账本 {ledger} 个 · {files} files, {ledger} ledger files")
        if with_keys:
            for file in sorted(home.keys.glob("*.json")):
                tar.add(file, f"keys/{file.name}")
        about = {
            "format": FORMAT,
            "version": version,
            "at": at.isoformat(),
            "keys": with_keys,
            "key_ids": sorted(handshake.key_ids(keyring(home))),
            "tables": counted,
        }
        tar.finish(about)
    return about


def _dump(home: Home, target: Path) -> census.Census:
    """pg_dump and the census see the same snapshot."""
    with psycopg.connect(database.conninfo("owner", home)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = str(row[0]) if row else ""
        tool("pg_dump", home, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return census.take(connection)


def tool(program: str, home: Home, *arguments: str) -> str:
    """Run a program of the wheel as ourselves against the home's database as its owner; its standard output."""
    known = database.parameters("owner", home)
    variables = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    done = subprocess.run(
        [str(cluster.wheel() / "bin" / program), "--no-password", *arguments],
        env={"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        | {variables[k]: v for k, v in known.items() if k in variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = done.stderr.strip()[-800:]
        raise Trouble(
            f"backup.{program}",
            f"{program} 失败：\n{reason}\n请检查磁盘空间和数据库版本后重试。",
            f"{program} failed (reason above). Check disk space and the server's version, then try again.",
        )
    return done.stdout
