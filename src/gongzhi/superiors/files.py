"""A file of a superior: every row taken in by itself, bad ones into a reject file with row, column and reason."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.access.decisions import require_to
from gongzhi.intake.imports.lines import columns, lines, source_of
from gongzhi.intake.imports.problems import Reject
from gongzhi.intake.imports.rejects import RejectFile
from gongzhi.kernel.refusals import Invalid, InvalidForm
from gongzhi.superiors import actions
from gongzhi.superiors.adapters.folder.places import DONE, IN, REJECTS, place
from gongzhi.superiors.mapping import SuperiorMapping, read_mapping
from gongzhi.superiors.models import Superior
from gongzhi.superiors.policies import ADMINISTER
from gongzhi.superiors.receiving import receive

_SUFFIXES = (".xlsx", ".csv")
FILE_BYTES_MAX = 50_000_000


@dataclass(frozen=True, slots=True)
class FileTaken:
    """taken + present + rejected = rows. rejects: the file with what could not be read, None = all could."""

    rows: int
    taken: int
    present: int
    rejected: int
    rejects: Path | None = None


def receive_file(*, superior: Superior, path: Path, rejects: Path, by: Actor, at: datetime) -> FileTaken:
    """Take a file in; again, it changes nothing. Raises Invalid when it cannot be read at all, NotAllowed."""
    require_to(by, ADMINISTER)
    if path.stat().st_size > FILE_BYTES_MAX:
        raise Invalid("superiors.file_too_big", "文件太大，请分成几个。")
    mapping = read_mapping(superior.mapping)
    source = source_of(path, sheet=mapping.sheet)
    header = columns(source)
    _check(mapping, header)
    out = RejectFile(rejects, header)
    out.restart(before_row=0)
    rows = taken = present = 0
    bad: list[Reject] = []
    for line in lines(source):
        rows += 1
        reject = line if isinstance(line, Reject) else None
        if not isinstance(line, Reject):
            try:
                done = receive(superior=superior, mapping=mapping, row=line.values, at=at, file=path.name)
            except Invalid as refusal:
                reject = _reject(line.row, refusal, mapping, line.values)
            else:
                present += done.outcome == "present"
                taken += done.outcome != "present"
        if reject is not None:
            bad.append(reject)
    out.add(bad)
    counts = (rows, taken, present, len(bad))
    actions.record_file(superior=superior, name=path.name, digest=_digest(path), counts=counts, by=by, at=at)
    return FileTaken(*counts, rejects if bad else None)


def sweep(superior: Superior, *, at: datetime) -> int:
    """Every file in the drop folder, oldest name first; read ones move to done/. Returns how many rows were read.

    A file still being written has another suffix or is read once more: rows are known by their numbers.
    """
    rows = 0
    for path in sorted(place(superior.code, IN).iterdir()):
        if path.suffix.lower() not in _SUFFIXES or path.name.startswith((".", "~")) or path.is_symlink():
            continue
        rejects = place(superior.code, REJECTS) / f"{path.name}.rejects.csv"
        try:
            rows += receive_file(superior=superior, path=path, rejects=rejects, by=SYSTEM, at=at).rows
        except Invalid as refusal:
            rejects.write_text(f"{refusal.code}\n{refusal}\n", encoding="utf-8")
        shutil.move(path, place(superior.code, DONE) / f"{at:%Y%m%dT%H%M%S}-{path.name}")
    return rows


def _check(mapping: SuperiorMapping, header: list[str]) -> None:
    missing = sorted(mapping.columns - set(header))
    if missing:
        raise Invalid("intake.missing_columns", "文件缺少列：%(columns)s。", columns="、".join(missing))


def _reject(row: int, refusal: Invalid, mapping: SuperiorMapping, values: dict[str, str]) -> Reject:
    field, said = refusal.field, refusal
    if isinstance(refusal, InvalidForm):
        field, said = next((name, one) for name, one in refusal.errors.items() if isinstance(one, Invalid))
    pick = mapping.fields.get(field)
    return Reject(row, pick.columns[0] if pick and pick.columns else field, said, values)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
