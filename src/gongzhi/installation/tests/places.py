"""Homes for tests: short paths (socket addresses are short), closed, and gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongzhi.installation import postmaster
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import Home


@contextmanager
def fresh_home() -> Iterator[Home]:
    """A home nobody has used; a cluster in it is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield Home(folder / "home")
    finally:
        if (folder / "home" / "postgres.json").exists():
            postmaster.stop(cluster(Home(folder / "home")))
        shutil.rmtree(folder, ignore_errors=True)
