"""Checkpoints (C2SP tlog-checkpoint): origin, size and root under a signature."""

import base64
import binascii
from dataclasses import dataclass
from typing import Self

from gongzhi.ledger.hashing import HASH_BYTES
from gongzhi.ledger.notes import BadNote, Signer, Verifier, open_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log commits itself to: its first `size` entries have the root `root`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> bytes:
        return signer.sign(self.text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadNote. Extension lines are allowed and passed over."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0]:
            raise BadNote("not a checkpoint")
        origin, size, root = lines[:3]
        if not size.isascii() or not size.isdigit() or str(int(size)) != size:
            raise BadNote("the size of a checkpoint is a plain decimal number")
        try:
            raw = base64.b64decode(root, validate=True)
        except binascii.Error as error:
            raise BadNote("the root of a checkpoint is not base64") from error
        if len(raw) != HASH_BYTES or base64.b64encode(raw).decode() != root:
            raise BadNote("the root of a checkpoint is not 32 bytes")
        return cls(origin, int(size), raw)

    @classmethod
    def open(cls, note: bytes, verifier: Verifier) -> Self:
        """The checkpoint of a note signed by this key. Raises BadNote."""
        return cls.parse(open_note(note, verifier))
