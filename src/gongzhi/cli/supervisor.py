"""Keeps the platform's processes running and stops them all in time. Small: it imports neither Django nor a web server."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gongzhi.cli.child import Child
from gongzhi.installation import postmaster
from gongzhi.installation.cluster import Cluster
from gongzhi.installation.instance import Instance

_GRACE_SECONDS = 4.5  # SIGTERM to SIGKILL; the database then has the rest of ten seconds
_TICK_SECONDS = 1.0
_STOPPING = (signal.SIGTERM, signal.SIGINT)


class Database:
    """The embedded postmaster as a supervised child."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.process: subprocess.Popen[bytes] | None = None
        self.again_at = 0.0

    def start(self) -> None:
        """A postmaster left by a crashed supervisor is stopped first: it is nobody's child."""
        postmaster.stop(self.cluster)
        self.process = postmaster.launch(self.cluster)

    def keep(self) -> bool:
        """Restart it if it died; True when that was necessary."""
        if self.process is None or self.process.poll() is None or time.monotonic() < self.again_at:
            return False
        self.again_at = time.monotonic() + 1.0
        self.process = postmaster.launch(self.cluster)
        return True


class Supervisor:
    """Children and database of one running platform. `say` gets one line for every event worth an operator's eye."""

    def __init__(
        self,
        *,
        children: list[Child],
        database: Database | None,
        instance: Instance,
        say: Callable[[str], None],
    ) -> None:
        self.children, self.database, self.instance, self.say = children, database, instance, say
        self.stopping = False

    @contextmanager
    def signals(self) -> Iterator[int]:
        """Inside the block signals arrive as bytes on the yielded descriptor instead of interrupting us."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        caught = (*_STOPPING, signal.SIGHUP, signal.SIGCHLD)
        before = {number: signal.signal(number, lambda *_: None) for number in caught}
        previous = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(reader)
            os.close(writer)

    def wait(self, reader: int, seconds: float = _TICK_SECONDS) -> None:
        """Sleep until a signal or the time is up; notes a wish to stop and passes on a wish to restart."""
        if not select.select([reader], [], [], seconds)[0]:
            return
        for number in os.read(reader, 256):
            if number in _STOPPING:
                self.stopping = True
            elif number == signal.SIGHUP:
                self.restart()

    def go_on(self, reader: int) -> bool:
        """Wait a moment for a signal; False once we were told to stop."""
        self.wait(reader, 0.2)
        return not self.stopping

    def start(self) -> None:
        for child in self.children:
            child.start()
        self._remember()

    def look(self) -> None:
        """One look at everybody: announce deaths, start again what is due."""
        if self.database is not None and self.database.keep():
            self.say("数据库进程退出，已重新启动 · the database died and was started again")
            self._remember()
        for child in self.children:
            if child.died():
                code = child.process.returncode if child.process else 0
                self.say(
                    f"{child.name} 退出（{code}），将重新启动，日志 {child.log} · {child.name} died, restarting"
                )
                if words := child.last_words():
                    self.say(f"  {words}")
            if child.due():
                child.start()
                self._remember()

    def restart(self) -> None:
        """End the children one group after the other; the next looks start them again (new keys, new code)."""
        for child in self.children:
            child.signal(signal.SIGTERM)

    def stop(self) -> None:
        """Everybody down within ten seconds: ask, then kill the groups, the database last."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + _GRACE_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < end:
            time.sleep(0.02)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        if self.database is not None:
            postmaster.stop(self.database.cluster)
            if self.database.process is not None:
                self.database.process.wait()
        self._remember()

    def _remember(self) -> None:
        self.instance.remember(
            [child.process.pid for child in self.children if child.process and child.alive]
        )
