"""What everybody may know: that something is the matter in public space, where roughly, and how far it is.

Only categories the town declares public space; never confidential ones; no words, names, addresses or organisations'
notes. Positions are coarsened to about 100 m, because a report may start at somebody's door.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Matter

LIMIT_MAX = 1_000
_DECIMALS = 3
_NEAR_METRES = 300
_METRES_PER_DEGREE = 111_195
_COLUMNS = (
    *("number", "category__code", "category__titles", "state", "procedure__code", "procedure__version"),
    *("area__name", "lead__name", "opened_at", "due_at", "closed_at", "lon", "lat"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """lon, lat: rounded. state: in the words residents read."""

    number: str
    category: str
    category_titles: Wording
    state: Wording
    open: bool
    area: str
    lead: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    lon: float | None
    lat: float | None


def public(
    *,
    numbers_: Iterable[str] = (),
    category: str = "",
    open: bool | None = None,
    opened_from: datetime | None = None,
    opened_until: datetime | None = None,
    area_path: str = "",
    near: tuple[float, float] | None = None,
    limit: int = 100,
) -> list[PublicRow]:
    """Newest first; all filters that are given must hold. One statement.

    near: (lon, lat), within about 300 m of the rounded position, so that asking again and again from different points
    tells nobody more than the list itself.
    """
    rows = _public()
    if wanted := [_parsed(number) for number in numbers_]:
        rows = rows.filter(number__in=wanted)
    if category:
        rows = rows.filter(category__code__in=category.split(","))
    if open is not None:
        rows = rows.filter(closed_at__isnull=open)
    if opened_from:
        rows = rows.filter(opened_at__gte=opened_from)
    if opened_until:
        rows = rows.filter(opened_at__lt=opened_until)
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    if near:
        rows = _around(rows, *near)
    most = max(1, min(limit, LIMIT_MAX))
    ordered = rows.order_by("-opened_at", "-id").values_list(*_COLUMNS)
    found = [_row(values) for values in ordered[: LIMIT_MAX if near else most]]
    return [row for row in found if not near or _is_near(row, *near)][:most]


def _around(rows: QuerySet[Matter], lon: float, lat: float) -> QuerySet[Matter]:
    """A box that holds every matter whose rounded position may be near enough."""
    tall = _NEAR_METRES / _METRES_PER_DEGREE + 10**-_DECIMALS
    wide = tall / max(0.1, math.cos(math.radians(lat)))
    return rows.filter(lat__range=(lat - tall, lat + tall), lon__range=(lon - wide, lon + wide))


def _is_near(row: PublicRow, lon: float, lat: float) -> bool:
    if row.lon is None or row.lat is None:
        return False
    east = (row.lon - lon) * math.cos(math.radians(lat))
    return math.hypot(east, row.lat - lat) * _METRES_PER_DEGREE <= _NEAR_METRES


def public_one(*, number: str) -> PublicRow:
    """Raises NotFound, also for a matter that is nobody else's business."""
    found = public(numbers_=[number], limit=1)
    if not found:
        raise NotFound("matters.not_public", "没有找到这件公开事项。")
    return found[0]


def _public() -> QuerySet[Matter]:
    shown = [node.id for node in snapshot.current().nodes.values() if node.public_space]
    return Matter.objects.filter(
        category_id__in=shown, confidential=False, accused_unit__isnull=True, accused_account__isnull=True
    )


def _parsed(number: str) -> str:
    try:
        return numbers.parse(number[:40])
    except ValueError:
        return ""


def _row(values: Iterable[Any]) -> PublicRow:
    named = dict(zip(_COLUMNS, values, strict=True))
    titles = named["category__titles"]
    procedure = catalogue.procedure(named["procedure__code"], named["procedure__version"])
    return PublicRow(
        number=named["number"],
        category=named["category__code"],
        category_titles=Wording(titles["zh-hans"], titles.get("en", "")),
        state=procedure.state(named["state"]).public,
        open=named["closed_at"] is None,
        area=named["area__name"] or "",
        lead=named["lead__name"] or "",
        opened_at=named["opened_at"],
        due_at=named["due_at"],
        closed_at=named["closed_at"],
        lon=None if named["lon"] is None else round(named["lon"], _DECIMALS),
        lat=None if named["lat"] is None else round(named["lat"], _DECIMALS),
    )
