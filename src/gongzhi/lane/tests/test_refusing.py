"""What the lane says when the database refuses."""

from django.db import OperationalError
from psycopg import errors as postgres

from gongzhi.lane import refusing


def _database(cause: Exception) -> OperationalError:
    error = OperationalError("refused")
    error.__cause__ = cause
    return error


def test_a_full_disk_is_named_and_everything_else_is_an_outage() -> None:
    assert refusing.away(_database(postgres.DiskFull("full"))).code == "web.disk_full"
    assert refusing.away(_database(postgres.AdminShutdown("bye"))).code == "lane.database_away"
    assert refusing.away().code == "lane.database_away"
