"""Open matters of the same kind close by: so that one fault is handled once."""

import math
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import branches
from gongzhi.catalogue import snapshot
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import MatterRow
from gongzhi.matters.queries.selecting import rows_of

NEAR_METRES = 300
_RECENT = timedelta(days=90)
_LOOKED_AT = 40
_NEAR_MAX = 400  # where more lie this close together, not all of them are looked at
_METRES_PER_DEGREE = 111_195


def alike(*, visible_to: Actor, row: MatterRow, at: datetime, limit: int = 4) -> list[tuple[MatterRow, int]]:
    """Other open matters of the same main category within about 300 m, opened in the last ninety days, that the reader
    may see; with their distance in metres, nearest first. At most two statements."""
    conditions = branches(visible_to, "view", Matter)
    tree = snapshot.current()
    node = tree.get(row.category)
    if row.lon is None or row.lat is None or node is None or not conditions:
        return []
    kinds = [other.id for other in tree.nodes.values() if other.chain[-1] == node.chain[-1]]
    tall = NEAR_METRES / _METRES_PER_DEGREE
    wide = tall / max(0.1, math.cos(math.radians(row.lat)))
    near = Matter.objects.filter(
        closed_at__isnull=True,
        lat__range=(row.lat - tall, row.lat + tall),
        lon__range=(row.lon - wide, row.lon + wide),
        opened_at__gt=at - _RECENT,
    ).exclude(id=row.id)
    seen = reduce(or_, conditions) if all(conditions) else Q()
    kin = Matter.objects.filter(seen, id__in=near.values("id")[:_NEAR_MAX], category_id__in=kinds)
    found = rows_of(list(kin.values_list("id", flat=True)[:_LOOKED_AT]))
    measured = [(other, _metres(row, other)) for other in found]
    return sorted(measured, key=lambda pair: (pair[1], pair[0].number))[:limit]


def _metres(one: MatterRow, other: MatterRow) -> int:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return NEAR_METRES
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return round(math.hypot(east, one.lat - other.lat) * _METRES_PER_DEGREE)
