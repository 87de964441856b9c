"""Deadlines whose holidays have become known."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.matters import clocks, events, loading
from gongzhi.matters.models import ClockRun, Matter
from gongzhi.timetable import queries as timetables
from gongzhi.timetable.queries import Timetable

CHUNK = 500
Moved = dict[str, tuple[str, str]]


def recompute(*, year: int, by: Actor, at: datetime) -> int:
    """Compute again every running clock that leans on `year`; one act per matter whose deadline moved or is no longer
    provisional. Returns how many. Idempotent: a second run finds nothing moved.
    """
    table, changed = timetables.current(), 0
    concerned = list(_leaning_on(year).order_by("matter_id").values_list("matter_id", flat=True).distinct())
    for start in range(0, len(concerned), CHUNK):
        with transaction.atomic():
            changed += _chunk(concerned[start : start + CHUNK], year, table, by, at)
    return changed


def _leaning_on(year: int) -> QuerySet[ClockRun]:
    first, after = datetime(year, 1, 1, tzinfo=SHANGHAI), datetime(year + 1, 1, 15, tzinfo=SHANGHAI)
    leaning = Q(unpublished_year=year) | Q(due_at__gte=first, due_at__lt=after)
    return ClockRun.objects.filter(leaning, stopped_at__isnull=True, limit_value__isnull=False)


def _chunk(matter_ids: Sequence[UUID], year: int, table: Timetable, by: Actor, at: datetime) -> int:
    matters = loading.rows().select_for_update(of=("self",)).order_by("id")
    locked = {matter.id: matter for matter in matters.filter(id__in=matter_ids, closed_at__isnull=True)}
    moved: dict[UUID, Moved] = {}
    promised: set[UUID] = set()
    touched = []
    for run in _leaning_on(year).select_for_update().filter(matter_id__in=list(locked)).order_by("id"):
        before = (run.due_at, run.unpublished_year)
        clocks.reckon(run, loading.procedure_of(locked[run.matter_id]), table)
        if (run.due_at, run.unpublished_year) != before:
            touched.append(run)
            moved.setdefault(run.matter_id, {})[run.code] = (_iso(before[0]), _iso(run.due_at))
            if run.promised:
                promised.add(run.matter_id)
    if not touched:
        return 0
    ClockRun.objects.bulk_update(touched, ["due_at", "unpublished_year", "next_step_at"])
    _next_deadlines(list(moved))
    record_many([_draft(locked[id_], year, found, id_ in promised, by, at) for id_, found in moved.items()])
    return len(moved)


def _next_deadlines(matter_ids: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE matters_matter m SET version = version + 1, due_at = (
                SELECT min(r.due_at) FROM matters_clockrun r WHERE r.matter_id = m.id AND r.stopped_at IS NULL)
            WHERE m.id = ANY(%s)""",
            [matter_ids],
        )


def _draft(matter: Matter, year: int, moved: Moved, promised: bool, by: Actor, at: datetime) -> Draft:
    return Draft(
        verb="matters.recompute",
        subject=Subject("matters.matter", matter.id),
        by=by,
        at=at,
        event=events.Recomputed(matter.number, year, moved, promised),
        area_path=matter.area_path,
    )


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
