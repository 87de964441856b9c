"""Gaps and overlaps that real matters ran into: noted as facts, settled by whoever keeps the lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.catalogue.models import Category
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotFound
from gongzhi.mandates import events
from gongzhi.mandates.models import MandateGap


@dataclass(frozen=True, slots=True)
class Found:
    """A category and place that could not be routed. kind: gap | overlap."""

    kind: str
    category: str
    area_path: str
    candidates: tuple[UUID, ...] = ()


@transaction.atomic
def note_gaps(*, found: Iterable[Found], by: Actor, at: datetime) -> int:
    """Keep as facts what could not be routed; returns how many were new. Each is open once, however often it happens.

    Called by intake for whole batches: two statements, no authorisation (a fact, not a decision).
    """
    wanted = {(row.kind, row.category, row.area_path): row for row in found}
    if not wanted:
        return 0
    codes = {row.category for row in wanted.values()}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "id"))
    rows = [wanted[key] for key in sorted(wanted) if wanted[key].category in categories]
    known = set(
        MandateGap.objects.filter(ended_at__isnull=True, category__code__in=codes).values_list(
            "kind", "category__code", "area_path"
        )
    )
    new = [row for row in rows if (row.kind, row.category, row.area_path) not in known]
    if not new:
        return 0
    gaps = [
        MandateGap(
            id=ids.uuid7(at),
            kind=row.kind,
            category_id=categories[row.category],
            area_path=row.area_path,
            candidates=[str(candidate) for candidate in row.candidates],
            found_at=at,
        )
        for row in new
    ]
    MandateGap.objects.bulk_create(gaps, ignore_conflicts=True)
    stored = set(MandateGap.objects.filter(id__in=[gap.id for gap in gaps]).values_list("id", flat=True))
    acts.record_many(
        [
            Draft(
                verb="mandates.find_gap",
                subject=Subject("mandates.gap", gap.id),
                by=by,
                at=at,
                area_path=row.area_path,
                event=events.GapFound(row.kind, row.category, row.candidates),
            )
            for gap, row in zip(gaps, new, strict=True)
            if gap.id in stored
        ]
    )
    return len(stored)


@transaction.atomic
def settle_gap(*, gap_id: UUID, by: Actor, at: datetime) -> MandateGap:
    """The gap or overlap is dealt with. Raises NotFound when it is not open, NotAllowed."""
    require_to(by, "mandates.keep")
    gap = MandateGap.objects.select_for_update(of=("self",)).select_related("category")
    open_gap = gap.filter(id=gap_id, ended_at__isnull=True).first()
    if open_gap is None:
        raise NotFound("mandates.gap_unknown", "没有这条待解决的责任空白。")
    open_gap.ended_at = at
    open_gap.save(update_fields=["ended_at"])
    acts.record(
        verb="mandates.settle_gap",
        subject=Subject("mandates.gap", open_gap.id),
        by=by,
        at=at,
        area_path=open_gap.area_path,
        event=events.GapSettled(open_gap.kind, open_gap.category.code),
    )
    return open_gap
