"""What a room hands in to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.acts.drafts import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Exactly one of person_id, organisation_id, role. A role is told to all who hold it over `area_path`."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    role: str = ""
    area_path: str = ""
    language: str = "zh-hans"

    def __post_init__(self) -> None:
        if sum((self.person_id is not None, self.organisation_id is not None, bool(self.role))) != 1:
            raise ValueError("a recipient is one person, one organisation or one role")

    @property
    def reference(self) -> str:
        if self.person_id:
            return f"person:{self.person_id}"
        if self.organisation_id:
            return f"organisation:{self.organisation_id}"
        return f"role:{self.role}@{self.area_path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One template to one recipient about one act. `act_id` makes it once-only. not_before: digests and quiet hours.

    channels: "shown" always reaches the recipient's list; "sms" and "mail" go to people only.
    """

    template: str
    values: Mapping[str, str]
    to: Recipient
    subject: Subject
    act_id: UUID
    channels: tuple[str, ...] = ("shown",)
    not_before: datetime | None = None
