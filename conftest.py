"""The database of the test suite: an embedded cluster shared by runs and xdist workers, or `DATABASE_URL`."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gongzhi.installation import database, external, initdb, keys, postgres, postmaster, roles
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import home

_held: list[int] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster before anything asks for it; one process of many does the work."""
    if database.url():
        _foreign()
    else:
        _start()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["GONGZHI_TEST_SLOT"] = _slot()


def _lock(name: str) -> int:
    folder = home().prepare().run
    return os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)


def _start() -> None:
    users = _lock("tests.lock")
    fcntl.flock(users, fcntl.LOCK_SH)  # held until this process ends: the last one out may stop the cluster
    _held.append(users)
    start = _lock("start.lock")
    try:
        fcntl.flock(start, fcntl.LOCK_EX)
        target = postgres.create(home(), keys.keyring(), test=True)
        process = None if postmaster.pid(target) else postmaster.launch(target)
        postmaster.ready(target, database.conninfo("owner"), process)
    finally:
        os.close(start)


def _foreign() -> None:
    """The operator's server: roles, and an empty template with everything a fresh database gets."""
    start = _lock("start.lock")
    try:
        fcntl.flock(start, fcntl.LOCK_EX)
        external.check(database.conninfo("owner"))
        if lost := external.set_up(home(), keys.keyring()):
            raise pytest.UsageError(lost)
        with psycopg.connect(database.conninfo("owner"), autocommit=True) as connection:
            if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [initdb.TEST_TEMPLATE]
            ).fetchone():
                return
            connection.execute(
                f"CREATE DATABASE {initdb.TEST_TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            )
        with psycopg.connect(
            database.conninfo("owner", dbname=initdb.TEST_TEMPLATE), autocommit=True
        ) as fresh:
            for statement in roles.privileges(initdb.TEST_TEMPLATE, owner=None):
                fresh.execute(statement)
            for extension in ("pg_trgm", "btree_gist", "ltree"):
                fresh.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    finally:
        os.close(start)


def _slot() -> str:
    """Two runs at once get databases of different names; the lock lives as long as this process."""
    for number in range(32):
        descriptor = _lock(f"slot{number}.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        _held.append(descriptor)
        return str(number)
    raise RuntimeError("32 test runs at once")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last run out stops the cluster."""
    if database.url() or not _held or "PYTEST_XDIST_WORKER" in os.environ:
        return
    users = _held[0]
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        postmaster.stop(cluster(home()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Own database per run and per xdist worker."""
    from django.db import connections

    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    for connection in connections.all():
        connection.settings_dict["TEST"]["NAME"] = f"test_gongzhi_{os.environ['GONGZHI_TEST_SLOT']}{worker}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit are cleaned by TRUNCATE: let them, here only, and keep three months so that it stays quick."""
    from django.db import connection

    drop = """SELECT format('DROP TABLE %I', inhrelid::regclass) FROM pg_inherits
        WHERE inhparent = 'acts_act'::regclass AND inhrelid::regclass::text <> ALL (
            SELECT 'acts_act_' || to_char(now() AT TIME ZONE 'UTC' + make_interval(months => n), 'YYYY_MM')
            FROM generate_series(-1, 1) n)"""
    triggers = """SELECT format('ALTER TABLE %s DISABLE TRIGGER acts_refuse_truncate', tgrelid::regclass)
        FROM pg_trigger WHERE tgname = 'acts_refuse_truncate'"""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for query in (drop, triggers):
            cursor.execute(query)
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)


def _tested(role: str) -> str:
    from django.db import connection

    return database.conninfo(role, dbname=connection.settings_dict["NAME"])


@pytest.fixture
def app_connection(transactional_db: Any) -> Iterator["psycopg.Connection[Any]"]:
    """A separate autocommit connection as the role `app`: sees committed rows only."""
    with psycopg.connect(_tested("app"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def eraser_connection(transactional_db: Any) -> Iterator["psycopg.Connection[Any]"]:
    """The same as the role `eraser`."""
    with psycopg.connect(_tested("eraser"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def as_role(db: Any) -> Any:
    """`with as_role("app"): …` runs Django's own connection as that role, inside the test's transaction."""
    from django.db import connection

    @contextlib.contextmanager
    def standing_in(role: str) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{roles.NAMES[role]}"')
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    return standing_in


@pytest.fixture
def shared_data() -> Path:
    """The folder of large public inputs; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("GONGZHI_SHARED_DATA", Path(__file__).parent.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder}")
    return folder
