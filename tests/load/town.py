"""A platform of its own for a benchmark: scratch home, embedded database, the demo district, one public port."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_READY_SECONDS_MAX = 120
KEEP = "GONGZHI_BENCH_KEEP"  # a folder, set by `--keep`


@dataclass(frozen=True, slots=True)
class Town:
    """home: its GONGZHI_HOME; started_seconds: from the command to the first ready answer."""

    port: int
    home: Path
    process: "subprocess.Popen[bytes]"
    started_seconds: float

    @property
    def environment(self) -> dict[str, str]:
        return {**outside(), "GONGZHI_HOME": str(self.home), "PORT": str(self.port), "GONGZHI_DEMO": "1"}


def outside() -> dict[str, str]:
    """The environment without what a test run put into it for itself."""
    own = ("DJANGO_", "GONGZHI_TEST", "GONGZHI_DB_", "GONGZHI_PROCESS")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, *, port: int | None = None, demo: bool = True) -> Town:
    """`gongzhi up` on that home; returns when it says it is ready. Raises RuntimeError with its log when it doesn't."""
    chosen = port or free_port()
    environment = {**outside(), "GONGZHI_HOME": str(home), "PORT": str(chosen)}
    log = (home / "up.log").open("wb")
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gongzhi.cli.main", "up", "--demo" if demo else "--no-demo"],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    while time.perf_counter() - began < _READY_SECONDS_MAX and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{chosen}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return Town(chosen, home, process, time.perf_counter() - began)
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    stop(process)
    raise RuntimeError((home / "up.log").read_text(errors="replace")[-4000:])


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def kept(name: str, fill: Callable[[Town], None]) -> Iterator[Town]:
    """A town filled once: in the folder of `--keep` it stays for the next run, otherwise it is thrown away."""
    folder = os.environ.get(KEEP, "")
    if not folder:
        with running() as town:
            fill(town)
            yield town
        return
    home = Path(folder).absolute() / name
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    town = start(home)
    try:
        if not (home / "filled").exists():
            fill(town)
            (home / "filled").touch()
        yield town
    finally:
        stop(town.process)


@contextmanager
def running(*, demo: bool = True) -> Iterator[Town]:
    """A fresh town, thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(
            folder, 0o755
        )  # started by root, the database runs as another user and must reach its folder
        town = start(Path(folder), demo=demo)
        try:
            yield town
        finally:
            stop(town.process)
