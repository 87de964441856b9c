"""One child of the supervisor: its own process group, its own log, restarted with growing pauses when it dies."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PAUSE_SECONDS_MIN = 0.2
_PAUSE_SECONDS_MAX = 10.0
_STEADY_SECONDS = 30.0
_LOG_BYTES_MAX = 20_000_000


@dataclass
class Child:
    """A program that should be running. Times are of the monotonic clock."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stale: tuple[Path, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    again_at: float | None = None
    pause: float = field(default=_PAUSE_SECONDS_MIN)

    def start(self) -> None:
        for path in self.stale:
            path.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".1.log"))
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **self.environment},
            )
        self.started, self.again_at = time.monotonic(), None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def died(self) -> bool:
        """True once for each death; what is left of its group is killed and the next start is dated."""
        if self.process is None or self.again_at is not None or self.process.poll() is None:
            return False
        self.signal(signal.SIGKILL)
        now = time.monotonic()
        if now - self.started > _STEADY_SECONDS:
            self.pause = _PAUSE_SECONDS_MIN
        self.again_at = now + self.pause
        self.pause = min(self.pause * 2, _PAUSE_SECONDS_MAX)
        return True

    def last_words(self) -> str:
        """The last line it wrote, for the operator's terminal."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 2000))
            lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
            return next((line for line in reversed(lines) if "Unexpected exit" not in line), "")[:300]
        return ""

    def due(self) -> bool:
        return self.again_at is not None and time.monotonic() >= self.again_at

    def signal(self, number: signal.Signals) -> None:
        """To the whole group: granian's workers too."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)
