"""Moving sealed values to the current keys, in small transactions: can be stopped and started at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.installation.keys import keyring
from gongzhi.parties import events, sealing
from gongzhi.parties.models import ContactPoint, Person


@dataclass(frozen=True, slots=True)
class Rotated:
    names: int
    contacts: int


def remaining() -> int:
    """Values still under an older key (`gongzhi doctor` shows it)."""
    return _old_names().count() + _old_contacts().count()


def rotate(
    *, by: Actor, at: datetime, batch: int = 500, progress: Callable[[int], None] = lambda done: None
) -> Rotated:
    """Re-encrypt every name and contact not under the current key; one act per batch. Rows being written are waited for.

    A second run has nothing to do. Old keys may be retired when `remaining()` is 0 and no older backup is needed.
    """
    require_to(by, "parties.rotate")
    names = contacts = 0
    while moved := _batch(by, at, batch):
        names, contacts = names + moved.names, contacts + moved.contacts
        progress(names + contacts)
    return Rotated(names, contacts)


@transaction.atomic
def _batch(by: Actor, at: datetime, size: int) -> Rotated | None:
    people = list(_old_names().select_for_update().order_by("id")[:size])
    for person in people:
        clear = sealing.unseal(person.name_sealed, column=sealing.NAME, row=person.id)
        person.name_sealed, person.name_key_id = sealing.seal(clear, column=sealing.NAME, row=person.id)
    Person.objects.bulk_update(people, ["name_sealed", "name_key_id"], batch_size=500)
    points = list(_old_contacts().select_for_update(of=("self",)).order_by("id")[:size])
    for point in points:
        clear = sealing.unseal(point.value_sealed, column=sealing.VALUE, row=point.id)
        point.value_sealed, point.value_key_id = sealing.seal(clear, column=sealing.VALUE, row=point.id)
        point.value_index, point.index_key_id = sealing.index(point.kind, clear)
    columns = ["value_sealed", "value_key_id", "value_index", "index_key_id"]
    ContactPoint.objects.bulk_update(points, columns, batch_size=500)
    if not people and not points:
        return None
    ring = keyring()
    event = events.KeysRotated(len(people), len(points), ring.current("contact").id, ring.current("index").id)
    subject = Subject("parties.keys", ring.current("contact").id)
    record(verb="parties.rotate_keys", subject=subject, by=by, at=at, event=event)
    return Rotated(len(people), len(points))


def _old_names() -> QuerySet[Person]:
    return Person.objects.exclude(name_key_id__in=["", keyring().current("contact").id])


def _old_contacts() -> QuerySet[ContactPoint]:
    current = Q(value_key_id=keyring().current("contact").id, index_key_id=keyring().current("index").id)
    return ContactPoint.objects.exclude(current)
