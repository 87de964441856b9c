"""Every disk that something is written to is measured once, by the folders that lie on it."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from gongzhi.installation import checkup, cluster
from gongzhi.installation.home import Home

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def place(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


def elsewhere(monkeypatch: pytest.MonkeyPatch, disks: dict[Path, tuple[int, int]]) -> None:
    """Folder → number of its disk and what is free there; below the nearest one named."""
    genuine = Path.stat

    def nearest(path: Path) -> tuple[int, int]:
        return next((disks[one] for one in (path, *path.parents) if one in disks), (1, 50_000_000_000))

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = list(genuine(path, follow_symlinks=follow_symlinks))
        found[2] = nearest(path)[0]
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, nearest(Path(path))[1]))


def test_one_disk_is_said_once(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere(monkeypatch, {})
    assert [finding.level for finding in checkup.disks(place)] == ["ok"]


@pytest.mark.parametrize("name", ["files", "ledger", "log", "postgres", "pg_wal", "backup"])
def test_a_folder_on_a_full_disk_of_its_own_is_named(
    place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = cluster.cluster(place).data
    folders = {
        "files": place.files,
        "ledger": place.ledger,
        "log": place.log,
        "postgres": data,
        "pg_wal": data / "pg_wal",
        "backup": tmp_path / "backup",
    }
    (data / "pg_wal").mkdir(parents=True)
    (tmp_path / "backup").mkdir()
    elsewhere(monkeypatch, {folders[name]: (2, 100_000_000)})
    found = list(checkup.disks(place, tmp_path / "backup"))
    assert [finding.level for finding in found] == ["ok", "error"]
    assert name in found[1].en[0]
    assert "GONGZHI_HOME" not in found[1].en[0]


def test_a_link_is_measured_where_it_leads(
    place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / "far"
    far.mkdir()
    place.files.rmdir()
    place.files.symlink_to(far)
    elsewhere(monkeypatch, {far: (3, 1_000_000_000)})
    assert [(one.level, "files" in one.en[0]) for one in checkup.disks(place)] == [
        ("ok", False),
        ("warning", True),
    ]


def test_a_home_and_a_backup_folder_that_are_not_there_yet_are_measured_above(tmp_path: Path) -> None:
    assert list(checkup.disks(Home(tmp_path / "a" / "b"), tmp_path / "c"))
