"""An installation as an operator has it: a home, its database with everything that ships, and the command beside it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

import gongzhi
from gongzhi.installation import database, keys, postgres
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home

SECONDS_MAX = 120


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Installed:
    """A home whose database answers while the tests run."""

    home: Home

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GONGZHI_", "DATABASE_", "DJANGO_", "PORT"))
        }
        source = str(Path(gongzhi.__file__).parent.parent)
        return {**kept, "GONGZHI_HOME": str(self.home.path), "PYTHONPATH": source, **more}

    def start(self, *words: object, before: Sequence[str] = (), **variables: str) -> "subprocess.Popen[str]":
        """before: a program that starts ours (`unshare …`)."""
        return subprocess.Popen(
            [*before, sys.executable, "-m", "gongzhi.cli.main", *map(str, words)],
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object, before: Sequence[str] = (), **variables: str) -> Done:
        """The command to its end; a stack trace is never an answer."""
        process = self.start(*words, before=before, **variables)
        try:
            out, err = process.communicate(timeout=SECONDS_MAX)
        finally:
            process.kill()
        assert "Traceback" not in err, err
        return Done(process.returncode, out, err)

    def interrupted(self, *words: object, table: str, row: int = 1_200) -> Done:
        """The command, and Ctrl-C while it writes the `row`-th row into `table`, which takes a minute there."""
        with self.connection() as connection:
            connection.execute(_HELD_UP.format(table=table, row=row).encode())
        # A shell that put the test run into the background had it ignore Ctrl-C; the command would inherit that.
        process = self.start(*words, before=("env", "--default-signal=INT"))
        try:
            end = time.monotonic() + SECONDS_MAX
            while not self.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < end
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=SECONDS_MAX)
        finally:
            process.kill()
            with self.connection() as connection:
                connection.execute("DROP FUNCTION held_up() CASCADE; DROP SEQUENCE held_up_rows")
        assert "Traceback" not in err, err
        return Done(process.returncode, out, err)

    @contextlib.contextmanager
    def connection(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        with psycopg.connect(database.conninfo("owner", self.home), autocommit=True) as connection:
            yield connection

    def one(self, query: str, *values: object) -> Any:
        """The first value of the first row."""
        with self.connection() as connection:
            row = connection.execute(query.encode(), values or None).fetchone()
            return row[0] if row else None


_HELD_UP = """
CREATE SEQUENCE held_up_rows;
CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF nextval('held_up_rows') = {row} THEN PERFORM pg_sleep(60); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER held_up BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION held_up();
"""


@contextlib.contextmanager
def installation() -> Iterator[Installed]:
    """A home of its own, settled like at a first start; stopped and removed afterwards."""
    before = os.environ.pop("DATABASE_URL", None)
    try:
        with fresh_home() as home:
            cluster = postgres.create(home.prepare(), keys.keyring(home))
            with postgres.running(cluster, database.conninfo("owner", home)):
                made = Installed(home)
                assert made.run("settle").code == 0
                yield made
    finally:
        keys.forget()
        if before is not None:
            os.environ["DATABASE_URL"] = before
