"""Run a command with `DATABASE_URL` naming a fresh server of another PostgreSQL: foreign_postgres.py BIN COMMAND…"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from gongzhi.installation.runner import runner


def main(binaries: Path, command: list[str]) -> int:
    """The command's exit code; the server and its data are gone afterwards."""
    if not (binaries / "postgres").exists():
        print(f"no PostgreSQL in {binaries}: install postgresql-15", file=sys.stderr)
        return 1
    who = runner()
    with tempfile.TemporaryDirectory(prefix="gongzhi-pg-") as name:
        folder = Path(name)
        folder.chmod(0o700)
        who.own(folder)
        password = folder / "password"
        password.write_text(secrets.token_hex(16))
        who.own(password)
        made = [
            "--username=owner",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who.options}
        subprocess.run([binaries / "initdb", "-D", folder / "data", *made], check=True, **quiet)
        fast = ["-c", "fsync=off", "-c", "listen_addresses=", "-c", "max_connections=100"]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *fast], **quiet
        )
        try:
            owner = f"host={folder} user=owner dbname=postgres password={password.read_text()}"
            _wait(owner)
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute(
                    "CREATE DATABASE gongzhi TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
                )
            url = f"postgresql://owner:{password.read_text()}@/gongzhi?host={folder}"
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(conninfo: str) -> None:
    for _ in range(200):
        try:
            psycopg.connect(conninfo).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
