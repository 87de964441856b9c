"""The database for a command: the running platform's, or the embedded one started for the length of the command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from gongzhi.installation import database, external, postgres
from gongzhi.installation.home import Home, home
from gongzhi.installation.keys import keyring


@contextmanager
def answering(place: Home | None = None) -> Iterator[None]:
    """Inside the block the database takes connections. Creates the embedded cluster when there is none."""
    where = place or home()
    if database.url():
        external.check(database.conninfo("owner", where))
        yield
        return
    cluster = postgres.create(where.prepare(), keyring(where))
    with postgres.running(cluster, database.conninfo("owner", where)):
        yield


@contextmanager
def django(role: str = "app", *, place: Home | None = None) -> Iterator[None]:
    """The same with Django set up under a database role: what a command with models needs around its work."""
    with answering(place):
        set_up(role)
        yield


def set_up(role: str) -> None:
    """Configure Django once for this process under a role."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    os.environ["GONGZHI_DB_ROLE"] = role
    import django as framework

    framework.setup()
