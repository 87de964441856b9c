"""Background loops of the platform, each in its own thread of one process: a new one is a line in `LOOPS`."""

import argparse
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gongzhi.cli.database import set_up
from gongzhi.kernel import clock, memory

log = logging.getLogger("gongzhi.worker")
_PAUSE_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Loop:
    """`target` is "module:function". With `every_seconds` it is a sweep called as `f(at=now)` again and again;
    without, it is a runner called once as `f(stop)` that returns when the event `stop` is set."""

    name: str
    target: str
    every_seconds: float | None = None

    def load(self) -> Callable[..., Any]:
        module, _, function = self.target.partition(":")
        found: Callable[..., Any] = getattr(import_module(module), function)
        return found


LOOPS: tuple[Loop, ...] = (
    Loop("acts", "gongzhi.acts.runner:run"),
    Loop("notices", "gongzhi.notices.delivering:deliver_due", every_seconds=2.0),
    Loop("digests", "gongzhi.notices.digesting:digest_due", every_seconds=20.0),
    Loop("webhooks", "gongzhi.exchange.delivering:deliver_due", every_seconds=1.0),
    Loop("superiors in", "gongzhi.superiors.polling:read_due", every_seconds=5.0),
    Loop("superiors out", "gongzhi.superiors.sending:send_due", every_seconds=2.0),
    Loop("ladders", "gongzhi.matters.jobs:escalate", every_seconds=5.0),
    Loop("map", "gongzhi.matters.jobs:fold_map", every_seconds=1.0),
    Loop("words", "gongzhi.matters.jobs:index_words", every_seconds=1.0),
    Loop("incidents", "gongzhi.incidents.gathering:sweep", every_seconds=20.0),
    Loop("files", "gongzhi.files.upkeep:sweep", every_seconds=3600.0),
    Loop("forgetting", "gongzhi.web.upkeep:forget", every_seconds=3600.0),
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", action="append", metavar="LOOP", help="只运行这些循环 · run only these loops"
    )


def run(options: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C. A loop that fails is logged and started again after a pause."""
    set_up("app")
    with contextlib.suppress(OSError):
        os.nice(10)  # what follows behind yields to people who wait for an answer
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    chosen = [loop for loop in LOOPS if not options.only or loop.name in options.only]
    threads = [threading.Thread(target=keep, args=(loop, stop), name=loop.name) for loop in chosen]
    memory.settle()
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()
    return 0


def keep(loop: Loop, stop: threading.Event) -> None:
    """Run one loop until `stop`, through its failures (database restarts included)."""
    pause = 1.0
    while not stop.is_set():
        try:
            work = loop.load()
            if loop.every_seconds is None:
                work(stop)
            else:
                work(at=clock.now())
            pause = 1.0
            stop.wait(loop.every_seconds or 0.2)
        except Exception:
            log.exception("loop %s failed; again in %.0f s", loop.name, pause)
            stop.wait(pause)
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)
        finally:
            _let_go()


def _let_go() -> None:
    """Give back connections that broke, so that the next round opens new ones."""
    from django.db import close_old_connections

    close_old_connections()
