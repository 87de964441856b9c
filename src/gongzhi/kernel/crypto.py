"""Encryption and blind indexes for personal data at rest. Pure functions over key objects.

A blob carries what is needed to read it for ever: version, suite, key id, nonce. What it belongs to (table, column,
row) is bound as additional data and not stored: a blob moved to another row does not open.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
_NONCE, _TAG, _ID = 12, 16, 6
_HEAD = 2 + _ID


class Key(Protocol):
    """32 secret bytes and an id of 12 hexadecimal digits (gongzhi.installation.keys.Key is one)."""

    @property
    def id(self) -> str: ...

    @property
    def secret(self) -> bytes: ...


class Suite(IntEnum):
    """How a blob was encrypted; the number is stored and never reused."""

    AES_256_GCM = 1
    SM4_GCM = 2


class Unreadable(ValueError):
    """The blob is damaged, belongs elsewhere, or names another key or suite. Never says which bytes differ."""


def suites() -> frozenset[Suite]:
    """What this machine's OpenSSL can do."""
    try:
        _sm4(bytes(16), bytes(_NONCE)).encryptor()
    except (UnsupportedAlgorithm, AttributeError):
        return frozenset({Suite.AES_256_GCM})
    return frozenset(Suite)


def encrypt(plain: bytes, *, key: Key, aad: bytes, suite: Suite = Suite.AES_256_GCM) -> bytes:
    """Version ‖ suite ‖ key id ‖ nonce ‖ ciphertext ‖ tag. aad: build it with `place`."""
    head = bytes((VERSION, suite)) + bytes.fromhex(key.id)
    if len(head) != _HEAD:
        raise ValueError("a key id has 12 hexadecimal digits")
    nonce = secrets.token_bytes(_NONCE)
    if suite is Suite.AES_256_GCM:
        return head + nonce + AESGCM(key.secret).encrypt(nonce, plain, head + aad)
    sealing = _sm4(_sm4_key(key), nonce).encryptor()
    sealing.authenticate_additional_data(head + aad)
    return head + nonce + sealing.update(plain) + sealing.finalize() + sealing.tag


def decrypt(blob: bytes, *, key_of: Callable[[str], Key], aad: bytes) -> bytes:
    """The plain bytes. key_of: key id → key, for example `partial(keyring().get, "contact")`. Raises Unreadable."""
    blob = bytes(blob)
    head, nonce, body = blob[:_HEAD], blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
    if len(body) < _TAG or head[0] != VERSION:
        raise Unreadable("not an encrypted value")
    key = key_of(key_id(blob))
    try:
        if head[1] == Suite.AES_256_GCM:
            return AESGCM(key.secret).decrypt(nonce, body, head + aad)
        if head[1] == Suite.SM4_GCM:
            opening = _sm4(_sm4_key(key), nonce, body[-_TAG:]).decryptor()
            opening.authenticate_additional_data(head + aad)
            return opening.update(body[:-_TAG]) + opening.finalize()
    except InvalidTag as error:
        raise Unreadable("the value is damaged or belongs elsewhere") from error
    raise Unreadable("the value names an unknown suite")


def key_id(blob: bytes) -> str:
    """Which key a blob was written with: the rotation job asks it."""
    return bytes(blob[2:_HEAD]).hex()


def place(table: str, column: str, row: object) -> bytes:
    """Additional data that ties a blob to its table, column and row; lengths prevent ambiguous joins."""
    parts = (table.encode(), column.encode(), str(row).encode())
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def normalised(value: str) -> str:
    """The form that is hashed: NFKC, case folded, without spaces and hyphens between digits ("１３８ 0013" = "1380013")."""
    text = unicodedata.normalize("NFKC", value).casefold().strip()
    dense = "".join(text.split()).replace("-", "")
    return dense if dense.lstrip("+").isdigit() else " ".join(text.split())


def blind_index(value: str, *, key: Key, purpose: str) -> bytes:
    """32 bytes by which equal values are found without being read. purpose separates fields ("parties.phone")."""
    message = purpose.encode() + b"\0" + normalised(value).encode()
    return hmac.new(key.secret, message, hashlib.sha256).digest()


def _sm4_key(key: Key) -> bytes:
    return hashlib.sha256(b"gongzhi sm4\0" + key.secret).digest()[:16]


def _sm4(key: bytes, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    return Cipher(algorithms.SM4(key), modes.GCM(nonce, tag))
