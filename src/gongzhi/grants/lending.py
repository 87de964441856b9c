"""A role of a unit lent to a deputy while its holder is away: by the head of the unit, for a time, never for ever."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do, require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.grants import events, queries
from gongzhi.grants.models import Grant
from gongzhi.grants.roles import ROLES
from gongzhi.kernel.ids import uuid7


def lendable(*, account_id: UUID, to_account_id: UUID, organisation_id: UUID, at: datetime) -> list[Grant]:
    """The holder's own roles of the unit that the deputy does not hold there."""
    held = queries.valid(at).filter(organisation_id=organisation_id)
    known = set(held.filter(account_id=to_account_id).values_list("role", flat=True))
    own = held.filter(account_id=account_id, lent_from=None).exclude(role__in=known)
    return [grant for grant in own.order_by("role", "id") if ROLES[grant.role].scope == "organisation"]


def may_lend(by: Actor, organisation_id: UUID) -> bool:
    """Whoever heads the unit, or a unit above it."""
    return may_do(by, "grants.lend", organisation_id=organisation_id)


@transaction.atomic
def lend(
    *,
    grant: Grant,
    organisation_id: UUID,
    to_account_id: UUID,
    valid_from: datetime,
    valid_until: datetime,
    by: Actor,
    at: datetime,
) -> Grant | None:
    """The deputy holds the role as long as both the leave and the lent grant last; None when that is no time at all.

    Raises NotAllowed for anyone but a head of the unit. `grant` is one of `lendable` of this unit.
    """
    require_to(by, "grants.lend", organisation_id=organisation_id)
    until = min(valid_until, grant.valid_until) if grant.valid_until else valid_until
    start = max(valid_from, at, grant.valid_from)
    if until <= start:
        return None
    lent = Grant.objects.create(
        id=uuid7(at),
        account_id=to_account_id,
        role=grant.role,
        organisation_id=organisation_id,
        lent_from=grant,
        valid_from=start,
        valid_until=until,
    )
    event = events.Lent(lent.id, grant.id, grant.role, organisation_id, start, until)
    record(verb="grants.lend", subject=Subject("parties.account", to_account_id), by=by, at=at, event=event)
    return lent


@transaction.atomic
def take_back(*, grant_ids: list[UUID], by: Actor, at: datetime) -> int:
    """The holder is back: what was lent ends. For the room that lent it, which has judged already."""
    rows = Grant.objects.select_for_update(of=("self",)).filter(
        id__in=grant_ids, lent_from__isnull=False, valid_until__gt=at
    )
    ended = list(rows.order_by("id"))
    for grant in ended:
        grant.valid_until = max(at, grant.valid_from)
        grant.save(update_fields=["valid_until"])
        event = events.Ended(grant.id, grant.role, grant.valid_until, "returned")
        subject = Subject("parties.account", grant.account_id)
        record(verb="grants.end", subject=subject, by=by, at=at, event=event)
    return len(ended)
