"""What this room's acts say. Addresses may hold tokens: only the host is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.acts.events import event


@event("exchange.subscribed", version=1)
@dataclass(frozen=True, slots=True)
class Subscribed:
    host: str
    verbs: tuple[str, ...]
    area_path: str


@event("exchange.secret_renewed", version=1)
@dataclass(frozen=True, slots=True)
class SecretRenewed:
    key_id: str


@event("exchange.disabled", version=1)
@dataclass(frozen=True, slots=True)
class Disabled:
    """reason: "failures" (too many in a row), "gone" (the receiver answered 410), "rights" (the owner may no longer), "owner"."""

    reason: str


@event("exchange.enabled", version=1)
@dataclass(frozen=True, slots=True)
class Enabled:
    pass


@event("exchange.unsubscribed", version=1)
@dataclass(frozen=True, slots=True)
class Unsubscribed:
    pass


@event("exchange.redelivered", version=1)
@dataclass(frozen=True, slots=True)
class Redelivered:
    delivery_id: UUID


@event("exchange.token_issued", version=1)
@dataclass(frozen=True, slots=True)
class TokenIssued:
    """account: whose rights it carries. Neither the secret nor its digest."""

    account: UUID
    name: str
    expires_at: datetime


@event("exchange.token_ended", version=1)
@dataclass(frozen=True, slots=True)
class TokenEnded:
    name: str
