"""From unknown bytes to clean ones: recognise by content, refuse or clean. Works on temporary files only."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongzhi.files import documents, images, kinds, refusing, store
from gongzhi.files.kinds import FileType

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is now in the store."""

    type: FileType
    stored: store.Stored
    width: int | None = None
    height: int | None = None
    thumbnail_sha256: str = ""


def receive(stream: BinaryIO, target: Path) -> None:
    """Copy what arrives. Stops at the cap of the type its first bytes show; raises Invalid."""
    head = _read(stream, kinds.HEAD_BYTES)
    kind = type_of(head)
    with target.open("xb") as out:
        size = out.write(head)
        while piece := stream.read(_PIECE):
            size += out.write(piece)
            if size > kind.bytes_max:
                raise refusing.too_big(kind)


def type_of(head: bytes) -> FileType:
    """Raises Invalid for what we do not take."""
    code = kinds.recognised(head)
    if not code:
        raise refusing.not_taken(kinds.why_not(head))
    return kinds.TYPES[code]


def take_in(source: Path) -> Inspected:
    """Check and clean a temporary file and put the result into the store; the source may be changed or gone."""
    with source.open("rb") as stream:
        kind = type_of(stream.read(kinds.HEAD_BYTES))
    if source.stat().st_size > kind.bytes_max:
        raise refusing.too_big(kind)
    if kind.image:
        return _take_image(source, kind)
    if kind.code == "application/pdf":
        documents.check_pdf(source)
    elif kind.code == "video/mp4":
        documents.clean_mp4(source)
    else:
        documents.clean_text(source)
    return Inspected(kind, store.put(source))


def _take_image(source: Path, kind: FileType) -> Inspected:
    with store.temporary() as clean, store.temporary() as thumbnail:
        size = images.redraw(source, kind.code, clean, thumbnail)
        return Inspected(kind, store.put(clean), size.width, size.height, store.put(thumbnail).sha256)


def _read(stream: BinaryIO, count: int) -> bytes:
    """Exactly `count` bytes unless the stream ends: sockets give less at a time."""
    parts = b""
    while len(parts) < count and (piece := stream.read(count - len(parts))):
        parts += piece
    return parts
