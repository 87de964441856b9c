"""Open matters of the same kind close by: so that one fault is handled once."""

import math
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import branches
from gongzhi.access.statements import Statement, compiled, rights
from gongzhi.catalogue import snapshot
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import MatterRow
from gongzhi.matters.queries.selecting import keys, rows_of

NEAR_METRES = 300
_RECENT = timedelta(days=90)
_LOOKED_AT = 40
_NEAR_MAX = 400  # where more lie this close together, not all of them are looked at
_METRES_PER_DEGREE = 111_195
_NEAR = """
SELECT near.id FROM (
    SELECT id, category_id FROM matters_matter WHERE closed_at IS NULL
    AND lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s AND opened_at > %s AND id <> %s LIMIT %s
) near WHERE near.category_id = ANY(%s::uuid[])"""


def alike(*, visible_to: Actor, row: MatterRow, at: datetime, limit: int = 4) -> list[tuple[MatterRow, int]]:
    """Other open matters of the same main category within about 300 m, opened in the last ninety days, that the reader
    may see; with their distance in metres, nearest first. At most two statements."""
    tree = snapshot.current()
    node = tree.get(row.category)
    if row.lon is None or row.lat is None or node is None or not branches(visible_to, "view", Matter):
        return []
    kinds = [other.id for other in tree.nodes.values() if other.chain[-1] == node.chain[-1]]
    tall = NEAR_METRES / _METRES_PER_DEGREE
    wide = tall / max(0.1, math.cos(math.radians(row.lat)))
    around = [row.lat - tall, row.lat + tall, row.lon - wide, row.lon + wide]
    sql, params = _NEAR, [*around, at - _RECENT, row.id, _NEAR_MAX, kinds]
    if seen := compiled(("alike", rights(visible_to)), lambda at: _seen(visible_to), at=at):
        sql, params = f"{sql} AND near.id IN ({seen[0]})", [*params, *seen[1]]
    found = rows_of(keys((f"{sql} LIMIT {_LOOKED_AT}", tuple(params))))
    measured = [(other, _metres(row, other)) for other in found]
    return sorted(measured, key=lambda pair: (pair[1], pair[0].number))[:limit]


def _seen(actor: Actor) -> Statement | None:
    """Ids of all this actor may see; None: every matter there is."""
    conditions = branches(actor, "view", Matter)
    if not all(conditions):
        return None
    return Matter.objects.filter(reduce(or_, conditions)).values("id").order_by().query.sql_with_params()


def _metres(one: MatterRow, other: MatterRow) -> int:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return NEAR_METRES
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return round(math.hypot(east, one.lat - other.lat) * _METRES_PER_DEGREE)
