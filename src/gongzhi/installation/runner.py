"""Who the embedded database runs as: us, or - when we are root - a system user of its own."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.installation.trouble import Trouble

_CANDIDATES = ("gongzhi", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Runner:
    """An operating-system user. `options` goes to subprocess."""

    uid: int
    gid: int
    name: str

    @property
    def options(self) -> dict[str, Any]:
        return {} if self.uid == os.geteuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """May this user enter `path` and every folder above it?"""
        return all(self._enters(folder) for folder in (path, *path.parents) if folder.exists())

    def _enters(self, folder: Path) -> bool:
        entry = folder.stat()
        if entry.st_uid == self.uid:
            return bool(entry.st_mode & stat.S_IXUSR)
        if entry.st_gid == self.gid:
            return bool(entry.st_mode & stat.S_IXGRP)
        return bool(entry.st_mode & stat.S_IXOTH)


def runner(owner_uid: int | None = None) -> Runner:
    """Ourselves; for root a system user (`owner_uid` of an existing cluster, or found, or created)."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), pwd.getpwuid(os.geteuid()).pw_name)
    if owner_uid:
        entry = pwd.getpwuid(owner_uid)
        return Runner(entry.pw_uid, entry.pw_gid, entry.pw_name)
    _create()
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(entry.pw_uid, entry.pw_gid, name)
    raise Trouble(
        "postgres.no_user",
        "以 root 启动时，内置数据库需要一个普通系统用户。请先执行 useradd --system gongzhi，或换用普通用户启动。",
        "Started as root, the embedded database needs a plain system user: run useradd --system gongzhi first, or start as a plain user.",
    )


def _create() -> None:
    """Make the user `gongzhi` where the system lets us; the fallbacks are other system users."""
    try:
        pwd.getpwnam(_CANDIDATES[0])
    except KeyError:
        if useradd := shutil.which("useradd"):
            subprocess.run(
                [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _CANDIDATES[0]],
                check=False,
                capture_output=True,
            )
