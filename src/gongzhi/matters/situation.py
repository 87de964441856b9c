"""What a guard may look at: the matter, its facts, and questions to the world outside that only some guards ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gongzhi.catalogue.procedure import Procedure, State
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters.facts import Fact, Facts


@dataclass(frozen=True, slots=True)
class Other:
    """same_person: both were reported by one person, and neither anonymously."""

    id: UUID
    same_person: bool


class Lookups(Protocol):
    """Answered lazily: whoever judges without such guards pays for none of them."""

    def evidence_count(self) -> int:
        """Files attached to the matter as evidence."""
        ...

    def why_not_receive(self, organisation_id: UUID) -> Refusal | None:
        """Why the lists forbid this organisation to lead the matter; None when they do not."""
        ...

    def avoided(self) -> frozenset[UUID]:
        """Units a complaint must not reach; none for a matter that complains of nobody."""
        ...

    def names_of(self, organisation_ids: Sequence[UUID]) -> str:
        """Names of organisations, as a list in a sentence."""
        ...

    def state_of(self, number: str) -> State | None:
        """The state of another matter the reader may see; None when there is none."""
        ...

    def other(self, number: str) -> Other | None:
        """Another matter the reader may see; None when there is none."""
        ...

    def joined_count(self) -> int:
        """How many matters are merged into this one."""
        ...

    def answered_by(self) -> UUID | None:
        """Of a merged matter: the unit that answered where it goes on; None while nobody has."""
        ...

    def works_for_lead(self, account_id: UUID) -> bool:
        """Whether this account holds a role in the lead now."""
        ...

    def has_another_head(self) -> bool:
        """Whether somebody other than the reader is head of the lead now, by its own right or that of a unit above."""
        ...

    def own_tasks(self, task_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of these tasks that were handed to the reader or a unit of theirs."""
        ...

    def promised_until(self) -> datetime | None:
        """When the deadline the person was promised is over; None while no such clock runs."""
        ...

    def street(self) -> UUID | None:
        """The street office where it lies; else who leads it."""
        ...

    def deadline(self, start: datetime, value: int, unit: str) -> datetime:
        """When a limit that began at `start` is used up."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A matter as the judge sees it at an instant. organisations: in which who looks at it holds a role."""

    number: str
    procedure: Procedure
    state: str
    facts: Facts
    at: datetime
    lookups: Lookups
    lead_id: UUID | None = None
    reporter_id: UUID | None = None
    evidence_required: bool = False
    verification_required: bool = False
    sign_off_required: bool = False
    confidential: bool = False
    organisations: frozenset[UUID] = frozenset()

    @property
    def assignment(self) -> Fact | None:
        """The current lead's."""
        return self.facts.current("assignment", role="lead")

    @property
    def routing(self) -> Fact | None:
        return self.facts.current("routing")
