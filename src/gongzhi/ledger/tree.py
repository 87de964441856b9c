"""The growing edge of the tree: what must be remembered to add leaves and to know the root."""

from collections.abc import Iterator, Sequence

from gongzhi.ledger.hashing import complete_root, folded

TILE = 256
HEIGHT = 8


class Edge:
    """The unfinished tile of every level. Adding a leaf costs two hashes on average.

    `levels[n]` are the hashes in the unfinished tile of level n; a tile that fills is handed out by `add` and its root
    goes one level up.
    """

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        """levels: as remembered at `size`. Raises ValueError when they do not fit the size."""
        self.size = size
        self.levels: list[list[bytes]] = [list(level) for level in levels]
        for number in range(max(len(self.levels), len(widths(size)))):
            kept = len(self.levels[number]) if number < len(self.levels) else 0
            if kept != (size >> (HEIGHT * number)) % TILE:
                raise ValueError(f"level {number} does not fit a tree of {size}")

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
        """Add a leaf hash; yields (level, index, hashes) of every tile it completes. Exhaust the iterator."""
        self.size += 1
        rising, level = leaf, 0
        while True:
            if level == len(self.levels):
                self.levels.append([])
            tile = self.levels[level]
            tile.append(rising)
            if len(tile) < TILE:
                return
            yield level, (self.size >> (HEIGHT * (level + 1))) - 1, tile
            rising = complete_root(tile)
            self.levels[level] = []
            level += 1

    def root(self) -> bytes:
        """The root at the present size."""
        return folded([peak for tile in reversed(self.levels) for peak in _peaks(tile)])


def widths(size: int) -> list[int]:
    """How many hashes the unfinished tile of each level holds at `size`."""
    found = []
    while size:
        found.append(size % TILE)
        size >>= HEIGHT
    return found


def _peaks(tile: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete subtrees within an unfinished tile, largest first."""
    found, start = [], 0
    for bit in reversed(range(HEIGHT)):
        width = 1 << bit
        if len(tile) & width:
            found.append(complete_root(tile[start : start + width]))
            start += width
    return found
