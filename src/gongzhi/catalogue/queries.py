"""The reads. Published procedures are public by law: no actor needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from gongzhi.access.once import once
from gongzhi.access.prepared import fetch
from gongzhi.catalogue import reading
from gongzhi.catalogue.models import ProcedureVersion
from gongzhi.catalogue.procedure import Procedure
from gongzhi.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Published:
    code: str
    version: int
    digest: str
    published_at: datetime


def procedure(code: str, version: int | None = None) -> Procedure:
    """The published procedure; None = the newest version (one cheap query). A version, once read, stays in memory.

    Raises NotFound when it was never published.
    """
    if version is None:
        version = once(f"catalogue.newest {code}", lambda: _newest(code))
    return _procedure(code, version)


def _newest(code: str) -> int:
    rows = fetch("SELECT max(version) FROM catalogue_procedureversion WHERE code = %s", [code])
    return int(rows[0][0] or 0)


@lru_cache(maxsize=256)
def _procedure(code: str, version: int) -> Procedure:
    row = ProcedureVersion.objects.filter(code=code, version=version).first()
    if row is None:
        raise NotFound(
            "catalogue.no_procedure",
            "没有找到程序“%(procedure)s”的第 %(version)s 版，请先用 gongzhi import catalogue 发布。",
            procedure=code,
            version=version or "—",
        )
    return reading.from_body(row.body, version=row.version, digest=row.digest)


def versions(code: str = "") -> Sequence[Published]:
    """Every published version, newest first; of one code or of all."""
    rows = ProcedureVersion.objects.order_by("code", "-version")
    rows = rows.filter(code=code) if code else rows
    return [Published(*row) for row in rows.values_list("code", "version", "digest", "published_at")]


def live() -> list[Procedure]:
    """Every published version: a running matter may be under any of them. For `doctor` (missing guards)."""
    return [procedure(row.code, row.version) for row in versions()]
