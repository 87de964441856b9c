"""Reading clear text: a permission of its own, a purpose, a row and an act each time, and a bound on how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Invalid, NotFound
from gongzhi.parties import events, rules, sealing
from gongzhi.parties.models import ContactPoint, Person, Unmasking

PURPOSES = MappingProxyType(
    {
        "contact": {"zh-hans": "联系诉求人", "en": "To reach the reporter"},
        "visit": {"zh-hans": "上门办理", "en": "To visit"},
        "verify": {"zh-hans": "核对身份", "en": "To verify identity"},
        "correct": {"zh-hans": "更正登记", "en": "To correct the record"},
        "notice": {"zh-hans": "发送通知", "en": "To send a notice"},
        "own": {"zh-hans": "本人查阅", "en": "Their own data"},
        "legal": {"zh-hans": "法定职责", "en": "Statutory duty"},
    }
)


@dataclass(frozen=True, slots=True)
class Clear:
    """Clear text of one person. Never log it, never store it, never put it into a URL."""

    person_id: UUID
    name: str
    contacts: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"Clear({self.person_id})"


@transaction.atomic
def reveal(
    *,
    person_id: UUID,
    purpose: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    kinds: Iterable[str] = ("phone",),
) -> Clear:
    """Name and contacts of the given kinds. Oneself needs no permission; others need `parties.unmask`.

    The door must have checked the relation (the case on the reader's desk) before. Raises NotAllowed, NotFound,
    Invalid (purpose), TooMany (bulk).
    """
    own = by.party_id == person_id
    if not own:
        require_to(by, "parties.unmask")
    purpose = "own" if own else purpose
    if purpose not in PURPOSES or (purpose == "own" and not own):
        raise Invalid("parties.purpose", "请选择查看完整信息的用途。", field="purpose")
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound("parties.person_unknown", "没有这个人的登记。")
    points = list(
        ContactPoint.objects.filter(
            person_id=person_id, kind__in=list(kinds), ended_at__isnull=True
        ).order_by("id")
    )
    if by.kind == "account" and not own:
        rules.refuse_bulk_unmasking(_lately(by, at), 1 + len(points))
    clear = Clear(
        person_id,
        sealing.unseal(person.name_sealed, column=sealing.NAME, row=person.id) if person.name_key_id else "",
        tuple((p.kind, sealing.unseal(p.value_sealed, column=sealing.VALUE, row=p.id)) for p in points),
    )
    _trace(person_id, purpose, reason[:200], ("name", *(p.kind for p in points)), by, at)
    return clear


def _trace(
    person_id: UUID, purpose: str, reason: str, values: tuple[str, ...], by: Actor, at: datetime
) -> None:
    Unmasking.objects.create(
        id=uuid7(at),
        by=by.reference,
        party_kind="person",
        party_id=person_id,
        purpose=purpose,
        reason=reason,
        values=len(values),
        at=at,
    )
    record(
        verb="parties.unmask",
        subject=Subject("parties.person", person_id),
        by=by,
        at=at,
        event=events.Unmasked(purpose, reason, values),
    )


def _lately(by: Actor, at: datetime) -> int:
    hour = Unmasking.objects.filter(by=by.reference, at__gt=at - timedelta(hours=1)).exclude(purpose="own")
    return hour.aggregate(total=Sum("values"))["total"] or 0
