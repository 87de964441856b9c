"""Starts the baseline (see baseline/) on the town's own PostgreSQL: the same database, the same durability."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.load.town import Town, free_port, stop

_TABLES = """
CREATE TABLE baseline_case (id bigserial PRIMARY KEY, category varchar(40) NOT NULL, title varchar(200) NOT NULL,
  text text NOT NULL, longitude float8 NOT NULL, latitude float8 NOT NULL, opened_at timestamptz NOT NULL);
CREATE TABLE baseline_status (id bigserial PRIMARY KEY, case_id bigint NOT NULL REFERENCES baseline_case,
  state varchar(40) NOT NULL, at timestamptz NOT NULL);
CREATE INDEX ON baseline_status (case_id);
CREATE TABLE baseline_log (id bigserial PRIMARY KEY, case_id bigint NOT NULL REFERENCES baseline_case,
  what jsonb NOT NULL, at timestamptz NOT NULL);
CREATE INDEX ON baseline_log (case_id);
"""


@contextmanager
def running(town: Town, *, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """The port of a gunicorn that keeps connections open (gthread: faster here than synchronous workers); its tables
    live in a schema of their own."""
    address = _address(town)
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute(
            "DROP SCHEMA IF EXISTS baseline CASCADE; CREATE SCHEMA baseline; SET search_path TO baseline;"
            + _TABLES
        )
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.load.baseline.settings",
        "BASELINE_HOST": str(address["host"]),
        "BASELINE_USER": str(address["user"]),
        "BASELINE_PASSWORD": str(address["password"]),
        "BASELINE_DATABASE": str(address["dbname"]),
        "PGOPTIONS": "-c search_path=baseline",
    }
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "-w", str(workers), "-k", "gthread", "--threads", str(threads),
            "-b", f"127.0.0.1:{port}",
            "--log-level", "error", "--keep-alive", "75", "tests.load.baseline.wsgi",
        ],
        env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        yield port
    finally:
        stop(process)
        with psycopg.connect(**address, autocommit=True) as connection:
            connection.execute("DROP SCHEMA baseline CASCADE")


def _address(town: Town) -> dict[str, Any]:
    """The owner's connection to the town's database, asked from the installation in a process of that home."""
    code = (
        "import json; from gongzhi.installation.database import parameters;"
        "print(json.dumps(parameters('owner')))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=town.environment, check=True, capture_output=True, text=True
    )
    return {key: value for key, value in json.loads(found.stdout).items() if value}


def _wait(port: int) -> None:
    """Until it answers at all: a worker imports Django only after it listens."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the baseline did not start")
