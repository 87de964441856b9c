"""Writing a log to a folder so that a crash at any point leaves a log that verifies and can be continued."""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.hashing import leaf_hash
from gongzhi.ledger.notes import BadNote, Signer, Verifier
from gongzhi.ledger.tiles import Damaged, Folder, bundle, bundle_path, tile_path
from gongzhi.ledger.tree import HEIGHT, TILE, Edge

CHECKPOINT = "checkpoint"
VKEY = "vkey"


class Forked(ValueError):
    """Something else stands already where these bytes should go: two histories. Nothing was written over."""


class Writer:
    """Continues the log in a folder from its checkpoint. One writer at a time (a lock file sees to it)."""

    def __init__(
        self, path: Path, signer: Signer, *, former: Sequence[Verifier] = (), fsync: bool = True
    ) -> None:
        """former: keys the present checkpoint may still be signed with, after a rotation.

        Raises BadNote, Damaged or Forked when the folder is no sound log of this signer, BlockingIOError when taken.
        """
        self.path, self.signer, self._fsync = path, signer, fsync
        self._trusted = (signer.verifier, *former)
        path.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(path)
        self._touched: set[Path] = set()
        try:
            self._resume()
        except BaseException:
            self.close()
            raise

    def _resume(self) -> None:
        self.sealed = sealed = self.checkpoint()
        folder = Folder(self.path, sealed.size)
        self._edge = Edge(sealed.size, folder.edge())
        if self._edge.root() != sealed.root:
            raise Damaged("the tiles do not lead to the root of the checkpoint")
        start = sealed.size // TILE * TILE
        self._bundle = list(folder.entries(start)) if sealed.size > start else []

    @property
    def size(self) -> int:
        """Entries appended so far, sealed or not."""
        return self._edge.size

    def checkpoint(self) -> Checkpoint:
        """The checkpoint in the folder; size 0 for a new log."""
        try:
            note = (self.path / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return Checkpoint(self.signer.name, 0, Edge().root())
        for verifier in self._trusted[1:]:
            with contextlib.suppress(BadNote):
                return Checkpoint.open(note, verifier)
        return Checkpoint.open(note, self.signer.verifier)

    def append(self, entries: Iterable[bytes]) -> None:
        """Add entries; full tiles and bundles are written at once, the rest by `seal`."""
        for entry in entries:
            self._bundle.append(entry)
            for level, index, hashes in self._edge.add(leaf_hash(entry)):
                self._put(tile_path(level, index), b"".join(hashes))
                if level == 0:
                    self._put(bundle_path(index), bundle(self._bundle))
                    self._bundle = []

    def seal(self) -> Checkpoint:
        """Write the unfinished tiles, then the checkpoint over everything appended. Returns it."""
        size = self._edge.size
        for level, hashes in enumerate(self._edge.levels):
            if hashes:
                index = (size >> (HEIGHT * level)) // TILE
                self._put(tile_path(level, index, len(hashes)), b"".join(hashes))
        if self._bundle:
            self._put(bundle_path(size // TILE, len(self._bundle)), bundle(self._bundle))
        fresh = Checkpoint(self.signer.name, size, self._edge.root())
        present = self.checkpoint()
        if present.size > size or (present.size == size and present.root != fresh.root):
            raise Forked(f"the checkpoint stands at {present.size}, these entries say {size}")
        self._sync_folders()
        self._publish_key()
        self._replace(self.path / CHECKPOINT, fresh.signed(self.signer))
        self._sync_folders()
        self.sealed = fresh
        return fresh

    def close(self) -> None:
        os.close(self._lock)

    def _publish_key(self) -> None:
        """For convenience only: whoever checks the log should have the key from elsewhere."""
        line = f"{self.signer.verifier}\n".encode()
        if not (self.path / VKEY).exists() or (self.path / VKEY).read_bytes() != line:
            self._replace(self.path / VKEY, line)

    def _put(self, relative: str, data: bytes) -> None:
        """Write once: the same bytes again are fine, others are a fork."""
        target = self.path / relative
        if target.exists():
            if target.read_bytes() != data:
                raise Forked(f"{relative} holds other bytes already")
            return
        for folder in reversed(target.relative_to(self.path).parents):
            place = self.path / folder
            if not place.exists():
                place.mkdir()
                self._touched.add(place.parent)
        self._replace(target, data)

    def _replace(self, target: Path, data: bytes) -> None:
        fresh = self.path / ".fresh"
        with fresh.open("wb") as stream:
            stream.write(data)
            stream.flush()
            if self._fsync:
                os.fsync(stream.fileno())
        fresh.replace(target)
        self._touched.add(target.parent)

    def _sync_folders(self) -> None:
        for folder in self._touched if self._fsync else ():
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._touched.clear()


def rebuild(path: Path, signer: Signer, entries: Iterable[bytes], *, fsync: bool = True) -> Checkpoint:
    """Write the whole log anew into an empty folder. The same entries give the same bytes in every file."""
    writer = Writer(path, signer, fsync=fsync)
    try:
        if writer.size:
            raise Forked("the folder holds a log already")
        writer.append(entries)
        return writer.seal()
    finally:
        writer.close()


def _locked(path: Path) -> int:
    descriptor = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
