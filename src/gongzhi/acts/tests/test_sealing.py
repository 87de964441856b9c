"""The ledger follows positions, survives kills and erasure, and notices a database that went back."""

import shutil

import psycopg
import pytest
from django.db import connection, transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import erasure, fsck, queries
from gongzhi.acts.models import ActContent, Leaf, Tombstone
from gongzhi.acts.sealer import HistoryDiffers, Sealer, sealed_size, signer
from gongzhi.acts.sequencer import sequence_all
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import NotAllowed, NotFound
from gongzhi.ledger import judge
from gongzhi.ledger.writer import rebuild


def sealed(path):
    sealer = Sealer(path)
    try:
        return sealer.seal_all()
    finally:
        sealer.close()


def test_the_ledger_holds_every_position_and_rebuilds_bit_for_bit(db, recorded, tmp_path):
    log, again = tmp_path / "log", tmp_path / "again"
    for count in (1, 255, 44, 300):
        recorded(count)
        sequence_all()
        assert sealed(log).size == Leaf.objects.count()
    assert judge.verify(log, signer().verifier).size == sealed_size(log) == 600
    rebuild(again, signer(), (bytes(leaf.entry) for leaf in Leaf.objects.order_by("position")))
    for file in again.rglob("*"):
        if file.is_file() and file.name != ".lock":
            assert file.read_bytes() == (log / file.relative_to(again)).read_bytes()


def test_an_empty_installation_has_a_checkpoint_of_size_zero(db, tmp_path):
    assert sealed_size(tmp_path) == 0
    assert sealed(tmp_path).size == 0
    assert judge.verify(tmp_path, signer().verifier).size == 0


def test_a_database_older_than_its_ledger_is_noticed(db, recorded, tmp_path):
    recorded(5)
    sequence_all()
    mark = transaction.savepoint()
    recorded(5)
    sequence_all()
    sealed(tmp_path)
    transaction.savepoint_rollback(mark)
    with pytest.raises(HistoryDiffers, match="fewer"):
        Sealer(tmp_path)
    recorded(5)
    sequence_all()
    with pytest.raises(HistoryDiffers, match="something else"):
        Sealer(tmp_path)


def test_erasure_takes_the_meaning_and_keeps_the_proof(db, recorded, tmp_path, subject):
    (id_,) = recorded()
    sequence_all()
    before = bytes(Leaf.objects.get(act_id=id_).entry)
    erasure.erase(act_id=id_, by=SYSTEM, at=clock.now(), ground="pipl.47")
    (entry,) = queries.timeline(subject.kind, subject.id)
    assert (entry.erased, entry.payload, entry.type) == (True, {}, "")
    assert not ActContent.objects.filter(act_id=id_).exists()
    assert Tombstone.objects.get(act_id=id_).reason == "pipl.47"
    sequence_all()
    assert sealed(tmp_path).size == 2
    position = Leaf.objects.get(act_id=id_).position
    assert judge.prove_inclusion(tmp_path, signer().verifier, position)[1] == before
    assert [found.kind for found in fsck.check()] == []
    with pytest.raises(NotFound):
        erasure.erase(act_id=id_, by=SYSTEM, at=clock.now(), ground="pipl.47")


def test_only_the_eraser_erases_and_nothing_before_it_is_sealed(db, recorded, as_role):
    (id_,) = recorded()
    with pytest.raises(Exception, match="not sealed yet"), transaction.atomic():
        erasure.erase(act_id=id_, by=SYSTEM, at=clock.now(), ground="pipl.47")
    sequence_all()
    with transaction.atomic(), as_role("eraser"):
        erasure.erase(act_id=id_, by=SYSTEM, at=clock.now(), ground="pipl.47")
    recorded()
    sequence_all()
    connection.cursor().execute('SET LOCAL ROLE "gongzhi_app"')
    with pytest.raises(NotAllowed):
        erasure.erase(act_id=id_, by=SYSTEM, at=clock.now(), ground="pipl.47")
    connection.cursor().execute("RESET ROLE")


def test_the_eraser_deletes_nothing_by_itself(eraser_connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        eraser_connection.execute("DELETE FROM acts_content")


def test_fsck_names_what_somebody_did_behind_our_back(db, recorded):
    ids = recorded(6)
    sequence_all()
    assert list(fsck.check()) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE acts_leaf DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE acts_content DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE acts_act DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM acts_leaf WHERE act_id = %s", [ids[1]])
        cursor.execute("UPDATE acts_content SET payload = '{}' WHERE act_id = %s", [ids[2]])
        cursor.execute("DELETE FROM acts_content WHERE act_id = %s", [ids[3]])
        cursor.execute("DELETE FROM acts_act WHERE id = %s", [ids[4]])
        cursor.execute(
            "UPDATE acts_act SET subject_kind = 'acts.leaf', subject_id = '999' WHERE id = %s", [ids[3]]
        )
    found = {(one.kind, one.what) for one in fsck.check()}
    assert found == {
        ("gap", "2"),
        ("act_without_position", str(ids[1])),
        ("changed", str(ids[2])),
        ("act_without_content", str(ids[3])),
        ("dangling", "acts.leaf:999"),
        ("leaf_without_act", str(ids[4])),
        ("content_without_act", str(ids[4])),
    }


def test_a_lost_ledger_is_written_again_from_the_leaves(db, recorded, tmp_path):
    recorded(300)
    sequence_all()
    first = sealed(tmp_path / "log")
    kept = {file: file.read_bytes() for file in (tmp_path / "log").rglob("[0-9]*") if file.is_file()}
    shutil.rmtree(tmp_path / "log")
    assert sealed(tmp_path / "log") == first
    assert all(file.read_bytes() == data for file, data in kept.items())
