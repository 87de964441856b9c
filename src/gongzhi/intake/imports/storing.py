"""A batch of lives into the tables, in one transaction; one that the tables refuse does not sink the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.utils import DataError
from psycopg.types.json import Jsonb

from gongzhi.access.actor import Actor
from gongzhi.acts.copying import copy_rows
from gongzhi.intake.imports.lives import Past
from gongzhi.intake.imports.problems import Reject
from gongzhi.intake.models import ImportRun
from gongzhi.kernel.refusals import Invalid, Refusal
from gongzhi.matters import actions as matters

_COLUMNS = (
    *("matter_id", "run_id", "row", "source", "external_id", "status"),
    *("opened_at", "target_at", "closed_at", "kept"),
)


@dataclass(slots=True)
class Stored:
    """opened + present + len(rejects) = lives handed in."""

    opened: int = 0
    present: int = 0
    rejects: list[Reject] = field(default_factory=list)


def store(pasts: Sequence[Past], *, run: ImportRun, by: Actor, at: datetime) -> Stored:
    """Runs in the caller's transaction. A batch that is refused is halved until the guilty row stands alone."""
    if not pasts:
        return Stored()
    try:
        with transaction.atomic():
            return _store(pasts, run, by, at)
    except (IntegrityError, DataError, ValueError, Refusal) as error:
        if len(pasts) == 1:
            return Stored(rejects=[_refused(pasts[0], error)])
    middle = len(pasts) // 2
    first = store(pasts[:middle], run=run, by=by, at=at)
    second = store(pasts[middle:], run=run, by=by, at=at)
    return Stored(
        first.opened + second.opened, first.present + second.present, first.rejects + second.rejects
    )


def _store(pasts: Sequence[Past], run: ImportRun, by: Actor, at: datetime) -> Stored:
    opened = matters.replay_many([past.life for past in pasts], by=by, at=at)
    fresh = [(past, matter) for past, matter in zip(pasts, opened, strict=True) if matter.new]
    copy_rows(
        "intake_sourcerecord",
        _COLUMNS,
        [
            (
                matter.id,
                run.id,
                past.row,
                run.source,
                past.external_id,
                past.status,
                past.opened_at,
                past.target_at,
                past.closed_at,
                Jsonb(dict(past.kept)),
            )
            for past, matter in fresh
        ],
    )
    return Stored(opened=len(fresh), present=len(pasts) - len(fresh))


def _refused(past: Past, error: Exception) -> Reject:
    if isinstance(error, Refusal):
        return Reject(past.row, error.field, error)
    reason = str(error).split("\n")[0][:200]
    refusal = Invalid("intake.not_accepted", "数据库没有接受该行：%(reason)s", reason=reason)
    return Reject(past.row, "", refusal)
