"""The loops: wake when something is recorded, come back when the database does, stop when told."""

import threading
import time

import pytest
from django.db import connection

from gongzhi.acts import queries, runner, sealer
from gongzhi.acts.origin import origin
from gongzhi.acts.reactions import each, reaction
from gongzhi.installation.home import Home
from gongzhi.ledger import judge


@pytest.fixture
def running(transactional_db, monkeypatch, tmp_path):
    """The loops over an empty ledger; yields the folder and stops them."""
    place = Home(tmp_path)
    monkeypatch.setattr(sealer, "home", lambda: place)
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    yield place.ledger
    stop.set()
    thread.join(10)
    assert not thread.is_alive(), "the loops stop promptly"


def until(true, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        threading.Event().wait(0.02)


def sealed(ledger):
    try:
        return judge.checkpoint(ledger, sealer.signer().verifier).size
    except FileNotFoundError:
        return 0


def test_what_is_recorded_gets_its_position_its_seal_and_its_reactions(running, recorded):
    seen = []
    reaction("t.runner")(each(lambda act: seen.append(act.position)))
    recorded(3)
    until(lambda: sealed(running) == 3 and len(seen) == 3)
    assert queries.health().pending == 0
    assert queries.health().reactions_behind == {"t.runner": 0}
    assert origin() in (running / "checkpoint").read_text()


def test_the_loops_survive_losing_their_connections(running, recorded):
    recorded(2)
    until(lambda: sealed(running) == 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
        assert cursor.fetchone()[0] >= 3
    recorded(2)
    until(lambda: sealed(running) == 4)
