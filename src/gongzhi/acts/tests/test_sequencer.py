"""Positions: every committed act exactly one, dense, whatever commits when and whoever is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

import gongzhi
from gongzhi.acts import actions, queries
from gongzhi.acts.entries import Entry
from gongzhi.acts.models import Act, Leaf, Pending
from gongzhi.acts.sequencer import sequence_all, sequence_once


def positions() -> list[int]:
    return list(Leaf.objects.order_by("position").values_list("position", flat=True))


def test_positions_are_dense_from_zero_and_follow_the_order_of_recording(db, recorded):
    made = recorded(25)
    assert sequence_once(10) == 10
    assert sequence_all(10) == 15
    assert sequence_once() == 0
    assert positions() == list(range(25))
    assert list(Leaf.objects.order_by("position").values_list("act_id", flat=True)) == made
    assert Pending.objects.count() == 0


def test_an_act_that_commits_late_is_taken_later_and_never_skipped(elsewhere, draft, recorded):
    inserted, commit = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            (id_,) = actions.record_many([draft("early and slow")])
            inserted.set()
            commit.wait(20)
        return id_

    slow = elsewhere(slowly)
    assert inserted.wait(20)
    fast = recorded(3)
    assert sequence_all() == 3
    commit.set()
    early = slow.result(20)
    assert early < fast[0], "the slow one was recorded first"
    assert sequence_all() == 1
    assert Leaf.objects.get(act_id=early).position == 3
    assert positions() == [0, 1, 2, 3]


def test_an_idle_writer_elsewhere_stalls_nobody(elsewhere, recorded, app_connection):
    app_connection.autocommit = False
    app_connection.execute("INSERT INTO acts_reaction_cursor VALUES ('idle', -1)")
    recorded(5)
    assert sequence_all() == 5
    app_connection.rollback()


def test_many_sequencers_at_once_give_each_act_one_position(elsewhere, recorded):
    recorded(400)
    given = [elsewhere(sequence_all, 7) for _ in range(4)]
    assert sum(one.result(60) for one in given) == 400
    assert positions() == list(range(400))


def test_listeners_are_told_the_last_position(elsewhere, recorded, app_connection):
    app_connection.execute("LISTEN gongzhi_positions")
    recorded(4)
    sequence_all(3)
    heard = [notice.payload for notice in app_connection.notifies(timeout=5, stop_after=2)]
    assert heard == ["2", "3"]


def test_an_entry_names_the_act_and_says_nothing_else(db, recorded):
    (id_,) = recorded()
    sequence_all()
    entry = Entry.parse(bytes(Leaf.objects.get().entry))
    assert (entry.act_id, entry.verb, entry.version) == (id_, "acts_tests.note", 1)
    assert len(entry.digest) == 32
    with pytest.raises(ValueError, match="known version"):
        Entry.parse(b"\x02" + bytes(Leaf.objects.get().entry)[1:])


def test_the_application_role_sequences(db, recorded, as_role):
    recorded(3)
    with as_role("app"):
        assert sequence_all() == 3
    assert queries.head() == 2


CHILD = """
import json, sys
from django.conf import settings
settings.DATABASES["default"] |= json.loads(sys.argv[1])
import django; django.setup()
from gongzhi.acts.sequencer import sequence_once
print("ready", flush=True)
while True:
    sequence_once(5)
"""


def test_a_sequencer_killed_again_and_again_skips_and_doubles_nothing(transactional_db, recorded):
    total = 0
    for _ in range(4):
        recorded(600)
        total += 600
        child = _child()
        assert child.stdout
        child.stdout.readline()
        before = queries.head()
        while queries.head() < before + 60:
            pass
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        seen = positions()
        assert seen == list(range(len(seen)))
    sequence_all()
    assert positions() == list(range(total))
    assert Act.objects.count() == total


def _child() -> "subprocess.Popen[bytes]":
    known = connection.settings_dict
    target = {name: known[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    environment = os.environ | {
        "PYTHONPATH": str(Path(gongzhi.__file__).parents[1]),
        "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps(target)], stdout=subprocess.PIPE, env=environment
    )


def test_pending_rows_of_others_are_not_waited_for(elsewhere, recorded, app_connection):
    """A deadlock or a lock on pending rows would show as a timeout here."""
    recorded(2)
    app_connection.autocommit = False
    app_connection.execute("SELECT * FROM acts_pending")
    assert sequence_all() == 2
    assert app_connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    app_connection.rollback()
