"""Back up, destroy, restore: equal to the row, and a broken archive restores nothing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gongzhi.installation import archive, backup, database, keys, postgres, postmaster, restore
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module", autouse=True)
def _embedded() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="module")
def source(_embedded: None) -> Iterator[Home]:
    """A home with rows, a table app may not change, a file and a ledger tile."""
    with fresh_home() as home:
        made = postgres.create(home, keys.keyring(home))
        process = postmaster.launch(made)
        postmaster.ready(made, database.conninfo("owner", home), process)
        with psycopg.connect(database.conninfo("owner", home)) as connection:
            connection.execute(
                "CREATE TABLE lamp (id int PRIMARY KEY, street text, at timestamptz, more jsonb)"
            )
            connection.execute(
                "INSERT INTO lamp SELECT n, '解放路' || n, now(), jsonb_build_object('号', n) FROM generate_series(1, 500) n"
            )
            connection.execute("CREATE TABLE sealed (id int)")
            connection.execute("REVOKE UPDATE, DELETE ON sealed FROM gongzhi_app")
        (home.files / "ab").mkdir()
        (home.files / "ab" / "cd").write_bytes(b"photo" * 1000)
        (home.ledger / "checkpoint").write_text("origin\n1\n")
        yield home
        keys.forget()


def _backed_up(source: Home, target: Path, *, with_keys: bool = True) -> Path:
    backup.write(source, target, with_keys=with_keys, at=clock.now(), version="test", say=_silent)
    return target


def _silent(line: str) -> None:
    return None


def test_a_destroyed_home_comes_back_row_for_row(source: Home, tmp_path: Path) -> None:
    file = _backed_up(source, tmp_path / "all.tar")
    with fresh_home() as home:
        about = restore.read(home, file, keys=None, say=_silent)
        assert about["tables"]["public.lamp"][0] == "500"
        assert (home.files / "ab" / "cd").read_bytes() == b"photo" * 1000
        assert (home.ledger / "checkpoint").read_text() == "origin\n1\n"
        assert keys.keyring(home).keys == keys.keyring(source).keys
        assert {file.stat().st_mode & 0o777 for file in home.keys.glob("*.json")} == {0o600}
        made = cluster(home)
        with postgres.running(made, database.conninfo("owner", home)):
            with psycopg.connect(database.conninfo("app", home), autocommit=True) as connection:
                assert connection.execute("SELECT street FROM lamp WHERE id = 7").fetchone() == ("解放路7",)
                connection.execute("INSERT INTO sealed VALUES (1)")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("DELETE FROM sealed")
            with psycopg.connect(database.conninfo("owner", home), autocommit=True) as connection:
                connection.execute("CREATE TABLE later (id int)")
            with psycopg.connect(database.conninfo("app", home), autocommit=True) as connection:
                connection.execute("INSERT INTO later VALUES (1)")


def test_a_backup_without_keys_has_none_and_needs_them_given(source: Home, tmp_path: Path) -> None:
    file = _backed_up(source, tmp_path / "bare.tar", with_keys=False)
    about = archive.manifest(file)
    assert about["keys"] is False
    assert not [name for name in about["members"] if name.startswith("keys/")]
    with fresh_home() as home:
        with pytest.raises(Trouble, match="--keys"):
            restore.read(home, file, keys=None, say=_silent)
        restore.read(home, file, keys=source.keys, say=_silent)
        assert keys.keyring(home).keys == keys.keyring(source).keys


def test_the_keys_of_another_home_are_refused(source: Home, tmp_path: Path) -> None:
    file = _backed_up(source, tmp_path / "bare.tar", with_keys=False)
    with fresh_home() as home, fresh_home() as other:
        keys.keyring(other)
        with pytest.raises(Trouble) as refused:
            restore.read(home, file, keys=other.keys, say=_silent)
        assert refused.value.code == "keys.other"


def test_a_home_with_data_is_never_written_over(source: Home, tmp_path: Path) -> None:
    file = _backed_up(source, tmp_path / "all.tar")
    with pytest.raises(Trouble) as refused:
        restore.read(source, file, keys=None, say=_silent)
    assert refused.value.code == "restore.not_empty"


def test_an_interrupted_restore_starts_over(
    source: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _backed_up(source, tmp_path / "all.tar")
    with fresh_home() as home:
        with monkeypatch.context() as patch:
            patch.setattr(restore, "_run", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                restore.read(home, file, keys=None, say=_silent)
        assert restore.read(home, file, keys=None, say=_silent)["format"] == backup.FORMAT


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"photo", b"phot0", 1),
        lambda content: b"PK\x03\x04" + content,
        lambda content: b"",
    ],
    ids=["cut", "one byte", "prefix", "empty"],
)
def test_a_damaged_archive_is_refused(source: Home, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    file = _backed_up(source, tmp_path / "all.tar")
    file.write_bytes(damage(file.read_bytes()))
    with fresh_home() as home, pytest.raises(Trouble) as refused:
        restore.read(home, file, keys=None, say=_silent)
    assert refused.value.code == "archive.broken"


def test_a_backup_that_fails_leaves_no_file_behind(
    source: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_dump", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        _backed_up(source, tmp_path / "never.tar")
    assert list(tmp_path.iterdir()) == []


def test_names_that_lead_outside_are_not_unpacked(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    inner = tmp_path / "in"
    inner.mkdir()
    (tmp_path / "f").write_text("x")
    with archive.writing(tmp_path / "evil.tar") as tar:
        tar.add(tmp_path / "f", "../victim")
        tar.finish({"format": 1})
    with pytest.raises(Trouble):
        archive.unpack(tmp_path / "evil.tar", inner, archive.manifest(tmp_path / "evil.tar")["members"])
    assert not victim.exists()
    shutil.rmtree(inner)
