"""The writes. Bytes are safe on disk before their row is; a row that never comes leaves an orphan for the sweep."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.files import events, inspection, naming, refusing, store
from gongzhi.files.models import PURPOSES, VISIBILITIES, Attachment, File
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, NotFound


def keep(
    *, stream: BinaryIO, name: str, purpose: str, visibility: str = "internal", by: Actor, at: datetime
) -> File:
    """Take in what `stream` holds. `name` is only shown. Raises Invalid for what is not taken (see `kinds.TYPES`),
    Trouble when the disk refuses."""
    with store.temporary() as path:
        inspection.receive(stream, path)
        return keep_path(path=path, name=name, purpose=purpose, visibility=visibility, by=by, at=at)


def keep_path(*, path: Path, name: str, purpose: str, visibility: str, by: Actor, at: datetime) -> File:
    """The same for a temporary file, which may be changed or gone afterwards."""
    check_labels(purpose, visibility)
    if not path.stat().st_size:
        raise refusing.not_taken("empty")
    found = inspection.take_in(path)
    file = File(
        id=ids.uuid7(at),
        sha256=found.stored.sha256,
        size_bytes=found.stored.size_bytes,
        type=found.type.code,
        name=naming.sanitised(name, found.type.suffix),
        width=found.width,
        height=found.height,
        thumbnail_sha256=found.thumbnail_sha256,
        visibility=visibility,
        purpose=purpose,
        kept_by=by.reference,
        kept_at=at,
    )
    with transaction.atomic():
        file.save(force_insert=True)
        kept = events.Kept(file.sha256, file.size_bytes, file.type, purpose, visibility)
        acts.record(verb="files.keep", subject=_subject(file), by=by, at=at, event=kept)
    return file


def attach(
    *, file_ids: Sequence[UUID], subject: Subject, by: Actor, at: datetime, area_path: str = ""
) -> list[Attachment]:
    """Attach files to a subject, in the caller's transaction. The room of the subject has authorised it; this room
    demands that each file was kept by the same actor and, from somebody not signed in, is attached to nothing yet.

    Raises NotFound for others' files. Attaching twice adds nothing.
    """
    files = {
        f.id: f
        for f in File.objects.select_for_update().filter(id__in=file_ids, ended_at=None).order_by("id")
    }
    current = list(Attachment.objects.filter(file_id__in=file_ids, ended_at=None))
    here = {a.file_id for a in current if (a.subject_kind, a.subject_id) == (subject.kind, str(subject.id))}
    elsewhere = {a.file_id for a in current} - here
    wanted = [id_ for id_ in dict.fromkeys(file_ids) if id_ not in here]
    for id_ in wanted:
        if id_ not in files or not _own(files[id_], by) or (by.id is None and id_ in elsewhere):
            raise NotFound("files.not_found", "没有找到文件，或文件已过期，请重新上传。", field="files")
    with transaction.atomic():
        made = Attachment.objects.bulk_create(
            Attachment(
                id=ids.uuid7(at),
                file_id=id_,
                subject_kind=subject.kind,
                subject_id=str(subject.id),
                attached_by=by.reference,
                attached_at=at,
            )
            for id_ in wanted
        )
        acts.record_many(
            [
                Draft(
                    verb="files.attach",
                    subject=subject,
                    by=by,
                    at=at,
                    event=events.Attached(id_, files[id_].sha256),
                    area_path=area_path,
                )
                for id_ in wanted
            ]
        )
    return made


def attach_also(
    *, of: Subject, to: Subject, purposes: Iterable[str], by: Actor, at: datetime, area_path: str = ""
) -> list[Attachment]:
    """What is attached to one subject belongs to another, too: the same files, no bytes twice, in the caller's
    transaction. The room of both subjects has authorised it: whoever may see the other sees these files from now on."""
    current = Attachment.objects.select_related("file").filter(ended_at=None, file__ended_at=None)
    there = current.filter(subject_kind=to.kind, subject_id=str(to.id)).values("file_id")
    found = current.filter(
        subject_kind=of.kind, subject_id=str(of.id), file__purpose__in=list(purposes)
    ).exclude(file_id__in=there)
    wanted = [one.file for one in found.order_by("attached_at", "id")]
    with transaction.atomic():
        made = Attachment.objects.bulk_create(
            Attachment(
                id=ids.uuid7(at),
                file=file,
                subject_kind=to.kind,
                subject_id=str(to.id),
                attached_by=by.reference,
                attached_at=at,
            )
            for file in wanted
        )
        acts.record_many(
            [
                Draft(
                    verb="files.attach",
                    subject=to,
                    by=by,
                    at=at,
                    event=events.Attached(file.id, file.sha256),
                    area_path=area_path,
                )
                for file in wanted
            ]
        )
    return made


def detach(
    *, file_id: UUID, subject: Subject, reason: str, by: Actor, at: datetime, area_path: str = ""
) -> None:
    """End an attachment; the room of the subject has authorised it. Raises NotFound when there is none."""
    with transaction.atomic():
        ended = Attachment.objects.filter(
            file_id=file_id, subject_kind=subject.kind, subject_id=str(subject.id), ended_at=None
        ).update(ended_at=at)
        if not ended:
            raise NotFound("files.not_found", "没有找到文件，或文件已过期，请重新上传。")
        detached = events.Detached(file_id, reason)
        acts.record(verb="files.detach", subject=subject, by=by, at=at, event=detached, area_path=area_path)


def show(*, file_id: UUID, visibility: str, by: Actor, at: datetime) -> None:
    """Make a file public or internal; the room of its subject has authorised it."""
    check_labels("other", visibility)
    with transaction.atomic():
        file = _current(file_id)
        if file.visibility != visibility:
            file.visibility = visibility
            file.save(update_fields=["visibility"])
            shown = events.Shown(visibility)
            acts.record(verb="files.show", subject=_subject(file), by=by, at=at, event=shown)


def hold_back(*, file_ids: Sequence[UUID | str], by: Actor, at: datetime) -> list[UUID]:
    """Make those of these files internal that were public, and say which: `show` gives them back."""
    found = File.objects.filter(id__in=file_ids, visibility="public", ended_at=None).order_by("id")
    held = list(found.values_list("id", flat=True))
    for id_ in held:
        show(file_id=id_, visibility="internal", by=by, at=at)
    return held


def end(*, file_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Take a file out of use: nobody can open it any more, the bytes stay as evidence. By whoever kept it while it is
    attached to nothing; later by the room of its subject, acting as the system."""
    with transaction.atomic():
        file = _current(file_id)
        loose = not file.attachments.filter(ended_at=None).exists()
        if by.kind != "system" and not (loose and by.id and _own(file, by)):
            raise NotFound("files.not_found", "没有找到文件，或文件已过期，请重新上传。")
        file.attachments.filter(ended_at=None).update(ended_at=at)
        file.ended_at = at
        file.save(update_fields=["ended_at"])
        acts.record(verb="files.end", subject=_subject(file), by=by, at=at, event=events.Ended(reason))


def check_labels(purpose: str, visibility: str) -> None:
    """Raises Invalid for unknown codes."""
    if purpose not in PURPOSES or visibility not in VISIBILITIES:
        raise Invalid("files.label", "文件的用途或公开范围不正确。", field="purpose")


def _own(file: File, by: Actor) -> bool:
    return by.kind == "system" or file.kept_by == by.reference


def _current(file_id: UUID) -> File:
    file = File.objects.select_for_update().filter(id=file_id, ended_at=None).first()
    if file is None:
        raise NotFound("files.not_found", "没有找到文件，或文件已过期，请重新上传。")
    return file


def _subject(file: File) -> Subject:
    return Subject("files.file", file.id)
