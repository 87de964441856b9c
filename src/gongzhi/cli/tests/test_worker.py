"""One loop of the worker: kept alive through its failures, stopped at once."""

import threading
from datetime import datetime

import pytest

from gongzhi.cli import worker
from gongzhi.cli.worker import Loop, keep


class Stop(threading.Event):
    """Waits for nobody; remembers how long it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()


@pytest.mark.django_db
def test_a_loop_that_fails_is_called_again_after_growing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, calls = Stop(), []

    def step(*, at: datetime) -> None:
        calls.append(at)
        if len(calls) == 5:
            stop.set()
        elif len(calls) < 4:
            raise RuntimeError("the database restarts")

    monkeypatch.setattr(Loop, "load", lambda self: step)
    monkeypatch.setattr(worker, "_let_go", lambda: None)
    keep(Loop("trial", "nowhere:nothing", every_seconds=7.0), stop)
    assert len(calls) == 5
    assert stop.waited == [1.0, 2.0, 4.0, 7.0, 7.0]
