"""Reads of this room: masked, filtered by the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.access.prepared import fetch
from gongzhi.parties import normalising, sealing
from gongzhi.parties.models import Account, ContactPoint, Organisation, Person


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """What a desk sees without unmasking."""

    id: UUID
    name: str
    contacts: tuple[tuple[UUID, str, str], ...]


def people_with(*, kind: str, value: str, visible_to: Actor, limit: int = 20) -> list[MaskedPerson]:
    """Everybody reached by exactly this value, the leading one first. Raises Invalid for a value not of its kind."""
    points = ContactPoint.objects.filter(
        kind=kind,
        value_index__in=sealing.indexes(kind, normalising.value(kind, value)),
        ended_at__isnull=True,
    ).exclude(person=None)
    leads = list(
        visible(points, visible_to).order_by("-leads", "id").values_list("person_id", flat=True)[:limit]
    )
    shown = {
        person.id: person for person in masked(person_ids=[p for p in leads if p], visible_to=visible_to)
    }
    return [shown[person_id] for person_id in dict.fromkeys(leads) if person_id in shown]


def masked(*, person_ids: Iterable[UUID], visible_to: Actor) -> list[MaskedPerson]:
    """People by id with their current contacts, masked; two queries however many."""
    points = visible(ContactPoint.objects.filter(ended_at__isnull=True), visible_to).order_by("id")
    people = visible(Person.objects.filter(id__in=list(person_ids)), visible_to).order_by("id")
    return [
        MaskedPerson(
            person.id,
            person.name_masked,
            tuple((point.id, point.kind, point.value_masked) for point in person.contacts.all()),
        )
        for person in people.prefetch_related(Prefetch("contacts", queryset=points))
    ]


def organisations(*, visible_to: Actor, below: str = "", at_work: bool = True) -> QuerySet[Organisation]:
    """In tree order. below: path of the organisation whose descendants (itself included) are wanted."""
    rows = visible(Organisation.objects.all(), visible_to)
    if at_work:
        rows = rows.filter(ended_at__isnull=True)
    if below:
        rows = rows.filter(path__gte=below, path__lt=below[:-1] + "0")  # "0" follows "/"
    return rows.order_by("path")


def accounts(*, visible_to: Actor) -> QuerySet[Account]:
    """By login name, person included."""
    return visible(Account.objects.select_related("person"), visible_to).order_by("username")


def account_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What colleagues read beside an act: display name, else login name. One query."""
    sql = "SELECT id, display_name, username FROM parties_account WHERE id = ANY(%s::uuid[])"
    rows = fetch(sql, [list(account_ids)])
    return {id_: display or username for id_, display, username in rows}
