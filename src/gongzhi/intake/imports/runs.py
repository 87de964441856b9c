"""The import itself: two readings, batches that commit on their own, a place to go on from."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.intake import snapshots
from gongzhi.intake.events import ImportFinished, ImportStarted
from gongzhi.intake.imports import decoding
from gongzhi.intake.imports.establishing import Established, establish
from gongzhi.intake.imports.lines import Line, Source, columns, lines, source_of
from gongzhi.intake.imports.lives import Past, in_columns, past_of
from gongzhi.intake.imports.mapping import FileMapping, check_columns
from gongzhi.intake.imports.problems import Reject
from gongzhi.intake.imports.rejects import RejectFile
from gongzhi.intake.imports.storing import store
from gongzhi.intake.imports.survey import Survey, survey
from gongzhi.intake.models import ImportRun
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, InvalidForm

BATCH = 1_000
T = TypeVar("T")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """opened + present + rejected = rows. made: areas, organisations and categories registered by this call."""

    rows: int
    opened: int
    present: int
    rejected: int
    made: dict[str, int]
    resumed_at_row: int


@dataclass(frozen=True, slots=True)
class _Work:
    source: Source
    mapping: FileMapping
    survey: Survey
    established: Established
    snapshots: Snapshots
    by: Actor
    at: datetime


@dataclass(slots=True)
class _Judged:
    """A batch that only has to be stored. values: the rows as they were read."""

    last_row: int
    values: dict[int, dict[str, str]]
    pasts: list[Past] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def import_cases(
    path: Path,
    *,
    mapping: FileMapping,
    rejects: Path,
    by: Actor,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Bring a file in. Every batch is one transaction: interrupted anywhere, the next call goes on where it stopped.

    A matter is known by (source, external id): what is here already is counted and left alone. Raises Invalid when
    nothing can be taken in, NotAllowed.
    """
    require_to(by, "intake.import")
    source = source_of(
        path,
        format=mapping.format,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        sheet=mapping.sheet,
    )
    header = columns(source)
    check_columns(mapping, header)
    found = survey(source, mapping)
    run = _open_run(path, mapping, by=by, at=at)
    established = establish(found, mapping, by=by, at=at)
    resumed = run.next_row
    out = RejectFile(rejects, header)
    out.restart(before_row=resumed)
    work = _Work(source, mapping, found, established, snapshots.current(), by, at)
    todo = (line for line in lines(source) if line.row >= resumed)
    for batch in _one_ahead(_judge(batch, work) for batch in _batches(todo)):
        _take_in(batch, run, work, out)
        progress(run.rows, found.rows)
    _finish(run, by=by, at=at)
    return Imported(run.rows, run.opened, run.present, run.rejected, dict(established.made), resumed)


def _take_in(batch: _Judged, run: ImportRun, work: _Work, out: RejectFile) -> None:
    with transaction.atomic():
        stored = store(batch.pasts, run=run, by=work.by, at=work.at)
        bad = [*batch.rejects, *(replace(one, values=batch.values[one.row]) for one in stored.rejects)]
        run.next_row = batch.last_row + 1
        run.rows += len(batch.pasts) + len(batch.rejects)
        run.opened += stored.opened
        run.present += stored.present
        run.rejected += len(bad)
        run.save(update_fields=["next_row", "rows", "opened", "present", "rejected"])
        out.add(
            bad
        )  # before the commit: lost rows are worse than rows named twice, and restart() drops those


def _judge(batch: list[Line | Reject], work: _Work) -> _Judged:
    judged = _Judged(batch[-1].row, {line.row: line.values for line in batch if isinstance(line, Line)})
    for line in batch:
        one = _judge_one(line, work)
        if isinstance(one, Reject):
            judged.rejects.append(one)
        else:
            judged.pasts.append(one)
    return judged


def _judge_one(line: Line | Reject, work: _Work) -> Past | Reject:
    if isinstance(line, Reject):
        return line
    try:
        past = past_of(line, work.mapping, established=work.established, snapshots=work.snapshots, at=work.at)
        _once(past, work)
    except InvalidForm as form:
        return Reject(line.row, *in_columns(form, work.mapping), line.values)
    except Invalid as refusal:
        return Reject(line.row, refusal.field, refusal, line.values)
    return past


def _once(past: Past, work: _Work) -> None:
    first = work.survey.first.get(past.external_id, past.row)
    if first != past.row:
        column = next(iter(work.mapping.fields["external_id"].columns), "")
        raise Invalid("intake.id_twice", "编号与第 %(row)s 行重复。", field=column, row=first)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    pending = iter(rows)
    while batch := list(islice(pending, BATCH)):
        yield batch


def _one_ahead(batches: Iterator[T]) -> Iterator[T]:
    """Reading and judging ask no database: the next batch is judged while the database takes in this one."""
    with ThreadPoolExecutor(1, "judging") as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


@transaction.atomic
def _open_run(path: Path, mapping: FileMapping, *, by: Actor, at: datetime) -> ImportRun:
    digest = _digest(path)
    run = (
        ImportRun.objects.select_for_update()
        .filter(file_digest=digest, mapping_digest=mapping.digest, finished_at__isnull=True)
        .first()
    )
    if run is not None:
        return run
    run = ImportRun.objects.create(
        id=ids.uuid7(at),
        source=mapping.source,
        file_name=path.name[:200],
        file_digest=digest,
        mapping_digest=mapping.digest,
        by=by.reference,
        started_at=at,
    )
    acts.record(
        verb="intake.start_import",
        subject=Subject("intake.importrun", run.id),
        by=by,
        at=at,
        event=ImportStarted(mapping.source, run.file_name, digest, mapping.digest),
    )
    return run


@transaction.atomic
def _finish(run: ImportRun, *, by: Actor, at: datetime) -> None:
    run.finished_at = at
    run.save(update_fields=["finished_at"])
    acts.record(
        verb="intake.finish_import",
        subject=Subject("intake.importrun", run.id),
        by=by,
        at=at,
        event=ImportFinished(run.source, run.rows, run.opened, run.present, run.rejected),
    )


def _digest(path: Path) -> str:
    """Of the bytes unpacked, so that a file and its .gz are the same."""
    digest = hashlib.sha256()
    with decoding.opened(path) as stream:
        while chunk := stream.read(decoding.CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
