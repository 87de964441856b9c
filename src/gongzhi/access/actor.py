"""Who acts. An Actor is built once per request (by `grants.queries.actor_of`) and passed down as `by=`."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["account", "anonymous", "system", "token"]


@dataclass(frozen=True, slots=True)
class Held:
    """A role held somewhere: below an area (materialised path prefix) and/or within an organisation."""

    role: str
    area_path: str = ""
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """id: account id; party_id: the person behind it; held: every role valid now.

    belongs: the units the person works in (by grant or post) and those above them save the topmost; None where nobody
    asked: then the organisations of the roles held stand for it.
    """

    kind: Kind
    id: UUID | None = None
    party_id: UUID | None = None
    held: tuple[Held, ...] = field(default=())
    language: str = "zh-hans"
    request_id: str = ""
    belongs: frozenset[UUID] | None = None

    @property
    def units(self) -> frozenset[UUID]:
        """Whose units' affairs are the actor's own: what is about one of them is kept from the actor (`policy.Unless`)."""
        if self.belongs is not None:
            return self.belongs
        return frozenset(held.organisation_id for held in self.held if held.organisation_id)

    @property
    def reference(self) -> str:
        """Pseudonymous reference written to acts: never a name."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    def has_role(self, *roles: str) -> bool:
        return any(held.role in roles for held in self.held)


ANONYMOUS = Actor(kind="anonymous")
SYSTEM = Actor(kind="system", held=(Held(role="system"),))
