"""A database of its own for a benchmark that runs inside this process."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def scratch(*rooms: str) -> Iterator[Any]:
    """A fresh home with its own embedded database, migrated for these rooms (none named: all); Django runs here as
    owner. Gives the connection."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # started by root, the database runs as another user
        os.environ |= {
            "GONGZHI_HOME": folder,
            "GONGZHI_DB_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
        from gongzhi.installation import database, keys, postgres, postmaster
        from gongzhi.installation.home import home

        target = postgres.create(home(), keys.keyring())
        process = postmaster.launch(target)
        try:
            postmaster.ready(target, database.conninfo("owner"), process)
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connection

            for room in rooms or (None,):
                call_command("migrate", *filter(None, [room]), verbosity=0)
            yield connection
        finally:
            postmaster.stop(target)
