"""Checking a log on disk as an outsider would: nothing is believed but the public key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.hashing import leaf_hash
from gongzhi.ledger.notes import BadNote, Verifier
from gongzhi.ledger.proofs import consistency, inclusion, verify_consistency, verify_inclusion
from gongzhi.ledger.tiles import Damaged, Folder, bundle_path, tile_path
from gongzhi.ledger.tree import HEIGHT, TILE, Edge
from gongzhi.ledger.writer import CHECKPOINT


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong and in which file."""

    path: str
    what: str


def checkpoint(path: Path, verifier: Verifier) -> Checkpoint:
    """The log's signed checkpoint. Raises BadNote or FileNotFoundError."""
    return Checkpoint.open((path / CHECKPOINT).read_bytes(), verifier)


def verify(path: Path, verifier: Verifier, *, before: Checkpoint | None = None) -> Checkpoint:
    """Hash every entry and compare with the signed root; `before` is an older checkpoint somebody kept, which must be
    a beginning of this log. Raises BadNote, Damaged or proofs.Disproved.
    """
    found = checkpoint(path, verifier)
    folder, edge = Folder(path, found.size), Edge()
    kept = edge.root() if before and before.size == 0 else b""
    for entry in folder.entries():
        for _ in edge.add(leaf_hash(entry)):
            pass
        if before and edge.size == before.size:
            kept = edge.root()
    if edge.size != found.size or edge.root() != found.root:
        raise Damaged("the entries do not lead to the signed root")
    if before and kept != before.root:
        raise Damaged(f"the log no longer begins with the checkpoint of size {before.size}")
    return found


def fsck(path: Path, verifier: Verifier) -> Iterator[Finding]:
    """Everything wrong with the files of a log: every tile and bundle that its checkpoint needs, compared."""
    try:
        found = checkpoint(path, verifier)
    except (BadNote, OSError) as error:
        yield Finding(CHECKPOINT, str(error))
        return
    folder, edge = Folder(path, found.size), Edge()
    try:
        for entry in folder.entries():
            for level, index, hashes in edge.add(leaf_hash(entry)):
                yield from _compared(path, tile_path(level, index), b"".join(hashes))
    except Damaged as error:
        yield Finding(bundle_path(edge.size // TILE), str(error))
        return
    for level, hashes in enumerate(edge.levels):
        if hashes:
            index = (found.size >> (HEIGHT * level)) // TILE
            partial, full = tile_path(level, index, len(hashes)), tile_path(level, index)
            yield from _compared(path, full if (path / full).is_file() else partial, b"".join(hashes))
    if edge.root() != found.root:
        yield Finding(CHECKPOINT, "the entries do not lead to the signed root")


def prove_inclusion(path: Path, verifier: Verifier, index: int) -> tuple[Checkpoint, bytes, list[bytes]]:
    """(checkpoint, entry, audit path), verified before it is handed out."""
    found = checkpoint(path, verifier)
    folder = Folder(path, found.size)
    entry, proof = folder.entry(index), inclusion(folder.node, index, found.size)
    verify_inclusion(leaf=leaf_hash(entry), index=index, size=found.size, root=found.root, path=proof)
    return found, entry, proof


def prove_consistency(path: Path, verifier: Verifier, before: Checkpoint) -> tuple[Checkpoint, list[bytes]]:
    """(checkpoint, proof) that the log still begins with `before`. Raises proofs.Disproved when it does not."""
    found = checkpoint(path, verifier)
    proof = consistency(Folder(path, found.size).node, before.size, found.size)
    verify_consistency(old=before.size, new=found.size, old_root=before.root, new_root=found.root, path=proof)
    return found, proof


def _compared(path: Path, relative: str, expected: bytes) -> Iterator[Finding]:
    try:
        present = (path / relative).read_bytes()
    except OSError:
        yield Finding(relative, "missing")
        return
    if present[: len(expected)] != expected:
        yield Finding(relative, "does not fit the entries")
