"""What this room records."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.acts.events import event


@event("grants.given", version=1)
@dataclass(frozen=True, slots=True)
class Given:
    grant: UUID
    role: str
    area_path: str
    organisation: UUID | None
    valid_from: datetime
    valid_until: datetime | None


@event("grants.ended", version=1)
@dataclass(frozen=True, slots=True)
class Ended:
    grant: UUID
    role: str
    valid_until: datetime
    reason: str


@event("grants.lent", version=1)
@dataclass(frozen=True, slots=True)
class Lent:
    """A deputy holds the role of somebody on leave. lent_from: that one's grant."""

    grant: UUID
    lent_from: UUID
    role: str
    organisation: UUID
    valid_from: datetime
    valid_until: datetime
