"""Precedents in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.matters.queries import Precedent
from gongzhi.portals.centre import choices


@dataclass(frozen=True, slots=True)
class Ruled:
    """url: "" where the reader may not open the case. granted: given back, so another unit was looked for."""

    outcome: str
    granted: bool
    category: str
    area: str
    unit: str
    proposed: str
    argued: str
    ruling: str
    at: datetime
    by: str
    lead: str
    number: str
    url: str


def ruled(row: Precedent) -> Ruled:
    """A precedent in words."""
    granted = row.decision == "granted"
    outcome = _("同意退回") if granted else _("不同意，指定承办") if row.designated else _("不同意退回")
    return Ruled(
        outcome=outcome,
        granted=granted,
        category=row.category.in_language(choices.language()),
        area=choices.area_title(row.area_path),
        unit=row.unit,
        proposed=row.proposed,
        argued=row.argued,
        ruling=row.ruling,
        at=row.decided_at,
        by=row.decided_by,
        lead=row.lead,
        number=row.number,
        url=reverse("centre:case", args=[row.number]) if row.number else "",
    )
