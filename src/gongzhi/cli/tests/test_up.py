"""`gongzhi up` as an operator meets it: started, killed in pieces, started twice, stopped."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

import gongzhi
from gongzhi.installation import database, keys, postmaster
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home

pytestmark = pytest.mark.embedded


@dataclass
class Platform:
    """One home and the `gongzhi up` running in it."""

    home: Home
    port: int
    process: "subprocess.Popen[str] | None" = None
    lines: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GONGZHI_", "DATABASE_", "DJANGO_"))
        }
        source = str(Path(gongzhi.__file__).parent.parent)
        return {**kept, "GONGZHI_HOME": str(self.home.path), "PYTHONPATH": source}

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "gongzhi.cli.main", "up", "--no-demo", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Another command of ours on the same home."""
        return subprocess.run(
            [sys.executable, "-m", "gongzhi.cli.main", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def up(self) -> None:
        self.process = self.start()
        assert self.process.stdout is not None
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            if "Gongzhi is ready" in line:
                return
            if "not ready" in line:
                self.down()
                break
        pytest.fail("".join(self.lines))

    def down(self) -> float:
        """Seconds from SIGTERM to the end."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.terminate()
        self.process.communicate(timeout=30)
        return time.monotonic() - begun

    def refused(self) -> str:
        """What a start that must fail says."""
        done = self.start()
        words, _ = done.communicate(timeout=60)
        assert done.returncode == 1, words
        assert "Traceback" not in words
        return words

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def processes(self) -> list[psutil.Process]:
        assert self.process is not None
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]


def _until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch, fresh_home() as home:
        patch.delenv("DATABASE_URL", raising=False)
        made = Platform(home, port)
        try:
            yield made
        finally:
            if made.process is not None:
                made.process.kill()
                made.process.communicate()
            keys.forget()
            _sweep(home)


def _sweep(home: Home) -> None:
    """End what a killed supervisor of this home left behind."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("GONGZHI_HOME") == str(home.path) and process.pid != os.getpid():
                process.kill()


@pytest.fixture
def running(platform: Platform) -> Platform:
    if platform.process is None or platform.process.poll() is not None:
        platform.up()
    return platform


def test_it_says_where_it_is_and_answers_there(running: Platform) -> None:
    assert f"http://localhost:{running.port}/" in running.lines[-1]
    assert running.status() == 200


def test_a_second_start_says_where_the_first_one_is(running: Platform) -> None:
    words = running.refused()
    assert f"http://localhost:{running.port}/" in words
    assert running.status() == 200


def test_nothing_listens_but_the_one_port(running: Platform) -> None:
    listening = {
        connection.laddr.port
        for process in running.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {running.port}


def test_only_the_account_it_runs_as_may_use_the_web_socket(running: Platform) -> None:
    assert stat.S_IMODE((running.home.run / "web.sock").stat().st_mode) == 0o600


def test_it_stops_within_ten_seconds_and_leaves_nothing(running: Platform) -> None:
    processes = running.processes()
    assert running.down() < 10
    assert psutil.wait_procs(processes, timeout=5)[1] == []
    assert postmaster.pid(cluster(running.home)) is None
    with socket.create_server(("127.0.0.1", running.port)):
        pass


@pytest.mark.slow
def test_every_killed_process_comes_back(running: Platform) -> None:
    for name in ("wsgi", "asgi", "worker", "postgres"):
        victims = [p for p in running.processes()[1:] if any(name in word for word in p.cmdline())]
        assert victims, name
        for victim in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        psutil.wait_procs(victims, timeout=5)
        _until(lambda name=name: [p for p in running.processes()[1:] if _is(p, name)])
        _until(lambda: running.status() == 200)


def _is(process: psutil.Process, name: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(name in word for word in process.cmdline())
    return False


@pytest.mark.slow
def test_after_a_killed_supervisor_the_next_start_cleans_up(running: Platform) -> None:
    before = running.processes()
    assert running.process is not None
    running.process.kill()
    running.process.communicate()
    running.up()
    assert running.status() == 200
    assert not [p for p in before if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_a_database_newer_than_the_code_is_refused(running: Platform) -> None:
    with psycopg.connect(database.conninfo("owner", running.home), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('acts', '9999_future', now())"
        )
    running.down()
    assert "acts.9999_future" in running.refused()
    with psycopg_of(running) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '9999_future'")


@contextlib.contextmanager
def psycopg_of(platform: Platform) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """The stopped platform's database, started for the length of the block."""
    from gongzhi.installation import postgres

    owner = database.conninfo("owner", platform.home)
    with (
        postgres.running(cluster(platform.home), owner),
        psycopg.connect(owner, autocommit=True) as connection,
    ):
        yield connection


@pytest.mark.slow
def test_a_damaged_key_file_is_named_and_nothing_is_started(running: Platform) -> None:
    running.down()
    file = running.home.keys / "contact.json"
    content = file.read_text()
    file.write_text(content[:-40])
    try:
        assert str(file) in running.refused()
    finally:
        file.write_text(content)
    assert postmaster.pid(cluster(running.home)) is None


@pytest.mark.slow
def test_a_taken_port_is_named(running: Platform) -> None:
    running.down()
    with socket.create_server(("127.0.0.1", running.port)):
        assert f"PORT={running.port + 1}" in running.refused()


@pytest.mark.slow
def test_keys_of_another_home_do_not_open_the_database(running: Platform) -> None:
    running.down()
    with fresh_home() as other:
        keys.keyring(other)
        aside = running.home.path / "keys.aside"
        running.home.keys.rename(aside)
        other.keys.rename(running.home.keys)
        try:
            assert "keys/database.json" in running.refused()
        finally:
            running.home.keys.rename(other.path / "keys")
            aside.rename(running.home.keys)


@pytest.mark.slow
def test_a_rotated_key_reaches_the_running_processes(running: Platform) -> None:
    before = {p.pid for p in running.processes()[1:] if _is(p, "worker")}
    keys.rotate("contact", running.home)
    assert running.process is not None
    running.process.send_signal(signal.SIGHUP)
    _until(lambda: {p.pid for p in running.processes()[1:] if _is(p, "worker")} - before)
    _until(lambda: running.status() == 200)


def _children(platform: Platform) -> set[int]:
    """Web, lane and worker, as the supervisor wrote them down."""
    return {row["pid"] for row in json.loads((platform.home.run / "children.json").read_text())}


@pytest.mark.slow
def test_rotating_beside_a_running_platform_waits_until_it_knows_the_key(running: Platform) -> None:
    before = _children(running)
    done = running.command("keys", "rotate", "contact")
    assert done.returncode == 0, done.stderr
    assert "0 left under older keys" in done.stdout
    assert not _children(running) & before
    _until(lambda: running.status() == 200)
    assert "running at" in running.command("doctor", "--port", str(running.port)).stdout


def test_told_to_stop_while_preparing_it_stops_and_the_next_start_goes_on(platform: Platform) -> None:
    if platform.process is not None and platform.process.poll() is None:
        platform.down()
    with fresh_home() as home:
        other = Platform(home, platform.port)
        other.process = other.start()
        assert other.process.stdout is not None
        assert "preparing" in other.process.stdout.readline()
        assert other.down() < 10
        assert other.process.returncode == 0
        other.up()
        assert other.status() == 200
        other.down()
