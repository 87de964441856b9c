"""Who holds what: the Actor of a request in one query, and the table of rights for administrators."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gongzhi.access.actor import ANONYMOUS, Actor, Held
from gongzhi.access.decisions import visible
from gongzhi.access.prepared import fetch
from gongzhi.grants.models import Grant
from gongzhi.grants.roles import ROLES
from gongzhi.parties.models import Organisation

_COVERING_BELOW = tuple(code for code, role in ROLES.items() if role.covers_below)
_ACTOR = """
    SELECT account.person_id, account.language, granted.role, granted.area_path, reached.id,
        granted.organisation_id IS NOT NULL AND reached.id IS NULL AS organisation_ended, ARRAY(
            SELECT DISTINCT above.id FROM (
                SELECT g.organisation_id AS id FROM grants_grant g WHERE g.account_id = account.id
                    AND g.valid_from <= %(at)s AND (g.valid_until IS NULL OR g.valid_until > %(at)s)
                UNION SELECT p.organisation_id FROM parties_post p
                WHERE p.person_id = account.person_id AND p.ended_at IS NULL
            ) own JOIN parties_organisation unit ON unit.id = own.id
            JOIN parties_organisation above ON unit.path ^@ above.path
            WHERE above.id = own.id OR above.parent_id IS NOT NULL
        ) AS belongs
    FROM parties_account account
    LEFT JOIN grants_grant granted ON granted.account_id = account.id
        AND granted.valid_from <= %(at)s AND (granted.valid_until IS NULL OR granted.valid_until > %(at)s)
    LEFT JOIN LATERAL (
        SELECT below.id, below.path FROM parties_organisation own
        JOIN parties_organisation below ON below.id = own.id
            OR (granted.role = ANY(%(covering)s::text[])
                AND below.path >= own.path AND below.path < left(own.path, -1) || '0')
        WHERE own.id = granted.organisation_id AND own.ended_at IS NULL
    ) reached ON TRUE
    WHERE account.id = %(account)s AND account.disabled_at IS NULL
    ORDER BY granted.role, granted.area_path, reached.path"""


def actor_of(account_id: UUID, at: datetime, *, request_id: str = "") -> Actor:
    """The Actor with every role valid at `at`; ANONYMOUS for an unknown or disabled account. One query.

    Roles that cover what lies below an organisation appear once for each organisation reached. Every account with a
    person behind it is also a resident: officials live here, too.
    """
    rows = fetch(_ACTOR, {"at": at, "covering": list(_COVERING_BELOW), "account": account_id})
    if not rows:
        return ANONYMOUS
    party_id, language = rows[0][:2]
    held = [
        Held(role, path, organisation)
        for *_, role, path, organisation, ended, _belongs in rows
        if role and not ended
    ]
    if party_id is not None and not any(h.role == "resident" for h in held):
        held.append(Held("resident"))
    return Actor(
        kind="account",
        id=account_id,
        party_id=party_id,
        held=tuple(dict.fromkeys(held)),
        language=language,
        request_id=request_id,
        belongs=frozenset(rows[0][-1]),
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """One role of one account as a badge shows it."""

    role: str
    title_zh: str
    title_en: str
    area_path: str
    organisation: str


def own(*, by: Actor, at: datetime) -> list[Duty]:
    """What the actor itself holds now: anyone may know that of themselves."""
    if by.kind != "account" or by.id is None:
        return []
    rows = valid(at).filter(account_id=by.id).order_by("role", "area_path", "id")
    return [
        Duty(
            grant.role,
            ROLES[grant.role].zh,
            ROLES[grant.role].en,
            grant.area_path,
            grant.organisation.name if grant.organisation else "",
        )
        for grant in rows.select_related("organisation")
    ]


def grants(*, visible_to: Actor, account_id: UUID | None = None) -> QuerySet[Grant]:
    """Present, past and future grants, newest first."""
    rows = visible(Grant.objects.select_related("account", "organisation"), visible_to)
    return (rows.filter(account_id=account_id) if account_id else rows).order_by("-valid_from", "-id")


def valid(at: datetime) -> QuerySet[Grant]:
    """Every grant that counts at an instant, of whomever: for rooms that look for the holder of a duty."""
    return Grant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        valid_from__lte=at,
        account__disabled_at__isnull=True,
    )


def heads_of(organisation_id: UUID, *, at: datetime) -> QuerySet[Grant]:
    """Grants that make somebody head of this organisation: in itself, or in one above whose heads reach down to it."""
    path = Organisation.objects.filter(id=organisation_id).values_list("path", flat=True).first() or ""
    parts = path.split("/")[:-1]
    above = ["".join(f"{part}/" for part in parts[: n + 1]) for n in range(len(parts))]
    return valid(at).filter(
        role="unit_head", organisation__path__in=above, organisation__ended_at__isnull=True
    )
