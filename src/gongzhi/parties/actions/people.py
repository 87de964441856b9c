"""Registering and renaming people, one at a time. Many at once, by telephone number: `bulk.py`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require, require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import NotFound
from gongzhi.parties import events, masking, normalising, sealing
from gongzhi.parties.actions.contacts import new_contact
from gongzhi.parties.models import Person


@transaction.atomic
def register_person(
    *, name: str, by: Actor, at: datetime, contacts: Sequence[tuple[str, str]] = ()
) -> Person:
    """A person with sealed name and contacts [(kind, value)]. An empty name is allowed: some only leave a number.

    Does not look for the same person: use `bulk.find_or_register_many` at the doors. Raises Invalid, NotAllowed.
    """
    require_to(by, "parties.register")
    person = Person(id=uuid7(at), registered_at=at)
    _name(person, name)
    person.save(force_insert=True)
    points = [new_contact(kind=kind, value=value, person_id=person.id, at=at) for kind, value in contacts]
    for point in points:
        point.save(force_insert=True)
    record(
        verb="parties.register_person",
        subject=Subject("parties.person", person.id),
        by=by,
        at=at,
        event=events.PersonRegistered(person.name_masked, tuple(point.kind for point in points)),
    )
    return person


@transaction.atomic
def rename_person(*, person_id: UUID, name: str, by: Actor, at: datetime) -> Person:
    """Correct a name (their own, or at a desk). Raises NotFound, Invalid."""
    person = open_person(person_id)
    require(by, "change", person)
    _name(person, name)
    person.save(update_fields=["name_sealed", "name_key_id", "name_masked"])
    record(
        verb="parties.rename_person",
        subject=Subject("parties.person", person.id),
        by=by,
        at=at,
        event=events.PersonRenamed(person.name_masked),
    )
    return person


def open_person(person_id: UUID) -> Person:
    """The row, locked. Raises NotFound."""
    person = Person.objects.select_for_update().filter(id=person_id, ended_at__isnull=True).first()
    if person is None:
        raise NotFound("parties.person_unknown", "没有这个人的登记。")
    return person


def _name(person: Person, name: str) -> None:
    clear = normalising.name(name)
    person.name_masked = masking.name(clear)
    person.name_sealed, person.name_key_id = b"", ""
    if clear:
        person.name_sealed, person.name_key_id = sealing.seal(clear, column=sealing.NAME, row=person.id)
