"""Secrets of superiors at rest."""

from functools import partial
from uuid import UUID

from gongzhi.installation.keys import keyring
from gongzhi.kernel import crypto


def sealed(secret: str, superior_id: UUID) -> tuple[bytes, str]:
    """The sealed secret and the id of its key; nothing for no secret."""
    if not secret:
        return b"", ""
    key = keyring().current("webhook")
    return crypto.encrypt(secret.encode(), key=key, aad=_place(superior_id)), key.id


def opened(blob: bytes | memoryview, superior_id: UUID) -> str:
    """Raises Unreadable for a secret of another row, Trouble for a key this installation never had."""
    if not bytes(blob):
        return ""
    key_of = partial(keyring().get, "webhook")
    return crypto.decrypt(bytes(blob), key_of=key_of, aad=_place(superior_id)).decode()


def _place(superior_id: UUID) -> bytes:
    return crypto.place("superiors_superior", "secret_sealed", superior_id)
