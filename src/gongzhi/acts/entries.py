"""The bytes an act puts into the ledger.

Layout, version 1: 1 byte version · 32 bytes SHA-256(salt ‖ canonical act with content) · 16 bytes act id (its first
six are the milliseconds of recording) · the verb in UTF-8. Nothing personal: without the salt the digest says nothing,
and the salt is erased with the content. docs/ledger.md tells outsiders the same.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from gongzhi.kernel import canonical

VERSION = 1
_FIXED = 1 + 32 + 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """An act row, in the column order of ACT, as it enters the digest."""

    id: UUID
    recorded_at: datetime
    at: datetime
    by: str
    under: str
    verb: str
    subject_kind: str
    subject_id: str
    area_path: str
    origin: str
    request: str


ACT = tuple(Sealed.__slots__)


@dataclass(frozen=True, slots=True)
class Content:
    """A content row, in the column order of CONTENT."""

    act_id: UUID
    type: str
    version: int
    payload: str
    salt: bytes


CONTENT = tuple(Content.__slots__)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry read back."""

    version: int
    digest: bytes
    act_id: UUID
    verb: str

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises ValueError for bytes that are no entry of a version we know."""
        if len(data) <= _FIXED or data[0] != VERSION:
            raise ValueError("not an entry of a known version")
        return cls(data[0], data[1:33], UUID(bytes=data[33:_FIXED]), data[_FIXED:].decode())


def entry(act: Sealed, content: Content | None) -> bytes:
    """The entry of an act. content is None only where it was lost before it got a position (fsck names it)."""
    salt = bytes(content.salt) if content else b""
    digest = hashlib.sha256(salt + canonical.encode(_sealed(act, content))).digest()
    return bytes((VERSION,)) + digest + act.id.bytes + act.verb.encode()


def _sealed(act: Sealed, content: Content | None) -> Mapping[str, Any]:
    said = content and {
        "payload": canonical.Encoded(content.payload),
        "type": content.type,
        "version": content.version,
    }
    return {"act": {name: getattr(act, name) for name in ACT}, "content": said}
