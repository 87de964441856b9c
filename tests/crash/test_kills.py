"""Processes killed under load, through the front door: what was acknowledged is there, once, and nothing is half done.

`make crash` does it KILLS=500 times; `make test-all` sixteen.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from tests.crash import judging
from tests.crash.load import Caller, History
from tests.crash.platform import Platform, running

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

KILLS = int(os.environ.get("KILLS", "16"))
SEED = int(os.environ.get("SEED", "1"))
CALLERS = 6
VICTIMS = ("database", "database", "lane", "web", "worker")
# The postmaster dies at once, with its clients, or politely and is started again.
SIGNALS = {"database": (signal.SIGKILL, signal.SIGINT, signal.SIGQUIT)}

ISSUE = """
import sys
from gongzhi.cli.database import django
with django("app"):
    from gongzhi.exchange.token_actions import issue_token
    from gongzhi.grants import queries as grants
    from gongzhi.kernel import clock
    from gongzhi.parties.models import Account
    from gongzhi.grants.models import Grant
    holder = Grant.objects.filter(role__in=["integrator", "system_admin"]).select_related("account").first().account
    at = clock.now()
    print(issue_token(account=holder, name="crash", days=2, by=grants.actor_of(holder.id, at), at=at).secret)
"""


@pytest.fixture
def platform() -> Iterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        with running() as made:
            yield made


@pytest.fixture
def token(platform: Platform) -> str:
    return judging.python(platform.home, ISSUE).strip().splitlines()[-1]


@pytest.fixture
def history(platform: Platform, token: str) -> History:
    """Callers at work while one after the other is killed; then all is quiet again."""
    history, stop, chance = History(), threading.Event(), random.Random(SEED)
    callers = [
        Caller(name=f"caller{n}", port=platform.port, token=token, history=history, stop=stop)
        for n in range(CALLERS)
    ]
    killed: Counter[str] = Counter()
    for caller in callers:
        caller.start()
    platform.until(lambda: len(history.acknowledged) > 5)
    while killed.total() < KILLS:
        name = VICTIMS[killed.total() % len(VICTIMS)]
        number = chance.choice(SIGNALS.get(name, (signal.SIGKILL, signal.SIGTERM)))
        if platform.kill(name, number):
            killed[name] += 1
        time.sleep(chance.uniform(0.0, 0.4))
        platform.until(lambda name=name: platform.pids(name))
        platform.until(platform.ready)
        before = len(history.acknowledged)
        platform.until(lambda before=before: len(history.acknowledged) > before)
    stop.set()
    for caller in callers:
        caller.join(30)
        assert not caller.is_alive()
    print(f"kills {dict(killed)}; acknowledged {len(history.acknowledged)}; answers {dict(history.statuses)}")
    platform.until(lambda: _quiet(platform))
    return history


def _quiet(platform: Platform) -> bool:
    try:
        return judging.pending(platform.home) == 0
    except psycopg.OperationalError:
        return False


def test_killed_under_load_the_platform_loses_nothing_doubles_nothing_and_comes_back(
    platform: Platform, history: History
) -> None:
    assert_every_acknowledged_report_is_there_under_its_number(platform, history)
    assert_outages_were_said_as_503_with_the_time_to_come_back(history)
    assert judging.broken(platform.home) == {}
    for words in (("acts", "fsck"), ("ledger", "fsck", str(platform.home / "ledger"))):
        done = judging.said(platform.home, *words)
        assert done.returncode == 0, (words, done.stdout + done.stderr)
    assert platform.process.poll() is None  # the supervisor outlived it all
    assert platform.ready()


def assert_every_acknowledged_report_is_there_under_its_number(platform: Platform, history: History) -> None:
    found = judging.stored(platform.home)
    lost = {key for key, number in history.acknowledged.items() if found.get(key) != number}
    assert len(history.acknowledged) >= KILLS
    assert lost == set()
    assert history.differing == []  # one key, one effect, one answer


def assert_outages_were_said_as_503_with_the_time_to_come_back(history: History) -> None:
    assert history.strange == []
    assert history.silent == 0
    assert history.statuses[503] > 0
