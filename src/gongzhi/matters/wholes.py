"""Matters that were merged: which one they went on in, and which went on in one."""

from collections.abc import Iterable
from uuid import UUID

from gongzhi.matters.models import Answer, Matter, Merge

MERGES_DEEP = 4


def whole_of(matter_id: UUID) -> Matter | None:
    """The matter it goes on in, however often that was merged in its turn; None when it was not merged."""
    found: UUID | None = None
    for _ in range(MERGES_DEEP):
        merges = Merge.objects.filter(matter_id=found or matter_id, ended_at__isnull=True)
        into = merges.values_list("into_id", flat=True).first()
        if into is None:
            break
        found = into
    return Matter.objects.filter(id=found).first() if found else None


def answered_by(matter_id: UUID) -> UUID | None:
    """The lead that answered for a merged matter where it goes on; None while nobody has."""
    whole = whole_of(matter_id)
    if whole is None or whole.stage not in ("appraisal", "closed"):
        return None
    return whole.lead_id if Answer.objects.filter(matter=whole, ended_at__isnull=True).exists() else None


def with_merged(roots: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """root → itself, then what was merged into it, level by level."""
    within = {root: [root] for root in roots}
    level = {root: {root} for root in within}  # matter → the roots it was merged into
    for _ in range(MERGES_DEEP):
        merges = Merge.objects.filter(into_id__in=level, ended_at__isnull=True).order_by("matter_id")
        following: dict[UUID, set[UUID]] = {}
        for id_, into in merges.values_list("matter_id", "into_id"):
            following.setdefault(id_, set()).update(level[into])
        if not following:
            break
        for id_, into_roots in following.items():
            for root in into_roots:
                within[root].append(id_)
        level = following
    return within
