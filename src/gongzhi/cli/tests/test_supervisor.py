"""The supervisor keeps children running and takes everybody down in time, the stubborn ones too."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from gongzhi.cli.child import Child
from gongzhi.cli.supervisor import Supervisor
from gongzhi.installation.home import Home
from gongzhi.installation.instance import Instance
from gongzhi.installation.tests.places import fresh_home

# Says its pid, ignores SIGTERM like a busy web server may, and has a child of its own in the same group.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"])
print(os.getpid(), helper.pid, flush=True)
time.sleep(600)
"""
POLITE = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"


def _child(home: Home, name: str, code: str) -> Child:
    return Child(
        name=name, command=[sys.executable, "-c", code], environment={}, log=home.log / f"{name}.log"
    )


@contextmanager
def _supervised(*codes: str) -> Iterator[tuple[Supervisor, list[str]]]:
    said: list[str] = []
    with fresh_home() as home:
        home.prepare()
        children = [_child(home, f"child{number}", code) for number, code in enumerate(codes)]
        instance = Instance(home, "http://localhost:0/")
        supervisor = Supervisor(children=children, database=None, instance=instance, say=said.append)
        try:
            yield supervisor, said
        finally:
            supervisor.stop()
            instance.release()


def _until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def _words(child: Child) -> list[int]:
    return [int(word) for word in child.log.read_text().split()] if child.log.exists() else []


def test_a_killed_child_is_announced_and_started_again() -> None:
    with _supervised(POLITE, POLITE) as (supervisor, said):
        supervisor.start()
        victim, other = supervisor.children
        _until(lambda: _words(victim) and _words(other))
        first, steady = _words(victim)[0], _words(other)[0]
        os.kill(first, signal.SIGKILL)
        _until(lambda: (supervisor.look(), len(_words(victim)) == 2)[1])
        assert _words(victim)[1] != first
        assert _words(other) == [steady]
        assert any("child0" in line for line in said)


def test_pauses_between_restarts_grow_and_stay_bounded() -> None:
    with _supervised("raise SystemExit(3)") as (supervisor, _):
        child = supervisor.children[0]
        pauses = []
        for _ in range(8):
            child.start()
            assert child.process is not None
            child.process.wait()
            before = time.monotonic()
            assert child.died()
            assert not child.died()
            assert child.again_at is not None
            pauses.append(round(child.again_at - before, 1))
        assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_children_that_ignore_sigterm_are_gone_with_their_whole_group_within_ten_seconds() -> None:
    with _supervised(STUBBORN, POLITE) as (supervisor, _):
        supervisor.start()
        _until(lambda: all(_words(child) for child in supervisor.children))
        pids = [pid for child in supervisor.children for pid in _words(child)]
        begun = time.monotonic()
        supervisor.stop()
        assert time.monotonic() - begun < 10
        _until(lambda: not any(_running(pid) for pid in pids))


def _running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_signal_wakes_the_supervisor_at_once() -> None:
    with _supervised() as (supervisor, _), supervisor.signals() as reader:
        sender = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM))
        sender.start()
        _until(lambda: (supervisor.wait(reader, 20.0), supervisor.stopping)[1])
        sender.join()


def test_hang_up_restarts_every_child() -> None:
    with _supervised(POLITE, POLITE) as (supervisor, _), supervisor.signals() as reader:
        supervisor.start()
        _until(lambda: all(_words(child) for child in supervisor.children))
        os.kill(os.getpid(), signal.SIGHUP)
        _until(
            lambda: (
                supervisor.wait(reader, 0.1),
                supervisor.look(),
                all(len(_words(c)) == 2 for c in supervisor.children),
            )[2]
        )
        assert not supervisor.stopping


def test_what_a_killed_supervisor_left_behind_is_ended_at_the_next_start() -> None:
    with _supervised(STUBBORN) as (supervisor, _):
        supervisor.start()
        _until(lambda: len(_words(supervisor.children[0])) == 2)
        pids = _words(supervisor.children[0])
        assert supervisor.instance.end_orphans() == 1
        supervisor.children[0].process.wait()
        _until(lambda: not any(_running(pid) for pid in pids))
        assert supervisor.instance.end_orphans() == 0


def test_a_process_that_only_inherited_the_number_is_left_alone(tmp_path: Path) -> None:
    with _supervised(POLITE) as (supervisor, _):
        supervisor.start()
        file = supervisor.instance._children
        file.write_text(file.read_text().replace('"started": 1', '"started": 0.1'))
        assert supervisor.instance.end_orphans() == 0
        assert supervisor.children[0].alive


@pytest.mark.parametrize("name", ["web", "lane", "worker"])
def test_every_process_of_the_platform_has_its_own_closed_log(name: str) -> None:
    from gongzhi.cli.up import children

    with fresh_home() as home:
        home.prepare()
        child = next(c for c in children(home, bind="127.0.0.1", port=8000) if c.name == name)
        child.command = [sys.executable, "-c", "print('hello')"]
        child.start()
        assert child.process is not None
        child.process.wait()
        assert child.log.read_text() == "hello\n"
        assert child.log.stat().st_mode & 0o777 == 0o600
