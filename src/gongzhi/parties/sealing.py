"""Sealing values of this room's tables: encryption bound to table, column and row, and the blind index to find them."""

from functools import partial
from uuid import UUID

from gongzhi.installation.keys import Keyring, keyring
from gongzhi.kernel import crypto

NAME = ("parties_person", "name_sealed")
VALUE = ("parties_contactpoint", "value_sealed")


def seal(text: str, *, column: tuple[str, str], row: UUID, ring: Keyring | None = None) -> tuple[bytes, str]:
    """(blob, key id) under the current contact key. ring: `keyring()`, asked once for a batch."""
    key = (ring or keyring()).current("contact")
    return crypto.encrypt(text.encode(), key=key, aad=crypto.place(*column, row)), key.id


def unseal(blob: bytes | memoryview, *, column: tuple[str, str], row: UUID) -> str:
    """The clear text. Raises crypto.Unreadable for a blob that is damaged or was moved from another row."""
    opened = crypto.decrypt(
        bytes(blob), key_of=partial(keyring().get, "contact"), aad=crypto.place(*column, row)
    )
    return opened.decode()


def index(kind: str, normalised: str, *, ring: Keyring | None = None) -> tuple[bytes, str]:
    """(blind index, key id) under the current index key."""
    key = (ring or keyring()).current("index")
    return crypto.blind_index(normalised, key=key, purpose=f"parties.{kind}"), key.id


def indexes(kind: str, normalised: str, *, ring: Keyring | None = None) -> list[bytes]:
    """The blind index under every key still known, newest first: rows not yet rotated are found, too."""
    return [
        crypto.blind_index(normalised, key=key, purpose=f"parties.{kind}")
        for key in (ring or keyring()).all("index")
    ]


def pseudonym(purpose: str, value: str) -> str:
    """32 hexadecimal digits that stand for a login name or a network in tables that must not name them."""
    return crypto.blind_index(value, key=keyring().all("index")[-1], purpose=f"parties.{purpose}")[:16].hex()
