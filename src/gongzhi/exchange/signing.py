"""Signatures as in the Standard Webhooks specification 1.0.0, so that receivers can use existing libraries.

Signed text: `{webhook-id}.{webhook-timestamp}.{body}`; header `webhook-signature: v1,BASE64(HMAC-SHA256(secret, text))`;
the secret is shown once as `whsec_BASE64`. Pure.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

_PREFIX = "whsec_"
TOLERANCE_SECONDS = 300


def new_secret() -> bytes:
    return secrets.token_bytes(32)


def shown(secret: bytes) -> str:
    """How the subscriber receives the secret, once."""
    return _PREFIX + base64.b64encode(secret).decode()


def headers(*, secret: bytes, delivery_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """timestamp: whole seconds since 1970 of this attempt; delivery_id stays the same for every attempt."""
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + _signature(secret, delivery_id, timestamp, body),
    }


def verified(*, secret: bytes, headers: Mapping[str, str], body: bytes, now: int) -> bool:
    """What a receiver must check: signature by any of the listed ones, and a timestamp within five minutes."""
    try:
        timestamp = int(headers["webhook-timestamp"])
        given = headers["webhook-signature"].split(" ")
        expected = _signature(secret, headers["webhook-id"], timestamp, body)
    except (KeyError, ValueError, binascii.Error):
        return False
    fresh = abs(now - timestamp) <= TOLERANCE_SECONDS
    return fresh and any(hmac.compare_digest(one, "v1," + expected) for one in given)


def _signature(secret: bytes, delivery_id: str, timestamp: int, body: bytes) -> str:
    text = f"{delivery_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
