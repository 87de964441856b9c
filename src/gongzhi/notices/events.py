"""What this room's acts say: who was told with which template, never the words (they stand in the notice)."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@dataclass(frozen=True, slots=True)
class Told:
    """recipient: "person:…", "organisation:…" or "role:…@area"; a reference, never a name."""

    recipient: str
    channel: str
    template: str
    template_version: int


@event("notices.sent", version=1)
@dataclass(frozen=True, slots=True)
class Sent:
    """The act's subject is what the notices are about; `act_id` is the act they tell."""

    act_id: UUID
    told: tuple[Told, ...]


@event("notices.seen", version=1)
@dataclass(frozen=True, slots=True)
class Seen:
    notice_ids: tuple[UUID, ...]


@event("notices.retried", version=1)
@dataclass(frozen=True, slots=True)
class Retried:
    channel: str


@event("notices.digested", version=1)
@dataclass(frozen=True, slots=True)
class Digested:
    """One summary to one person. notices: what was folded into it."""

    notice: UUID
    template_version: int
    notices: tuple[UUID, ...]


@event("notices.rule_set", version=1)
@dataclass(frozen=True, slots=True)
class RuleSet:
    """Minutes of the Chinese day."""

    daily_max: int
    quiet_from_minute: int
    quiet_until_minute: int
    digest_minute: int
    basis: str
