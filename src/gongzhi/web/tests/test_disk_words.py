"""A disk that is full or read-only is said as that, not as a database that is away."""

import errno
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import translation
from psycopg import errors as postgres

from gongzhi.installation.home import not_writable
from gongzhi.kernel.refusals import Unavailable
from gongzhi.web.problems import refusal_of, text


def _database(cause: Exception) -> OperationalError:
    error = OperationalError("refused")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (_database(postgres.DiskFull("could not extend file")), "web.disk_full", "disk is full"),
        (_database(postgres.AdminShutdown("bye")), "web.database_away", "database"),
        (not_writable(Path("/x"), OSError(errno.ENOSPC, "")), "web.disk_full", "disk is full"),
        (OSError(errno.EDQUOT, "quota"), "web.disk_full", "disk is full"),
        (not_writable(Path("/x"), OSError(errno.EROFS, "")), "web.disk_read_only", "read-only"),
        (OSError(errno.EROFS, "read-only"), "web.disk_read_only", "read-only"),
    ],
)
def test_what_the_disk_refuses_is_503_with_its_reason(error: Exception, code: str, words: str) -> None:
    refusal = refusal_of(error)
    assert isinstance(refusal, Unavailable)
    assert refusal.code == code
    assert refusal.retry_after_seconds > 0
    with translation.override("en"):
        assert words in text(refusal)


def test_other_errors_of_the_system_stay_defects_of_ours() -> None:
    assert refusal_of(OSError(errno.ENOENT, "gone")) is None
