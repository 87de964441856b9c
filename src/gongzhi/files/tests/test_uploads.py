"""Resumable upload, sweeping and checking the store."""

import io
import os
from datetime import timedelta

import pytest

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.files import actions, store, upkeep, uploads
from gongzhi.files.models import File, Upload
from gongzhi.files.tests import samples
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound, TooMany

AT = clock.now()
ME = Actor(kind="account", id=ids.uuid7(AT))


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    """The store of these tests only: sweeping looks at all of it."""
    from gongzhi.installation.home import Home

    monkeypatch.setattr(store, "home", lambda: Home(tmp_path))


def begun(data, by=ME, **more):
    return uploads.begin(name="a.jpg", size_bytes=len(data), purpose="report", by=by, at=AT, **more)


def handle(upload):
    return {"id": upload.id, "token": upload.token, "at": AT}


def test_pieces_at_their_offsets_become_one_file(db):
    data = samples.image(size=(900, 700))
    upload = begun(data)
    for offset in range(0, len(data), 1000):
        assert uploads.put(**handle(upload), offset=offset, piece=data[offset : offset + 1000]) == min(
            offset + 1000, len(data)
        )
    file = uploads.finish(**handle(upload), by=ME)
    assert file.type == "image/jpeg"
    assert uploads.finish(**handle(upload), by=ME).id == file.id
    assert File.objects.count() == 1


def test_a_wrong_offset_is_told_the_right_one(db):
    upload = begun(samples.pdf())
    uploads.put(**handle(upload), offset=0, piece=samples.pdf()[:20])
    with pytest.raises(Conflict) as refusal:
        uploads.put(**handle(upload), offset=0, piece=samples.pdf()[:20])
    assert refusal.value.params == {"offset": 20}
    assert uploads.received(**handle(upload)) == 20


def test_bytes_written_by_a_crash_are_not_counted(db):
    data = samples.pdf()
    upload = begun(data)
    uploads.put(**handle(upload), offset=0, piece=data[:20])
    with uploads.path_of(upload.id).open("ab") as stream:
        stream.write(b"half a piece that was never acknowledged" * 10)
    uploads.put(**handle(upload), offset=20, piece=data[20:])
    assert uploads.finish(**handle(upload), by=ME).size_bytes == len(data)


def test_an_unfinished_upload_cannot_be_kept(db):
    upload = begun(samples.pdf())
    with pytest.raises(Conflict):
        uploads.finish(**handle(upload), by=ME)


def test_more_than_announced_is_refused(db):
    upload = begun(b"12345")
    with pytest.raises(Invalid):
        uploads.put(**handle(upload), offset=0, piece=b"123456")


def test_a_refused_type_is_refused_at_its_first_piece(db):
    data = b"MZ" + bytes(9000)
    upload = begun(data)
    with pytest.raises(Invalid) as refusal:
        uploads.put(**handle(upload), offset=0, piece=data[:5000])
    assert refusal.value.code == "files.program"


def test_a_wrong_token_and_an_expired_upload_do_not_exist(db):
    upload = begun(samples.pdf())
    with pytest.raises(NotFound):
        uploads.received(id=upload.id, token="guess", at=AT)
    with pytest.raises(NotFound):
        uploads.received(id=upload.id, token=upload.token, at=AT + uploads.LIFETIME)


@pytest.mark.parametrize("size", [0, -1, 10**12])
def test_impossible_sizes_are_refused_at_the_start(db, size):
    with pytest.raises(Invalid):
        uploads.begin(name="x", size_bytes=size, purpose="report", by=ME, at=AT)


def test_one_actor_has_a_bounded_number_of_unfinished_uploads(db):
    for _ in range(uploads.OPEN_MAX_PER_ACTOR):
        begun(b"x")
    with pytest.raises(TooMany):
        begun(b"x")
    begun(b"x", by=ANONYMOUS)


def aged(path, hours):
    then = (AT - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))


def test_the_sweep_removes_what_nobody_needs_and_nothing_else(db):
    file = actions.keep(stream=io.BytesIO(samples.image()), name="x", purpose="report", by=ME, at=AT)
    with store.temporary() as path:
        path.write_bytes(b"orphan")
        orphan = store.path_of(store.put(path).sha256)
    with store.temporary() as path:
        path.write_bytes(b"young orphan")
        young = store.path_of(store.put(path).sha256)
    stale = store.incoming() / "tmp-stale"
    stale.write_bytes(b"x")
    for path in (orphan, stale, store.path_of(file.sha256), store.path_of(file.thumbnail_sha256)):
        aged(path, 30)
    upload = begun(samples.pdf())
    uploads.put(**handle(upload), offset=0, piece=b"%PDF-")
    aged(uploads.path_of(upload.id), 30)
    swept = upkeep.sweep(at=AT)
    assert (swept.orphans, swept.temporaries, swept.uploads, swept.ended) == (1, 1, 0, 0)
    assert young.exists()
    assert uploads.path_of(upload.id).exists()
    assert upkeep.fsck(unknown_too=False) == []


def test_expired_uploads_and_loose_files_go(db):
    file = actions.keep(stream=io.BytesIO(samples.image()), name="x", purpose="report", by=ME, at=AT)
    upload = begun(samples.pdf())
    uploads.put(**handle(upload), offset=0, piece=b"%PDF-")
    swept = upkeep.sweep(at=AT + timedelta(hours=49))
    assert (swept.uploads, swept.ended) == (1, 1)
    assert not Upload.objects.exists()
    file.refresh_from_db()
    assert file.ended_at is not None
    assert store.path_of(file.sha256).exists()


def test_fsck_names_missing_damaged_and_unknown_bytes(db):
    file = actions.keep(stream=io.BytesIO(samples.image()), name="x", purpose="report", by=ME, at=AT)
    assert upkeep.fsck() == []
    with store.temporary() as path:
        path.write_bytes(b"unknown")
        unknown = store.put(path).sha256
    damaged = store.path_of(file.sha256)
    damaged.chmod(0o600)
    damaged.write_bytes(b"flipped")
    store.path_of(file.thumbnail_sha256).unlink()
    assert {(f.kind, f.sha256) for f in upkeep.fsck()} == {
        ("unknown", unknown),
        ("damaged", file.sha256),
        ("missing", file.thumbnail_sha256),
    }


def test_kept_bytes_are_read_only_and_private(db):
    file = actions.keep(stream=io.BytesIO(samples.image()), name="x", purpose="report", by=ME, at=AT)
    assert store.path_of(file.sha256).stat().st_mode & 0o777 == 0o400
    with pytest.raises(ValueError):
        store.path_of("../../etc/passwd")
