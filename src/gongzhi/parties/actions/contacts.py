"""Adding and ending contact points."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require, require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, NotFound
from gongzhi.parties import events, masking, normalising, sealing
from gongzhi.parties.models import ContactPoint, Organisation, Person


@transaction.atomic
def add_contact(
    *,
    kind: str,
    value: str,
    by: Actor,
    at: datetime,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> ContactPoint:
    """A contact of exactly one party: their own, or by a desk. It leads when nobody is led to by this value yet.

    Raises Conflict when the party has it already, Invalid, NotFound.
    """
    _may_add(by, person_id, organisation_id)
    point = new_contact(kind=kind, value=value, person_id=person_id, organisation_id=organisation_id, at=at)
    same = ContactPoint.objects.filter(
        kind=kind,
        value_index__in=sealing.indexes(kind, normalising.value(kind, value)),
        ended_at__isnull=True,
    )
    if any(held == (person_id, organisation_id) for held in same.values_list("person_id", "organisation_id")):
        raise Conflict("parties.contact_twice", "这一联系方式已经登记。", field="value")
    point.leads = kind == "phone" and person_id is not None and not same.filter(leads=True).exists()
    point.save(force_insert=True)
    _record("parties.add_contact", point, by, at, events.ContactAdded(point.id, kind, point.value_masked))
    return point


@transaction.atomic
def end_contact(*, contact_id: UUID, reason: str, by: Actor, at: datetime) -> ContactPoint:
    """It is no longer theirs; kept, not used any more. Raises NotFound when unknown or ended."""
    point = (
        ContactPoint.objects.select_for_update(of=("self",))
        .filter(id=contact_id, ended_at__isnull=True)
        .first()
    )
    if point is None:
        raise NotFound("parties.contact_unknown", "没有这一联系方式，或它已停用。")
    _may_add(by, point.person_id, point.organisation_id)
    point.ended_at = at
    point.save(update_fields=["ended_at"])
    _record("parties.end_contact", point, by, at, events.ContactEnded(point.id, point.kind, reason))
    return point


def new_contact(
    *, kind: str, value: str, at: datetime, person_id: UUID | None = None, organisation_id: UUID | None = None
) -> ContactPoint:
    """An unsaved, sealed contact point. Raises Invalid."""
    clear = normalising.value(kind, value)
    point = ContactPoint(
        id=uuid7(at),
        kind=kind,
        person_id=person_id,
        organisation_id=organisation_id,
        value_masked=masking.value(kind, clear),
        added_at=at,
    )
    point.value_sealed, point.value_key_id = sealing.seal(clear, column=sealing.VALUE, row=point.id)
    point.value_index, point.index_key_id = sealing.index(kind, clear)
    return point


def _may_add(by: Actor, person_id: UUID | None, organisation_id: UUID | None) -> None:
    if organisation_id:
        require_to(by, "parties.organisations")
        if not Organisation.objects.filter(id=organisation_id, ended_at__isnull=True).exists():
            raise NotFound("parties.organisation_unknown", "没有这个机构，或它已撤销。")
        return
    person = Person.objects.filter(id=person_id, ended_at__isnull=True).first() if person_id else None
    if person is None:
        raise NotFound("parties.person_unknown", "没有这个人的登记。")
    require(by, "change", person)


def _record(verb: str, point: ContactPoint, by: Actor, at: datetime, event: object) -> None:
    subject = (
        Subject("parties.person", point.person_id)
        if point.person_id
        else Subject("parties.organisation", str(point.organisation_id))
    )
    record(verb=verb, subject=subject, by=by, at=at, event=event)
