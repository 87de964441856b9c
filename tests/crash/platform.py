"""A platform of its own, and the processes in it that can be killed."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import gongzhi
from gongzhi.installation import keys

READY_SECONDS_MAX = 120.0
_TELLING = {"web": "gongzhi.config.wsgi", "lane": "gongzhi.lane.app", "worker": "worker"}


@dataclass
class Platform:
    """log: what the supervisor printed."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def until(self, condition: Callable[[], object], seconds: float = READY_SECONDS_MAX) -> float:
        """Seconds it took."""
        began = time.monotonic()
        while not condition():
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() - began < seconds, self.log.read_text()[-2000:]
            time.sleep(0.02)
        return time.monotonic() - began

    def pids(self, name: str) -> list[int]:
        """Of a role: web, lane, worker with what they started, or the postmaster alone."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                words = child.cmdline()
                if name == "database":
                    found += [child.pid] if any("postgres" in word for word in words[:1]) else []
                elif any(
                    word.endswith(f"{_TELLING[name]}:application") or word == _TELLING[name] for word in words
                ):
                    found += [child.pid, *(one.pid for one in child.children(recursive=True))]
        return found

    def kill(self, name: str, number: int = signal.SIGKILL) -> list[int]:
        """Signal a role's processes; returns whom."""
        hit = []
        for pid in self.pids(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
                hit.append(pid)
        return hit

    def down(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(place: Path | None = None, *, demo: bool = True) -> Iterator[Platform]:
    """`gongzhi up` in a fresh home, taken down and away afterwards. place: a folder of the caller's for it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-", dir="/tmp"))
    folder.chmod(0o711)
    home = (place or folder) / "home"
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("GONGZHI_", "DATABASE_", "DJANGO_", "PORT"))
    }
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gongzhi.cli.main",
                "up",
                "--demo" if demo else "--no-demo",
                "--port",
                str(port),
            ],
            env={**kept, "GONGZHI_HOME": str(home), "PYTHONPATH": str(Path(gongzhi.__file__).parent.parent)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    platform = Platform(home, port, process, folder / "up.log")
    try:
        platform.until(platform.ready)
        yield platform
    finally:
        platform.down()
        keys.forget()
        shutil.rmtree(folder, ignore_errors=True)
