"""A `.tlog-proof` (C2SP tlog-proof@v1): one file that proves an entry to somebody who has nothing but the key."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from gongzhi.ledger.checkpoints import Checkpoint
from gongzhi.ledger.hashing import leaf_hash
from gongzhi.ledger.notes import BadNote, Verifier
from gongzhi.ledger.proofs import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Position, audit path and the signed checkpoint (as bytes, so that cosignatures survive)."""

    index: int
    path: Sequence[bytes]
    note: bytes

    def __bytes__(self) -> bytes:
        hashes = "".join(base64.b64encode(part).decode() + "\n" for part in self.path)
        return f"{HEADER}\nindex {self.index}\n{hashes}\n".encode() + self.note

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises BadNote."""
        head, separator, note = data.partition(b"\n\n")
        lines = head.decode(errors="replace").split("\n")
        if not separator or lines[0] != HEADER:
            raise BadNote("not a tlog-proof")
        rest = [line for line in lines[1:] if not line.startswith("extra ")]
        index = rest[0].removeprefix("index ") if rest else ""
        if not index.isascii() or not index.isdigit():
            raise BadNote("a tlog-proof names its index")
        try:
            return cls(int(index), [base64.b64decode(line, validate=True) for line in rest[1:]], note)
        except binascii.Error as error:
            raise BadNote("a hash of the proof is not base64") from error

    def verify(self, entry: bytes, verifier: Verifier) -> Checkpoint:
        """The checkpoint that contains the entry. Raises BadNote or proofs.Disproved."""
        found = Checkpoint.open(self.note, verifier)
        verify_inclusion(
            leaf=leaf_hash(entry), index=self.index, size=found.size, root=found.root, path=self.path
        )
        return found
