"""`gongzhi doctor|keys|files|backup|restore` on a home with people, contacts and files in it."""

import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gongzhi.cli.tests.installed import Installed
from gongzhi.installation import database, postgres
from gongzhi.installation.cluster import cluster
from gongzhi.installation.tests.places import fresh_home

pytestmark = pytest.mark.embedded
PEOPLE = 1_200
PHOTO = b"photo" * 5_000
SHA = hashlib.sha256(PHOTO).hexdigest()
TABLES = ("parties_person", "parties_contactpoint", "parties_account", "acts_act", "files_file")


@pytest.fixture(scope="module")
def town(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """People with sealed names and phones, and one kept file."""
    staff = tmp_path_factory.mktemp("staff") / "staff.csv"
    lines = "\n".join(f"张{n},zhang{n},138{n:08}" for n in range(PEOPLE))
    staff.write_text(f"姓名,登录名,手机\n{lines}\n", encoding="utf-8")
    assert installed.run("import", "parties", staff).code == 0
    kept = installed.home.files / "kept" / SHA[:2] / SHA[2:4] / SHA
    kept.parent.mkdir(parents=True, mode=0o700)
    kept.write_bytes(PHOTO)
    with installed.connection() as connection:
        connection.execute(
            """INSERT INTO files_file (id, sha256, size_bytes, type, name, thumbnail_sha256, visibility, purpose,
               kept_by, kept_at) VALUES (gen_random_uuid(), %s, %s, 'image/jpeg', 'a.jpg', '', 'internal', 'report',
               'system', now())""",
            [SHA, len(PHOTO)],
        )
    return installed


@pytest.fixture
def port() -> Iterator[int]:
    """A port that is taken while the test runs."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield int(held.getsockname()[1])


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def codes(out: str) -> set[str]:
    """What the doctor named, by code."""
    return {line.rsplit("[", 1)[1].rstrip("]") for line in out.splitlines() if line.endswith("]")}


def test_a_sound_installation_has_no_errors(town: Installed) -> None:
    done = town.run("doctor", "--port", free())
    errors = [line for line in done.out.splitlines() if line.startswith("✗") and "前端" not in line]
    assert errors == []  # a checkout may stand without its built front end
    for words in (
        "procedure versions are whole",
        "all followed",
        "every sealed value",
        "database roles are separate",
    ):
        assert words in done.out
    assert done.code == (1 if "frontend.missing" in done.out else 0)


def test_everything_wrong_inside_is_named_in_one_look(town: Installed, port: int) -> None:
    with town.connection() as connection:
        connection.execute(
            """INSERT INTO acts_dead_letter (reaction, position, act_id, error, attempts, failed_at)
               VALUES ('notices.reporter', 1, gen_random_uuid(), 'boom', 5, now())"""
        )
        connection.execute(
            """INSERT INTO catalogue_procedureversion (id, code, version, digest, body, published_at, published_by)
               SELECT gen_random_uuid(), code, 99, repeat('0', 64),
                      replace(body::text, 'has_evidence@1', 'has_notarised_evidence@7')::jsonb, now(), 'x'
               FROM catalogue_procedureversion WHERE code = 'case'"""
        )
    town.home.files.chmod(0o755)
    try:
        done = town.run("doctor", "--port", port)
    finally:
        town.home.files.chmod(0o700)
        with town.connection() as connection:
            connection.execute("DELETE FROM acts_dead_letter")
            connection.execute("ALTER TABLE catalogue_procedureversion DISABLE TRIGGER USER")
            connection.execute("DELETE FROM catalogue_procedureversion WHERE version = 99")
            connection.execute("ALTER TABLE catalogue_procedureversion ENABLE TRIGGER USER")
    assert done.code == 1
    assert {"acts.dead_letters", "catalogue.guards", "home.open", "port.taken"} <= codes(done.out)
    assert "has_notarised_evidence@7" in done.out
    assert "gongzhi acts retry" in done.out
    assert f"PORT={port + 1}" in done.out


def test_a_missing_migration_is_named(town: Installed) -> None:
    with town.connection() as connection:
        row = connection.execute(
            "DELETE FROM django_migrations WHERE (app, name) = (SELECT app, max(name) FROM django_migrations"
            " WHERE app = 'web' GROUP BY app) RETURNING app, name, applied"
        ).fetchone()
    done = town.run("doctor", "--port", free())
    with town.connection() as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert "database.waiting" in codes(done.out)


def test_damaged_and_lost_keys_are_named_and_none_are_made(town: Installed) -> None:
    file, aside = town.home.keys / "contact.json", town.home.path / "aside"
    content = file.read_text()
    file.write_text(content.replace('"id": "', '"id": "0', 1))
    damaged = town.run("doctor", "--port", free())
    file.write_text(content)
    assert damaged.code == 1
    assert "keys.wrong" in codes(damaged.out)
    assert str(file) in damaged.out
    town.home.keys.rename(aside)
    try:
        lost = town.run("doctor", "--port", free())
        assert not town.home.keys.exists()
    finally:
        shutil.rmtree(town.home.keys, ignore_errors=True)
        aside.rename(town.home.keys)
    assert lost.code == 1
    assert "keys.lost" in codes(lost.out)


def _private_mounts() -> bool:
    return (
        os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0
    )


@pytest.mark.skipif(not _private_mounts(), reason="needs to mount")
def test_a_read_only_home_is_named_by_doctor_and_up(town: Installed) -> None:
    home = str(town.home.path)
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    for words in (("doctor",), ("up",)):
        done = town.run(*words, "--port", free(), before=("unshare", "-m", "sh", "-c", script, home))
        assert done.code == 1, done
        assert home in done.out + done.err
        assert "not writable" in done.out or "Cannot write" in done.err


def test_files_are_compared_and_faults_named(town: Installed) -> None:
    assert town.run("files", "fsck").code == 0
    kept = town.home.files / "kept" / SHA[:2] / SHA[2:4] / SHA
    stranger = hashlib.sha256(b"x").hexdigest()
    unknown = town.home.files / "kept" / stranger[:2] / stranger[2:4] / stranger
    unknown.parent.mkdir(parents=True)
    unknown.write_bytes(b"x")
    kept.write_bytes(PHOTO[:-1])
    damaged = town.run("files", "fsck")
    kept.unlink()
    missing = town.run("files", "fsck")
    kept.write_bytes(PHOTO)
    orphan = town.run("files", "fsck")
    unknown.unlink()
    assert (damaged.code, missing.code, orphan.code) == (1, 1, 0)
    assert "damaged: the bytes have another hash 1" in damaged.out
    assert "missing: a row without bytes 1" in missing.out
    assert SHA in missing.out
    assert "unknown: bytes without a row" in orphan.out
    assert stranger in orphan.out


def test_a_rotation_interrupted_goes_on_and_leaves_nothing_under_old_keys(town: Installed) -> None:
    old = town.one("SELECT DISTINCT value_key_id FROM parties_contactpoint")
    moved = "SELECT count(*) FROM parties_contactpoint WHERE value_key_id <> %s"
    stopped = town.interrupted("keys", "rotate", "contact", table="parties_contactpoint")
    assert stopped.code == 130, stopped
    assert 0 < town.one(moved, old) < PEOPLE
    assert "keys.waiting" in codes(town.run("doctor", "--port", free()).out)
    again = town.run("keys", "reseal")
    assert again.code == 0, again.err
    assert "0 left" in again.out
    assert town.one(moved, old) == PEOPLE
    assert town.one("SELECT count(*) FROM parties_person WHERE name_key_id = %s", old) == 0
    assert "0 values re-sealed, 0 left" in town.run("keys", "reseal").out
    listed = town.run("keys", "list")
    assert sum(line.startswith("contact") for line in listed.out.splitlines()) == 2
    assert town.run("keys", "rotate", "number").code == 1  # case numbers stay unique only while it stays


def test_a_backup_says_whether_keys_are_in_it_and_comes_back_whole(town: Installed, tmp_path: Path) -> None:
    bare, whole = tmp_path / "bare.tar", tmp_path / "whole.tar"
    assert "Keys are NOT in it" in town.run("backup", bare, "--without-keys").out
    assert "Keys are in it" in town.run("backup", whole, "--with-keys").out
    assert town.run("backup", tmp_path / "unsaid.tar").code == 2  # nobody forgets to decide
    over = town.run("restore", whole)
    assert over.code == 1
    assert "already holds data" in over.err
    with fresh_home() as home:
        there = Installed(home)
        without = there.run("restore", bare)
        assert without.code == 1
        assert "--keys" in without.err
    with fresh_home() as home:
        there = Installed(home)
        done = there.run("restore", bare, "--keys", town.home.keys)
        assert done.code == 0, done.err
        with postgres.running(cluster(home), database.conninfo("owner", home)):
            for table in TABLES:
                query = f"SELECT count(*) FROM {table}"
                assert there.one(query) == town.one(query), table
            assert there.run("files", "fsck").code == 0
            found = there.run("doctor", "--port", free())
            assert "every sealed value is under the current keys" in found.out
            assert (
                there.run("keys", "rotate", "index").code == 0
            )  # reads every contact with the keys brought along


def test_a_home_in_which_a_platform_runs_is_not_restored_over(town: Installed, tmp_path: Path) -> None:
    import fcntl

    with fresh_home() as home:
        lock = os.open(home.prepare().run / "up.lock", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        (tmp_path / "any.tar").write_bytes(b"")
        assert town.run("backup", tmp_path / "b.tar", "--with-keys").code == 0
        refused = Installed(home).run("restore", tmp_path / "b.tar")
        os.close(lock)
    assert refused.code == 1
    assert "is running in" in refused.err


def test_a_database_that_does_not_answer_is_said(town: Installed) -> None:
    nobody = f"postgresql://a:b@127.0.0.1:{free()}/c"
    for words in (("doctor", "--port", str(free())), ("mandates", "check"), ("keys", "reseal")):
        done = town.run(*words, DATABASE_URL=nobody)
        assert done.code == 1
        assert "Cannot reach the database" in done.out + done.err
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(nobody)
