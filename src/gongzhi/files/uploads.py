"""Resumable upload: begin, put pieces at offsets, finish once. Survives lost connections and crashes of ours.

Whoever holds the token continues; the token is stored as a hash. Nothing is evidence before `finish` keeps it.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.files import actions, inspection, kinds, naming, refusing, store
from gongzhi.files.models import File, Upload
from gongzhi.installation.home import not_writable
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound, TooMany

LIFETIME = timedelta(hours=24)
PIECE_MAX = 8_000_000
OPEN_MAX_PER_ACTOR = 50
OPEN_MAX_ANONYMOUS = 2_000


@dataclass(frozen=True, slots=True)
class Begun:
    """token: shown once, sent with every piece."""

    id: UUID
    token: str
    expires_at: datetime


def begin(
    *, name: str, size_bytes: int, purpose: str, visibility: str = "internal", by: Actor, at: datetime
) -> Begun:
    """Announce a file. Raises Invalid for an impossible size, TooMany when this actor has too many unfinished."""
    actions.check_labels(purpose, visibility)
    if not 0 < size_bytes <= kinds.BYTES_MAX:
        raise refusing.too_big(kinds.TYPES["video/mp4"]) if size_bytes > 0 else refusing.not_taken("empty")
    unfinished = Upload.objects.filter(started_by=by.reference, file=None, expires_at__gt=at).count()
    if unfinished >= (OPEN_MAX_PER_ACTOR if by.id else OPEN_MAX_ANONYMOUS):
        raise TooMany("files.too_many_uploads", "未完成的上传过多，请先完成或稍后再试。")
    token = secrets.token_urlsafe(24)
    upload = Upload.objects.create(
        id=ids.uuid7(at),
        token_hash=_hash(token),
        name=naming.sanitised(name, ""),
        purpose=purpose,
        visibility=visibility,
        size_bytes=size_bytes,
        started_by=by.reference,
        expires_at=at + LIFETIME,
    )
    return Begun(upload.id, token, upload.expires_at)


def received(*, id: UUID, token: str, at: datetime) -> int:
    """How many bytes are safe: where to continue. Raises NotFound for a wrong token or an expired upload."""
    return _found(id, token, at, lock=False).received_bytes


def put(*, id: UUID, token: str, offset: int, piece: bytes, at: datetime) -> int:
    """Add bytes at `offset`; returns how many are safe. Raises Conflict naming the right offset when it is another,
    Invalid when the first bytes show a type that is not taken (before the rest is sent)."""
    if not 0 < len(piece) <= PIECE_MAX:
        raise Invalid("files.piece_size", "每次上传的数据块须为 1 至 %(bytes)s 字节。", bytes=PIECE_MAX)
    with transaction.atomic():
        upload = _found(id, token, at, lock=True)
        if upload.file_id or offset != upload.received_bytes:
            raise Conflict(
                "files.offset", "上传进度不一致，请从第 %(offset)s 字节继续。", offset=upload.received_bytes
            )
        if offset + len(piece) > upload.size_bytes:
            raise Invalid("files.beyond_announced", "收到的数据超过所声明的大小，请重新上传。", field="file")
        if offset == 0 and len(piece) >= min(kinds.HEAD_BYTES, upload.size_bytes):
            kind = inspection.type_of(piece[: kinds.HEAD_BYTES])
            if upload.size_bytes > kind.bytes_max:
                raise refusing.too_big(kind)
        _write(_path(upload), offset, piece)
        upload.received_bytes = offset + len(piece)
        upload.save(update_fields=["received_bytes"])
        return upload.received_bytes


def finish(*, id: UUID, token: str, by: Actor, at: datetime) -> File:
    """Check, clean and keep what arrived; the second call returns the same file. Raises Conflict while bytes are
    missing and Invalid for what is not taken (the upload is then over: begin again)."""
    with transaction.atomic():
        upload = _found(id, token, at, lock=True)
        if upload.file is not None:
            return upload.file
        if upload.received_bytes < upload.size_bytes:
            raise Conflict(
                "files.offset", "上传进度不一致，请从第 %(offset)s 字节继续。", offset=upload.received_bytes
            )
        path = _path(upload)
        with path.open("rb+") as stream:
            stream.truncate(upload.size_bytes)
        with store.temporary() as copy:
            _copy(path, copy)
            upload.file = actions.keep_path(
                path=copy,
                name=upload.name,
                purpose=upload.purpose,
                visibility=upload.visibility,
                by=by,
                at=at,
            )
        upload.save(update_fields=["file"])
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
        return upload.file


def path_of(id: UUID) -> Path:
    """Where an upload's bytes gather."""
    return store.incoming() / f"upload-{id}"


def _path(upload: Upload) -> Path:
    return path_of(upload.id)


def _found(id: UUID, token: str, at: datetime, *, lock: bool) -> Upload:
    rows = Upload.objects.select_for_update() if lock else Upload.objects.all()
    upload = rows.filter(id=id, expires_at__gt=at).first()
    if upload is None or not hmac.compare_digest(upload.token_hash, _hash(token)):
        raise NotFound("files.upload_not_found", "上传已过期或不存在，请重新上传。")
    return upload


def _write(path: Path, offset: int, piece: bytes) -> None:
    """What a crash left beyond `offset` is overwritten: only what the row counts is safe."""
    try:
        with path.open("rb+" if path.exists() else "xb") as stream:
            stream.seek(offset)
            stream.truncate()
            stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise not_writable(path, error) from error


def _copy(source: Path, target: Path) -> None:
    """A second name for the same bytes is not enough: cleaning changes them, and a rollback must find them whole."""
    with source.open("rb") as stream:
        inspection.receive(stream, target)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
