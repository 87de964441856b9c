"""Inclusion and consistency proofs (RFC 6962 §2.1.1–2.1.2): building them and, more important, refusing wrong ones."""

from collections.abc import Callable, Sequence
from hmac import compare_digest

from gongzhi.ledger.hashing import HASH_BYTES, folded, node_hash

Node = Callable[[int, int], bytes]
"""(level, index) → root of the complete subtree of 2**level leaves that starts at leaf index · 2**level."""


class Disproved(ValueError):
    """The proof does not prove what it claims."""


def subtree(node: Node, start: int, end: int) -> bytes:
    """The root over leaves start ≤ i < end, where start is a multiple of the largest power of two in end - start."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return folded(peaks)


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size`, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(node, middle, end))
            end = middle
        else:
            path.append(subtree(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` begins with the tree of `old`."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    path, start, end, whole = [], 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(node, middle, end))
            end = middle
        else:
            path.append(subtree(node, start, middle))
            start, whole = middle, False
    return ([] if whole else [subtree(node, start, end)]) + path[::-1]


def verify_inclusion(*, leaf: bytes, index: int, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """leaf: leaf hash. Raises Disproved unless the path leads from it to the root."""
    if not 0 <= index < size:
        raise Disproved(f"leaf {index} is not in a tree of {size}")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _lengths(path, inner + border)
    if len(leaf) != HASH_BYTES or len(root) != HASH_BYTES:
        raise Disproved("a leaf hash and a root have 32 bytes")
    found = leaf
    for level, sibling in enumerate(path[:inner]):
        found = node_hash(sibling, found) if index >> level & 1 else node_hash(found, sibling)
    for sibling in path[inner:]:
        found = node_hash(sibling, found)
    _same(found, root)


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Raises Disproved unless the new tree is proved to begin with the old one."""
    if not 0 < old <= new:
        raise Disproved(f"nothing can be proved from {old} to {new}")
    if old == new:
        _lengths(path, 0)
        _same(old_root, new_root)
        return
    shift = (old & -old).bit_length() - 1
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    border = ((old - 1) >> (inner + shift)).bit_count()
    seed_given = old != 1 << shift
    _lengths(path, inner + border + seed_given)
    seed, rest = (path[0], path[1:]) if seed_given else (old_root, path)
    mask = (old - 1) >> shift
    before = after = seed
    for level, sibling in enumerate(rest[:inner]):
        if mask >> level & 1:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    for sibling in rest[inner:]:
        before, after = node_hash(sibling, before), node_hash(sibling, after)
    _same(before, old_root)
    _same(after, new_root)


def _split(count: int) -> int:
    """The largest power of two smaller than count."""
    return 1 << (count - 1).bit_length() - 1


def _lengths(path: Sequence[bytes], expected: int) -> None:
    if len(path) != expected or any(len(part) != HASH_BYTES for part in path):
        raise Disproved(f"the proof should have {expected} hashes")


def _same(found: bytes, stated: bytes) -> None:
    if not compare_digest(found, stated):
        raise Disproved("the proof leads to another root")
