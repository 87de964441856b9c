"""The map: from counts kept by the writes, never counted over matters."""

from collections import defaultdict
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Sum

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import branches, top, visible
from gongzhi.matters import map
from gongzhi.matters.models import CellChange, CellCount, Matter
from gongzhi.matters.queries.rows import Box, Cluster
from gongzhi.places import cells

POINTS_FROM_ZOOM = 16
POINTS_MAX = 500
LATE_MAX = 1_000
LATE_COUNTED_MAX = 20_000


def clusters(*, visible_to: Actor, box: Box, zoom: int, at: datetime) -> list[Cluster]:
    """Open matters inside the box: counted by cell, or one by one when zoomed in (zoom ≥ 16; at most 500).

    Confidential matters are in no count; those who may see them find them as single points.
    """
    if zoom >= POINTS_FROM_ZOOM:
        return _points(visible_to, box, at)
    shown = min(cells.resolution_for(zoom), map.FINEST)
    counts: defaultdict[int, int] = defaultdict(int)
    for cell, count in [*_folded(visible_to, box, shown), *_appended(visible_to)]:
        counts[cells.wider(cell, shown)] += count
    found = ((cells.centre(cell), cell, count) for cell, count in counts.items() if count > 0)
    return [
        Cluster(lon, lat, count, str(cell)) for (lon, lat), cell, count in found if _inside(box, lon, lat)
    ]


def _points(actor: Actor, box: Box, at: datetime) -> list[Cluster]:
    rows = Matter.objects.filter(
        closed_at__isnull=True, lat__range=(box.south, box.north), lon__range=(box.west, box.east)
    )
    found = top(rows, actor, order=("lat", "lon", "id"), limit=POINTS_MAX)
    return [
        Cluster(lon, lat, 1, number=number, late=due_at is not None and due_at < at)
        for lon, lat, number, due_at in found.values_list("lon", "lat", "number", "due_at")
        if lon is not None and lat is not None
    ]


def late_points(*, visible_to: Actor, box: Box, at: datetime) -> list[tuple[float, float]]:
    """(lon, lat) of open matters inside the box whose deadline is past, confidential ones left out as in the counts; the
    longest late first, at most 1,000."""
    found = top(_late(box, at), visible_to, order=("due_at", "id"), limit=LATE_MAX)
    return [(lon, lat) for lon, lat in found.values_list("lon", "lat") if lon is not None and lat is not None]


def late_count(*, visible_to: Actor, box: Box, at: datetime) -> int:
    """How many points `late_points` would tell if it told all; counted up to 20,000."""
    rows = visible(_late(box, at), visible_to)
    return rows.order_by()[:LATE_COUNTED_MAX].count()


def _late(box: Box, at: datetime) -> QuerySet[Matter]:
    return Matter.objects.filter(
        closed_at__isnull=True,
        confidential=False,
        due_at__lt=at,
        lat__range=(box.south, box.north),
        lon__range=(box.west, box.east),
    )


def _folded(actor: Actor, box: Box, shown: int) -> list[tuple[int, int]]:
    """From the coarsest level that is fine enough for what is shown and for the areas the actor holds."""
    depth = max((held.area_path.count("/") for held in actor.held), default=0)
    level = next((r for r, codes in map.LEVELS.items() if r >= shown and codes >= depth), map.FINEST)
    margin = 0.02 if shown >= 8 else 0.2  # a cell whose centre lies outside may hold matters inside
    rows = CellCount.objects.filter(
        resolution=level,
        count__gt=0,
        lat__range=(box.south - margin, box.north + margin),
        lon__range=(box.west - margin, box.east + margin),
    )
    conditions = branches(actor, "view", CellCount)
    if len(conditions) < 2:
        return list(visible(rows, actor).values_list("cell").annotate(Sum("count")).order_by())
    # Every branch is filtered by itself, so that each finds its index; a row in two of them counts once.
    first, *others = (rows.filter(q).values_list("id", "cell", "count") for q in conditions)
    return [(cell, count) for _, cell, count in first.union(*others)]


def _appended(actor: Actor) -> list[tuple[int, int]]:
    """What the worker has not folded yet: normally less than a second's worth."""
    conditions = branches(actor, "view", CellCount)
    if not conditions:
        return []
    rows = CellChange.objects.filter(reduce(or_, conditions, Q()) if all(conditions) else Q())
    return list(rows.values_list("cell", "change")[:10_000])


def _inside(box: Box, lon: float, lat: float) -> bool:
    return box.west - 0.2 <= lon <= box.east + 0.2 and box.south - 0.2 <= lat <= box.north + 0.2
