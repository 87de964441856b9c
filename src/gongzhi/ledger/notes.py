"""Signed notes (C2SP signed-note): a text, an em dash and a name for every signature. Ed25519."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"


class BadNote(ValueError):
    """Not a note, or not signed by the key asked for."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named public key. Text form: `name+8 hex digits+base64`, the one Go's note package reads."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or any(letter.isspace() for letter in self.name) or "+" in self.name:
            raise ValueError("a key name is not empty and has no spaces and no plus sign")

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for anything but an Ed25519 verifier key whose id fits."""
        name, id_, key = text.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        if raw[:1] != _ED25519 or len(raw) != 33:
            raise ValueError("not an Ed25519 verifier key")
        found = cls(name, raw[1:])
        if found.id.hex() != id_:
            raise ValueError("the key id does not fit the key")
        return found

    def holds(self, text: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A named Ed25519 key from its 32-byte seed."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, text: str) -> bytes:
        """The note: text (must end with a newline), blank line, signature line. Ed25519 is deterministic."""
        if not text.endswith("\n"):
            raise ValueError("the text of a note ends with a newline")
        signed = base64.b64encode(self.verifier.id + self._private.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.name} {signed}\n".encode()


def open_note(note: bytes, verifier: Verifier) -> str:
    """The text of a note, if the verifier's key signed it; signatures of others are passed over. Raises BadNote."""
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    text, separator, signatures = whole.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise BadNote("no signature block")
    text += "\n"
    for line in signatures[:-1].split("\n"):
        name, raw = _signature(line)
        if name == verifier.name and raw[:4] == verifier.id:
            if verifier.holds(text.encode(), raw[4:]):
                return text
            raise BadNote(f"the signature of {name} is wrong")
    raise BadNote(f"not signed by {verifier.name}")


def _signature(line: str) -> tuple[str, bytes]:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.rpartition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise BadNote("a signature is not base64") from error
    if mark != "\u2014" or not name or len(raw) < 5:
        raise BadNote("not a signature line")
    return name, raw
