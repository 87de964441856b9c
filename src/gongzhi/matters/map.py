"""Keeping the map's counts: which cell a matter counts in, appending what changed, folding it behind."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from gongzhi.acts.inserting import Rows
from gongzhi.matters.models import CellChange, Matter
from gongzhi.places import cells

FINEST = 10
# Resolution → how many codes of the area path it keeps: few rows where cells are wide, exact where they are small.
LEVELS = {6: 2, 8: 3, FINEST: 99}
FOLD_MAX = 5_000
Place = tuple[int, str, UUID | None]  # cell, area path, lead


def cell_of(lon: float | None, lat: float | None) -> int | None:
    """The finest cell of a point."""
    return None if lon is None or lat is None else cells.h3(lon, lat, FINEST)


def place_of(matter: Matter) -> Place | None:
    """Where it counts; None for closed, confidential and unplaced ones, and for complaints about those who handle."""
    kept = matter.confidential or matter.accused_unit_id or matter.accused_account_id
    if matter.closed_at is not None or kept or matter.cell is None:
        return None
    return matter.cell, matter.area_path, matter.lead_id


def note(before: Place | None, after: Place | None) -> None:
    """One matter went from one place to another."""
    if before != after:
        moves = [(place, change) for place, change in ((before, -1), (after, 1)) if place]
        CellChange.objects.bulk_create(
            CellChange(cell=cell, area_path=path, lead_id=lead, change=change)
            for (cell, path, lead), change in moves
        )


def changes(places: Iterable[Place | None]) -> Rows:
    """The rows to append when many matters are opened."""
    counts = Counter(place for place in places if place)
    rows = [(cell, path, lead, count) for (cell, path, lead), count in counts.items()]
    return Rows("matters_cellchange", ("cell", "area_path", "lead_id", "change"), rows)


def fold(*, limit: int = FOLD_MAX) -> int:
    """Add appended changes to the counts; returns how many were folded. Two workers never wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('matters.map'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """DELETE FROM matters_cellchange WHERE id IN (SELECT id FROM matters_cellchange ORDER BY id LIMIT %s)
            RETURNING cell, area_path, lead_id, change""",
            [limit],
        )
        changes = cursor.fetchall()
        counts: Counter[tuple[int, int, str, UUID | None]] = Counter()
        for cell, path, lead, change in changes:
            for resolution, codes in LEVELS.items():
                counts[resolution, cells.wider(cell, resolution), shortened(path, codes), lead] += change
        _add({key: count for key, count in counts.items() if count})
    return len(changes)


def shortened(path: str, codes: int) -> str:
    """The first codes of an area path."""
    parts = path.split("/")[:-1]
    return path if len(parts) <= codes else "/".join(parts[:codes]) + "/"


def _add(counts: dict[tuple[int, int, str, UUID | None], int]) -> None:
    if not counts:
        return
    rows = [(*key, *cells.centre(key[1]), count) for key, count in counts.items()]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO matters_cellcount (resolution, cell, area_path, lead_id, lon, lat, count)
            SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::text[], %s::uuid[], %s::float8[], %s::float8[],
                %s::int[])
            ON CONFLICT (resolution, cell, area_path, lead_id)
            DO UPDATE SET count = matters_cellcount.count + excluded.count""",
            columns,
        )
