"""The files of a log (C2SP tlog-tiles): where a tile is, what is in it, and reading nodes of the tree from them."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from gongzhi.ledger.hashing import HASH_BYTES, complete_root
from gongzhi.ledger.tree import HEIGHT, TILE


class Damaged(ValueError):
    """A file of the log is missing, too short, or contradicts another. The message names it."""


def grouped(index: int) -> str:
    """1234067 → x001/x234/067."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def tile_path(level: int, index: int, width: int = TILE) -> str:
    return f"tile/{level}/{grouped(index)}" + _partial(width)


def bundle_path(index: int, width: int = TILE) -> str:
    return f"tile/entries/{grouped(index)}" + _partial(width)


def _partial(width: int) -> str:
    if not 0 < width <= TILE:
        raise ValueError(f"a tile holds 1 to {TILE}, not {width}")
    return "" if width == TILE else f".p/{width}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after another, each behind its length in two bytes. Raises OverflowError beyond 65,535 bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """Raises Damaged for a bundle that is cut short."""
    found, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise Damaged("an entry bundle is cut short")
        found.append(data[at + 2 : end])
        at = end
    return found


class Folder:
    """A log on disk as of one size: reads tiles, a full one where the partial one asked for has been replaced."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size
        self._tile = lru_cache(maxsize=256)(self._read_tile)

    def node(self, level: int, index: int) -> bytes:
        """The root of the complete subtree (proofs.Node). Raises Damaged."""
        tile_level, inner = divmod(level, HEIGHT)
        start = index << inner
        hashes = self._tile(tile_level, start // TILE)
        first = start % TILE
        wanted = hashes[first : first + (1 << inner)]
        if len(wanted) != 1 << inner:
            raise ValueError(f"node {level}/{index} is not in a log of {self.size}")
        return complete_root(wanted)

    def edge(self) -> list[list[bytes]]:
        """The unfinished tile of each level (tree.Edge)."""
        found, size, level = [], self.size, 0
        while size:
            found.append(list(self._tile(level, size // TILE)) if size % TILE else [])
            size >>= HEIGHT
            level += 1
        return found

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Entries from `start` (a multiple of 256) to the size. Raises Damaged."""
        for index in range(start // TILE, -(-self.size // TILE)):
            width = min(TILE, self.size - index * TILE)
            found = unbundle(self._read(bundle_path, index, width))
            if len(found) < width:
                raise Damaged(f"{bundle_path(index, width)} holds {len(found)} entries, not {width}")
            yield from found[:width]

    def entry(self, index: int) -> bytes:
        width = min(TILE, self.size - index // TILE * TILE)
        if not 0 <= index < self.size:
            raise ValueError(f"entry {index} is not in a log of {self.size}")
        return unbundle(self._read(bundle_path, index // TILE, width))[index % TILE]

    def _read_tile(self, level: int, index: int) -> tuple[bytes, ...]:
        width = min(TILE, (self.size >> (HEIGHT * level)) - index * TILE)
        if width <= 0:
            raise ValueError(f"tile {level}/{index} is not in a log of {self.size}")
        data = self._read(lambda n, w: tile_path(level, n, w), index, width)
        if len(data) < width * HASH_BYTES or len(data) % HASH_BYTES:
            raise Damaged(f"{tile_path(level, index, width)} is cut short")
        return tuple(data[at : at + HASH_BYTES] for at in range(0, width * HASH_BYTES, HASH_BYTES))

    def _read(self, path: Callable[[int, int], str], index: int, width: int) -> bytes:
        for candidate in (path(index, width), path(index, TILE)):
            try:
                return (self.path / candidate).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                continue
        raise Damaged(f"{path(index, width)} is missing")
