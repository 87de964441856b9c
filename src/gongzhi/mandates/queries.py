"""The reads. Responsibility lists are public by law (权责清单公开): rows need no actor; gaps are for staff pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.catalogue.models import Category
from gongzhi.mandates import checking, snapshot
from gongzhi.mandates.importing import Known
from gongzhi.mandates.models import MandateGap
from gongzhi.mandates.table import Entry
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area


@dataclass(frozen=True, slots=True)
class OpenGap:
    id: UUID
    kind: str
    category: str
    titles: dict[str, str]
    area_path: str
    candidates: tuple[str, ...]
    found_at: datetime


def known() -> Known:
    """What a list may refer to now."""
    organisations = Organisation.objects.filter(ended_at__isnull=True).values_list("code", "kind")
    areas = Area.objects.filter(ended_at__isnull=True).values_list("code", "path")
    categories = Category.objects.filter(retired_at__isnull=True).values_list("code", flat=True)
    return Known(dict(organisations), dict(areas), frozenset(categories), frozenset(_closed()))


def _closed() -> Iterator[str]:
    ended = Organisation.objects.filter(ended_at__isnull=False).values_list("code", flat=True)
    yield from (f"organisation:{code}" for code in ended)
    areas = Area.objects.filter(ended_at__isnull=False).values_list("code", flat=True)
    yield from (f"area:{code}" for code in areas)
    retired = Category.objects.filter(retired_at__isnull=False).values_list("code", flat=True)
    yield from (f"category:{code}" for code in retired)


def entries(*, organisation_id: UUID | None = None, category: str = "", area_path: str = "") -> list[Entry]:
    """Mandates in force, by item; category matches the code and all below it, area_path all within it."""
    table = snapshot.current()

    def fits(entry: Entry) -> bool:
        facts = table.categories.get(entry.category)
        chain = facts.chain if facts else (entry.category,)
        return (
            (organisation_id is None or entry.organisation_id == organisation_id)
            and (not category or category in chain)
            and entry.area_path.startswith(area_path)
        )

    return [entry for entry in table.entries if fits(entry)]


def findings(*, at: datetime) -> checking.Findings:
    """Gaps, overlaps and expired bases of the lists in force, over all communities."""
    paths = Area.objects.filter(ended_at__isnull=True, level="community").values_list("path", flat=True)
    return checking.check(snapshot.current(), areas=list(paths) or [""], at=at)


def open_gaps(*, limit: int = 200) -> Sequence[OpenGap]:
    """What real matters ran into and nobody has settled yet, newest first."""
    rows = MandateGap.objects.filter(ended_at__isnull=True).select_related("category").order_by("-found_at")
    return [
        OpenGap(
            row.id,
            row.kind,
            row.category.code,
            row.category.titles,
            row.area_path,
            tuple(row.candidates),
            row.found_at,
        )
        for row in rows[:limit]
    ]
