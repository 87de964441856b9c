"""How fast the platform starts, and what it takes when idle."""

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from tests.load.harness import Row
from tests.load.town import start, stop

_SETTLE_SECONDS = 10


def rows(quick: bool) -> Iterable[Row]:
    """Cold: empty home, database made, demo district planted. Warm: the same home again, idle memory after settling."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        cold = start(home)
        stop(cold.process)
        yield Row.at_most("start, cold (empty home, demo planted)", cold.started_seconds, "s", goal=30)
        warm = start(home)
        yield Row.at_most("start, warm", warm.started_seconds, "s", goal=5)
        time.sleep(2 if quick else _SETTLE_SECONDS)
        yield Row.at_most(
            "idle memory of all processes", _proportional_mb(warm.process.pid), "MB PSS", goal=700
        )
        began = time.perf_counter()
        stop(warm.process)
        yield Row.at_most("stop", time.perf_counter() - began, "s", goal=10)


def _proportional_mb(pid: int) -> float:
    """Proportional set size: pages shared by n processes count 1/n in each."""
    parent = psutil.Process(pid)
    total = 0
    for process in [parent, *parent.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 2**20
