"""How quarrels about who is responsible were ruled: searchable, so that the next one is ruled alike (裁定先例).

Text of officials only: who reported, what they said and where they live is not part of a precedent. Rulings on
confidential matters and on complaints about units or their people are no precedents for anybody.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do, require_to, visible
from gongzhi.catalogue.procedure import Wording
from gongzhi.matters.models import Matter

READ = "matters.precedents"
WORDS_MAX = 6
_CONTACT = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|\d{17}[\dXx])(?!\d)")
LIMIT_MAX = 200
_SELECT = """
SELECT r.id, m.id, m.number, c.titles, m.area_path, u.name, p.name, r.reason, r.decision, r.ruling, r.decided_at, d.name,
    l.name, EXISTS (SELECT 1 FROM matters_assignment a WHERE a.matter_id = m.id AND a.role = 'lead' AND a.designated
        AND a.organisation_id = r.organisation_id)
FROM matters_returnrequest r
JOIN matters_matter m ON m.id = r.matter_id
JOIN catalogue_category c ON c.id = m.category_id
JOIN parties_organisation u ON u.id = r.organisation_id
LEFT JOIN parties_organisation p ON p.id = r.proposed_id
LEFT JOIN parties_organisation d ON d.id = r.decider_organisation_id
LEFT JOIN parties_organisation l ON l.id = m.lead_id
WHERE r.decided_at IS NOT NULL AND NOT m.confidential
    AND NOT EXISTS (SELECT 1 FROM matters_complaint x WHERE x.matter_id = m.id)
"""
_NEWEST = " ORDER BY r.decided_at DESC, r.id DESC LIMIT %s"
_BODY = "(r.reason || E'\\n' || r.ruling || E'\\n' || u.name || E'\\n' || COALESCE(p.name, '') || E'\\n' || c.titles::text)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """unit: who wanted to give it back · proposed: whom it named · lead: who leads the matter now · number: "" for
    whoever may not open the matter · designated: ruled that it may not be returned again."""

    id: UUID
    number: str
    category: Wording
    area_path: str
    unit: str
    proposed: str
    argued: str
    decision: str
    ruling: str
    decided_at: datetime
    decided_by: str
    lead: str
    designated: bool


def precedents(
    *,
    visible_to: Actor,
    text: str = "",
    category: str = "",
    decision: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Precedent]:
    """Newest first. text: every word must occur in what was argued or ruled, in a unit's name or the category's. before:
    instant and id of the last one read. Two statements. Raises NotAllowed.
    """
    require_to(visible_to, READ)
    sql, params = _SELECT, list[Any]()
    for word in text.split()[:WORDS_MAX]:
        sql += f" AND {_BODY} ILIKE %s"
        params.append("%" + re.sub(r"([\\%_])", r"\\\1", word[:40]) + "%")
    if category:
        sql += " AND c.code = %s"
        params.append(category)
    if decision:
        sql += " AND r.decision = %s"
        params.append(decision)
    if before is not None:
        sql += " AND (r.decided_at, r.id) < (%s, %s)"
        params += before
    return _read(sql + _NEWEST, [*params, max(1, min(limit, LIMIT_MAX))], visible_to)


def nearest(*, visible_to: Actor, category: str, unit_id: UUID | None, limit: int = 3) -> list[Precedent]:
    """Rulings in the same category: those on the same unit first, then the newest. Empty for who may not read them."""
    if not may_do(visible_to, READ):
        return []
    order = " AND c.code = %s ORDER BY (r.organisation_id = %s) DESC NULLS LAST, r.decided_at DESC, r.id DESC LIMIT %s"
    return _read(_SELECT + order, [category, unit_id, limit], visible_to)


def _read(sql: str, params: list[Any], actor: Actor) -> list[Precedent]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    matters = {row[1] for row in rows}
    open_to = set(visible(Matter.objects.filter(id__in=matters), actor).values_list("id", flat=True))
    return [_precedent(row, may_open=row[1] in open_to) for row in rows]


def _precedent(row: Any, *, may_open: bool) -> Precedent:
    titles = json.loads(row[3]) if isinstance(row[3], str) else row[3]
    return Precedent(
        id=row[0],
        number=row[2] if may_open else "",
        category=Wording(titles["zh-hans"], titles.get("en", "")),
        area_path=row[4],
        unit=row[5],
        proposed=row[6] or "",
        argued=_masked(row[7]),
        decision=row[8],
        ruling=_masked(row[9]),
        decided_at=row[10],
        decided_by=row[11] or "",
        lead=row[12] or "",
        designated=row[13],
    )


def _masked(text: str) -> str:
    """Without telephone and identity numbers, which do not belong here and are written all the same."""
    return _CONTACT.sub("•••", text)
