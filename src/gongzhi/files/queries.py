"""The reads. Every one asks again whether this actor may see what the file is attached to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.prepared import instances
from gongzhi.files import sight, store
from gongzhi.files.models import Attachment, File
from gongzhi.kernel.refusals import NotFound, Unavailable

_ATTACHED = """
JOIN files_attachment a ON a.file_id = t.id
WHERE a.subject_kind = %s AND a.subject_id = ANY(%s::text[]) AND a.ended_at IS NULL AND t.ended_at IS NULL
ORDER BY a.attached_at, a.id"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as lists and API show it."""

    id: UUID
    name: str
    type: str
    size_bytes: int
    sha256: str
    width: int | None
    height: int | None
    has_thumbnail: bool
    visibility: str
    purpose: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """An allowed download. `inline`: may be shown in a page (redrawn images only); everything else is saved.

    Serve with `X-Content-Type-Options: nosniff`, `Cache-Control: private, no-store` and no cookies set.
    """

    name: str
    type: str
    size_bytes: int
    sha256: str
    inline: bool
    stream: BinaryIO


def open_for(actor: Actor, file_id: UUID, *, thumbnail: bool = False) -> Download:
    """The bytes, decided now: NotFound when it does not exist, has ended, or the actor may not see it (the three look
    alike); Unavailable when the disk lost it. The caller closes the stream."""
    file = File.objects.filter(id=file_id, ended_at=None).first()
    if file is None or not may_open(actor, file) or (thumbnail and not file.thumbnail_sha256):
        raise NotFound("files.not_found", "没有找到文件，或文件已过期，请重新上传。")
    sha256 = file.thumbnail_sha256 if thumbnail else file.sha256
    try:
        stream = store.open_kept(sha256)
        size = store.path_of(sha256).stat().st_size
    except FileNotFoundError as error:
        raise Unavailable("files.lost", "文件暂时无法读取，请稍后再试或联系管理员。") from error
    inline = file.type.startswith("image/")
    return Download(file.name, "image/jpeg" if thumbnail else file.type, size, sha256, inline, stream)


def may_open(actor: Actor, file: File) -> bool:
    """Whoever kept it while it is attached to nothing; afterwards whoever has sight of a subject it is attached to.

    A signed-in uploader keeps sight of an own file only as long as the subject's room agrees.
    """
    if actor.kind == "system":
        return True
    subjects = list(file.attachments.filter(ended_at=None).values_list("subject_kind", "subject_id")[:20])
    if not subjects:
        return actor.id is not None and file.kept_by == actor.reference
    return any(
        sight.shows(sight.level(actor=actor, subject_kind=kind, subject_id=id_), file.visibility)
        for kind, id_ in subjects
    )


def of_subject(*, visible_to: Actor, subject_kind: str, subject_id: UUID | str) -> list[FileRow]:
    """Files attached to a subject that this actor may see, oldest first: one decision and one query."""
    level = sight.level(actor=visible_to, subject_kind=subject_kind, subject_id=str(subject_id))
    if level == "none":
        return []
    return [row for row in attached(subject_kind, [subject_id]) if sight.shows(level, row.visibility)]


def attached(subject_kind: str, subject_ids: Iterable[UUID | str]) -> list[FileRow]:
    """For the room of the subject, which has decided already: every file of these subjects, oldest first."""
    ids = [str(id_) for id_ in subject_ids]
    return [_row(file) for file in instances(File, _ATTACHED, [subject_kind, ids])]


def count_attached(*, subject_kind: str, subject_id: UUID | str, purposes: Iterable[str] = ()) -> int:
    """How many files a subject has, optionally of some purposes: for guards such as `has_evidence`."""
    rows = Attachment.objects.filter(
        subject_kind=subject_kind, subject_id=str(subject_id), ended_at=None, file__ended_at=None
    )
    wanted = list(purposes)
    return (rows.filter(file__purpose__in=wanted) if wanted else rows).count()


def _row(file: File) -> FileRow:
    return FileRow(
        file.id,
        file.name,
        file.type,
        file.size_bytes,
        file.sha256,
        file.width,
        file.height,
        bool(file.thumbnail_sha256),
        file.visibility,
        file.purpose,
        file.kept_at,
    )
