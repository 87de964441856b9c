"""What this room records. Payloads name rows by id and carry masked words only."""

from dataclasses import dataclass
from uuid import UUID

from gongzhi.acts.events import event


@event("parties.organisation_registered", version=1)
@dataclass(frozen=True, slots=True)
class OrganisationRegistered:
    code: str
    name: str
    kind: str
    path: str


@event("parties.organisation_changed", version=1)
@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    code: str
    name: str
    kind: str
    path: str
    area_path: str


@event("parties.organisation_ended", version=1)
@dataclass(frozen=True, slots=True)
class OrganisationEnded:
    code: str
    reason: str


@event("parties.person_registered", version=1)
@dataclass(frozen=True, slots=True)
class PersonRegistered:
    name_masked: str
    contact_kinds: tuple[str, ...] = ()


@event("parties.person_renamed", version=1)
@dataclass(frozen=True, slots=True)
class PersonRenamed:
    name_masked: str


@event("parties.contact_added", version=1)
@dataclass(frozen=True, slots=True)
class ContactAdded:
    contact: UUID
    kind: str
    value_masked: str


@event("parties.contact_ended", version=1)
@dataclass(frozen=True, slots=True)
class ContactEnded:
    contact: UUID
    kind: str
    reason: str


@event("parties.post_taken", version=1)
@dataclass(frozen=True, slots=True)
class PostTaken:
    post: UUID
    organisation: UUID
    title: str


@event("parties.post_left", version=1)
@dataclass(frozen=True, slots=True)
class PostLeft:
    post: UUID
    organisation: UUID
    title: str


@event("parties.account_created", version=1)
@dataclass(frozen=True, slots=True)
class AccountCreated:
    person: UUID | None


@event("parties.password_set", version=1)
@dataclass(frozen=True, slots=True)
class PasswordSet:
    own: bool


@event("parties.account_disabled", version=1)
@dataclass(frozen=True, slots=True)
class AccountDisabled:
    reason: str


@event("parties.account_enabled", version=1)
@dataclass(frozen=True, slots=True)
class AccountEnabled:
    reason: str


@event("parties.language_chosen", version=1)
@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@event("parties.signed_in", version=1)
@dataclass(frozen=True, slots=True)
class SignedIn:
    network: str


@event("parties.sign_in_refused", version=1)
@dataclass(frozen=True, slots=True)
class SignInRefused:
    """locked: this failure locked the name."""

    network: str
    locked: bool


@event("parties.unmasked", version=1)
@dataclass(frozen=True, slots=True)
class Unmasked:
    purpose: str
    reason: str
    values: tuple[str, ...]


@event("parties.keys_rotated", version=1)
@dataclass(frozen=True, slots=True)
class KeysRotated:
    names: int
    contacts: int
    key_id: str
    index_key_id: str
