"""What a room hands in to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from gongzhi.acts.drafts import Subject

Delivery = Literal["now", "digest", "shown"]


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
    """One template to one recipient about one act. `act_id` makes it once-only. It always stands in the recipient's list.

    delivery, for people with a telephone: now (a text message, within the town's rules of quiet hours and number) ·
    digest (in the day's summary) · shown (never leaves the list). urgent: neither quiet hours nor number hold it back.
    channels: fixed ways that no rule holds back, for what is not about a matter.
    kept_from_unit, kept_from_account: those among the readers of a list who must not read it.
    """

    template: str
    values: Mapping[str, str]
    to: Recipient
    subject: Subject
    act_id: UUID
    delivery: Delivery = "shown"
    urgent: bool = False
    channels: tuple[str, ...] = ("shown",)
    kept_from_unit: UUID | None = None
    kept_from_account: UUID | None = None
