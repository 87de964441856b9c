"""Bytes on disk under their SHA-256. Never two contents at one path; a path exists only when its bytes are safe."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongzhi.installation.home import home, not_writable

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """sha256 in hexadecimal; size in bytes."""

    sha256: str
    size_bytes: int


def path_of(sha256: str) -> Path:
    """Where these bytes are, or would be. Raises ValueError for anything but 64 hexadecimal digits."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return home().files / "kept" / sha256[:2] / sha256[2:4] / sha256


def incoming() -> Path:
    """Folder of files on their way in. Same file system as the kept ones, so that renaming is atomic."""
    folder = home().files / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def temporary() -> Iterator[Path]:
    """A fresh path in `incoming`, gone at the end whatever happens."""
    path = incoming() / f"tmp-{secrets.token_hex(12)}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def put(source: Path) -> Stored:
    """Keep the bytes of a finished temporary file: synced, then renamed. Known bytes are not written again.

    Raises Trouble when the disk is full or read-only.
    """
    digest, size = hash_of(source)
    target = path_of(digest)
    try:
        if target.exists() and target.stat().st_size == size:
            os.utime(target)  # young again: a sweep running now must not take it for an orphan
            return Stored(digest, size)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with source.open("rb+") as stream:
            os.fsync(stream.fileno())
        source.chmod(0o400)
        source.replace(target)
        sync_folders(target)
    except OSError as error:
        raise not_writable(target.parent, error) from error
    return Stored(digest, size)


def open_kept(sha256: str) -> BinaryIO:
    """The kept bytes. Raises FileNotFoundError when the disk lost them."""
    return path_of(sha256).open("rb")


def hash_of(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def kept() -> Iterator[Path]:
    """Every kept file, in order of its hash."""
    root = home().files / "kept"
    for folder in sorted(root.glob("??/??")):
        yield from sorted(folder.iterdir())


def sync_folders(target: Path) -> None:
    """The rename itself must survive a power cut: sync the folders up to the store's root."""
    for folder in list(target.parents)[:3]:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
