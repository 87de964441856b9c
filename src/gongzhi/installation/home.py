"""The home folder: everything an installation keeps on disk, in one place, closed to others."""

import errno
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from gongzhi.installation.trouble import Trouble

SPACE_BYTES_MIN = 150_000_000  # an empty cluster with its write-ahead log, and room to say so
_PRIVATE = 0o700
_TRAVERSABLE = 0o711  # started by root: the database's own user must pass through, and can list nothing


@dataclass(frozen=True, slots=True)
class Home:
    """Folders of one installation. Nothing is created until `prepare`."""

    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def private(self) -> tuple[Path, ...]:
        return (self.keys, self.run, self.log, self.files, self.ledger)

    def prepare(self) -> "Home":
        """Create what is missing, owner-only. Raises Trouble when the folder cannot be written."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(_TRAVERSABLE if os.geteuid() == 0 else _PRIVATE)
            for folder in self.private:
                if not folder.exists():
                    folder.mkdir(mode=_PRIVATE, exist_ok=True)
        except OSError as error:
            raise not_writable(self.path, error) from error
        return self


def home() -> Home:
    """The installation of this process: `GONGZHI_HOME`, else `var` in the working directory."""
    return Home(Path(os.environ.get("GONGZHI_HOME") or "var").absolute())


def check_space(place: Home) -> None:
    """Raises Trouble `home.full` when there is too little left to start with."""
    if shutil.disk_usage(place.path).free < SPACE_BYTES_MIN:
        raise not_writable(place.path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def open_modes(place: Home) -> list[Path]:
    """Private folders and key files that others may read or enter (empty when all is well)."""
    candidates = [*place.private, *(place.keys.iterdir() if os.access(place.keys, os.R_OK) else ())]
    return [
        path for path in candidates if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


def not_writable(path: Path, error: OSError) -> Trouble:
    """The right words for a folder that refuses writing: full, read-only, or somebody else's."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(
            "home.full",
            f"磁盘已满或将满，无法写入 {path}。请清理磁盘，或把 GONGZHI_HOME 设到有空间的位置，然后重新启动。",
            f"The disk is full or nearly so: cannot write {path}. Free space or set GONGZHI_HOME elsewhere, then start again.",
        )
    return Trouble(
        "home.read_only",
        f"无法写入数据目录 {path}（{error.strerror}）。请检查目录权限和挂载方式，或用 GONGZHI_HOME 指定另一个目录。",
        f"Cannot write the home folder {path} ({error.strerror}). Check its rights and mount, or set GONGZHI_HOME.",
    )
