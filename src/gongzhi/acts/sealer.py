"""Carries leaves into the ledger folder and signs checkpoints over them. Follows positions; repeats nothing, skips nothing.

The folder is the only memory: killed anywhere, the next sealer goes on from the checkpoint and writes the same bytes.
"""

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from gongzhi.acts.origin import origin
from gongzhi.installation.home import home
from gongzhi.installation.keys import Keyring, keyring
from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.notes import BadNote, Signer, Verifier
from gongzhi.ledger.tiles import Folder
from gongzhi.ledger.writer import CHECKPOINT, Writer

BATCH = 5_000
SEAL_SECONDS = 1.0


class HistoryDiffers(Exception):
    """The database is not the one this ledger was written from: it lost or changed acts that were sealed already.

    Usually a backup older than the ledger was restored. Nothing is sealed until people have looked at it.
    """


def signer(ring: Keyring | None = None) -> Signer:
    """The ledger's present signing key under this installation's name."""
    return Signer(origin(), (ring or keyring()).current("ledger").secret)


def former(ring: Keyring | None = None) -> Sequence[Verifier]:
    """Keys that earlier checkpoints were signed with."""
    return [Signer(origin(), key.secret).verifier for key in (ring or keyring()).all("ledger")[1:]]


def sealed_size(path: Path | None = None) -> int:
    """How many positions the signed checkpoint covers, 0 before the first. For doctor and metrics.

    Raises BadNote when the checkpoint is not signed by any key of this installation.
    """
    try:
        note = ((path or home().ledger) / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return 0
    for verifier in former():
        with contextlib.suppress(BadNote):
            return Checkpoint.open(note, verifier).size
    return Checkpoint.open(note, signer().verifier).size


class Sealer:
    """One at a time for a folder (the writer's lock). Raises BlockingIOError when another is at work."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises HistoryDiffers, and what ledger.Writer raises for a folder that is not sound."""
        self.writer = Writer(path or home().ledger, signer(), former=former())
        try:
            self._compare()
        except BaseException:
            self.close()
            raise
        self._sealed_at = 0.0

    def advance(self, limit: int = BATCH) -> int:
        """Append at most `limit` new leaves; sign when nothing is left or a second has passed. Returns how many."""
        entries = _entries(self.writer.size, limit)
        self.writer.append(entries)
        idle = len(entries) < limit
        if self.writer.size > self.writer.sealed.size and (idle or self._due()):
            self.writer.seal()
            self._sealed_at = time.monotonic()
        return len(entries)

    def seal_all(self) -> Checkpoint:
        """Until the ledger has every position."""
        while self.advance():
            pass
        return self.writer.sealed if self.writer.sealed.size else self.writer.seal()

    def close(self) -> None:
        self.writer.close()

    def _due(self) -> bool:
        return time.monotonic() - self._sealed_at >= SEAL_SECONDS

    def _compare(self) -> None:
        """Does the database still end where the ledger ended, with the same bytes?"""
        last = self.writer.sealed.size - 1
        if last < 0:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT entry FROM acts_leaf WHERE position = %s", [last])
            row = cursor.fetchone()
        if row is None:
            raise HistoryDiffers(f"the ledger has {last + 1} entries, the database fewer")
        if bytes(row[0]) != Folder(self.writer.path, last + 1).entry(last):
            raise HistoryDiffers(f"position {last} says something else in the ledger")


def _entries(start: int, limit: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, entry FROM acts_leaf WHERE position >= %s ORDER BY position LIMIT %s",
            [start, limit],
        )
        rows = cursor.fetchall()
    for expected, (position, _) in enumerate(rows, start):
        if position != expected:
            raise HistoryDiffers(f"position {expected} is missing")
    return [bytes(entry) for _, entry in rows]
