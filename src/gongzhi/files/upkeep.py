"""Sweeping and checking the store: what nobody needs goes, what is damaged is named."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from gongzhi.access.actor import SYSTEM
from gongzhi.files import actions, store, uploads
from gongzhi.files.models import Attachment, File, Upload

ORPHAN_AGE = timedelta(hours=24)
LOOSE_AGE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed or ended."""

    orphans: int
    temporaries: int
    uploads: int
    ended: int


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: "missing" (row without bytes), "damaged" (bytes have another hash), "unknown" (bytes without row)."""

    kind: str
    sha256: str


def sweep(*, at: datetime, limit: int = 1000) -> Swept:
    """Remove bytes no row names, half files and expired uploads older than a day; end files never attached within
    two days. Safe beside running uploads; call it hourly."""
    old = (at - ORPHAN_AGE).timestamp()
    expired = list(
        Upload.objects.filter(expires_at__lte=at - ORPHAN_AGE).values_list("id", flat=True)[:limit]
    )
    for id_ in expired:
        uploads.path_of(id_).unlink(missing_ok=True)
    Upload.objects.filter(id__in=expired).delete()
    temporaries = [p for p in store.incoming().iterdir() if p.stat().st_mtime < old and not _expected(p)]
    for path in temporaries:
        path.unlink(missing_ok=True)
    return Swept(_remove_orphans(old), len(temporaries), len(expired), _end_loose(at, limit))


def fsck(*, unknown_too: bool = True) -> list[Fault]:
    """Read every kept byte and compare: named faults, empty when all is well."""
    known = {sha for pair in File.objects.values_list("sha256", "thumbnail_sha256") for sha in pair if sha}
    faults, seen = [], set()
    for path in store.kept():
        seen.add(path.name)
        if store.hash_of(path)[0] != path.name:
            faults.append(Fault("damaged", path.name))
        elif unknown_too and path.name not in known:
            faults.append(Fault("unknown", path.name))
    return faults + [Fault("missing", sha) for sha in sorted(known - seen)]


def _expected(path: Path) -> bool:
    name = path.name
    return name.startswith("upload-") and Upload.objects.filter(id=name.removeprefix("upload-")).exists()


def _remove_orphans(old: float) -> int:
    removed = 0
    batch: list[Path] = []
    for path in store.kept():
        if path.stat().st_mtime < old:
            batch.append(path)
        if len(batch) == 500:
            removed += _remove(batch, old)
            batch = []
    return removed + _remove(batch, old)


def _remove(batch: list[Path], old: float) -> int:
    names = [path.name for path in batch]
    rows = File.objects.filter(Q(sha256__in=names) | Q(thumbnail_sha256__in=names))
    known = {sha for pair in rows.values_list("sha256", "thumbnail_sha256") for sha in pair}
    # Looked at again: `store.put` makes bytes young when somebody keeps the same ones just now.
    orphans = [path for path in batch if path.name not in known and path.stat().st_mtime < old]
    for path in orphans:
        os.unlink(path)
    return len(orphans)


def _end_loose(at: datetime, limit: int) -> int:
    attached = Attachment.objects.filter(file=OuterRef("pk"))
    loose = File.objects.filter(~Exists(attached), ended_at=None, kept_at__lte=at - LOOSE_AGE)
    found = list(loose.order_by("kept_at").values_list("id", flat=True)[:limit])
    for id_ in found:
        actions.end(file_id=id_, reason="never_attached", by=SYSTEM, at=at)
    return len(found)
