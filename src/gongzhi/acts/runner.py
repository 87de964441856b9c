"""The loops behind acts: sequencing, sealing, reacting. Each in its own thread with its own connection.

They wake by NOTIFY and look by themselves twice a second, survive a restart of the database, and stop when told.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from gongzhi.acts.actions import CHANNEL as RECORDED
from gongzhi.acts.reacting import BATCH, react_once, retry_due
from gongzhi.acts.reactions import registered
from gongzhi.acts.sealer import Sealer
from gongzhi.acts.sequencer import CHANNEL as POSITIONS
from gongzhi.acts.sequencer import sequence_all
from gongzhi.kernel import clock

log = logging.getLogger("gongzhi.acts")
LOOK_SECONDS = 0.5
# Waiting after a round lets the next one take many acts at once under load; a single act waits for nothing.
SEQUENCE_GATHER_SECONDS = 0.25  # at most, and reached at _GATHER_ALL acts a round
REACT_GATHER_SECONDS = 0.25
_GATHER_ALL = 100
_SEAL_GATHER_SECONDS = 0.2  # a checkpoint costs a signature and several fsyncs
_PAUSE_SECONDS = (0.2, 5.0)
_RETRY_SECONDS = 15.0

Stop = threading.Event
Loop = Callable[[Stop], None]


def run(stop: Stop) -> None:
    """Run all loops until `stop` is set, then return within about a second."""
    threads = [
        threading.Thread(target=_kept, args=(loop, stop), name=f"acts {loop.__name__}")
        for loop in (sequencing, sealing, reacting)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sequencing(stop: Stop) -> None:
    _listen(RECORDED)
    while not stop.is_set():
        if given := sequence_all():
            stop.wait(SEQUENCE_GATHER_SECONDS * min(1, given / _GATHER_ALL))
        _wait()


def sealing(stop: Stop) -> None:
    sealer = Sealer()
    try:
        _listen(POSITIONS)
        while not stop.is_set():
            while sealer.advance() and not stop.wait(_SEAL_GATHER_SECONDS):
                pass
            _wait()
    finally:
        sealer.close()


def reacting(stop: Stop) -> None:
    _listen(POSITIONS)
    retried_at = 0.0
    while not stop.is_set():
        # One batch each in turn: a reaction with a long way to go does not hold up the others.
        while passed := sum(react_once(reaction) for reaction in list(registered().values())):
            if stop.wait(0 if passed >= BATCH else REACT_GATHER_SECONDS):
                break
        if time.monotonic() - retried_at > _RETRY_SECONDS:
            retry_due(at=clock.now())
            retried_at = time.monotonic()
        _wait()


def _kept(loop: Loop, stop: Stop) -> None:
    """Run a loop through its failures, with a growing pause; a lost connection is replaced."""
    pause = _PAUSE_SECONDS[0]
    while not stop.is_set():
        began = time.monotonic()
        try:
            loop(stop)
        except Exception as error:
            if time.monotonic() - began > 10 * _PAUSE_SECONDS[1]:
                pause = _PAUSE_SECONDS[0]
            lost = isinstance(error, OperationalError | InterfaceError)  # no news in a traceback
            log.error("%s stopped: %s; again in %.1f s", loop.__name__, error, pause, exc_info=not lost)
            _let_go()
            stop.wait(pause)
            pause = min(pause * 2, _PAUSE_SECONDS[1])
    _let_go()


def _let_go() -> None:
    try:
        connection.close()
    except Exception:
        log.debug("closing a lost connection", exc_info=True)


def _listen(channel: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {channel}")


def _wait() -> None:
    """Until somebody notifies, at most LOOK_SECONDS."""
    for _ in connection.connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
        pass
