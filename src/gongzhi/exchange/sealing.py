"""Secrets of subscriptions at rest."""

from functools import partial
from uuid import UUID

from gongzhi.installation.keys import keyring
from gongzhi.kernel import crypto


def sealed(secret: bytes, subscription_id: UUID) -> tuple[bytes, str]:
    """The sealed secret and the id of its key."""
    key = keyring().current("webhook")
    return crypto.encrypt(secret, key=key, aad=_place(subscription_id)), key.id


def opened(blob: bytes | memoryview, subscription_id: UUID) -> bytes:
    """Raises Unreadable for a secret of another row, Trouble for a key this installation never had."""
    return crypto.decrypt(bytes(blob), key_of=partial(keyring().get, "webhook"), aad=_place(subscription_id))


def _place(subscription_id: UUID) -> bytes:
    return crypto.place("exchange_subscription", "secret_sealed", subscription_id)
