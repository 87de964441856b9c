"""The writes: put a whole list in force, give or end one mandate, note and settle gaps."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.catalogue.models import Category
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, NotFound
from gongzhi.mandates import events
from gongzhi.mandates.importing import MandateRow
from gongzhi.mandates.models import Mandate, MandateGap
from gongzhi.parties.models import Organisation


@dataclass(frozen=True, slots=True)
class Loaded:
    added: int
    ended: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Found:
    """A category and place that could not be routed. kind: gap | overlap."""

    kind: str
    category: str
    area_path: str
    candidates: tuple[UUID, ...] = ()


@transaction.atomic
def load(*, rows: Sequence[MandateRow], by: Actor, at: datetime, replace: bool = True) -> Loaded:
    """Put a list in force: rows not there yet are given, changed ones ended and given anew. replace: what the list
    does not name is ended. The same list again changes nothing and records nothing. Raises NotAllowed.
    """
    require_to(by, "mandates.keep")
    _one_at_a_time()
    present = {_key(row): row for row in _in_force()}
    wanted = {row.key: row for row in rows}
    keep = {key for key, row in wanted.items() if key in present and _same(row, present[key])}
    ending = [row.id for key, row in present.items() if key not in keep and (key in wanted or replace)]
    adding = [row for key, row in wanted.items() if key not in keep]
    if not ending and not adding:
        return Loaded(0, 0, len(keep))
    Mandate.objects.filter(id__in=ending).update(ended_at=at)
    Mandate.objects.bulk_create(_mandates(adding, at))
    digest = hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    acts.record(
        verb="mandates.load",
        subject=Subject("mandates.list", digest[:32]),
        by=by,
        at=at,
        event=events.MandatesLoaded(len(adding), len(ending), digest),
    )
    return Loaded(len(adding), len(ending), len(keep))


@transaction.atomic
def give(*, row: MandateRow, by: Actor, at: datetime) -> Mandate:
    """Give one mandate. Raises Conflict when the same one is in force, NotAllowed."""
    require_to(by, "mandates.keep")
    _one_at_a_time()
    if any(_key(present) == row.key for present in _in_force().filter(item=row.item)):
        raise Conflict("mandates.given", "这条责任已在清单中；要修改请先终止原有的一条。")
    [mandate] = Mandate.objects.bulk_create(_mandates([row], at))
    acts.record(
        verb="mandates.give",
        subject=Subject("mandates.mandate", mandate.id),
        by=by,
        at=at,
        area_path=row.area_path,
        event=events.MandateGiven(
            row.item, mandate.organisation_id, row.category, row.role, row.part, row.basis
        ),
    )
    return mandate


@transaction.atomic
def end(*, mandate_id: UUID, reason: str, by: Actor, at: datetime) -> Mandate:
    """End one mandate. Raises NotFound, Conflict when ended already, NotAllowed."""
    require_to(by, "mandates.keep")
    mandate = Mandate.objects.select_for_update().filter(id=mandate_id).first()
    if mandate is None:
        raise NotFound("mandates.unknown", "没有这条责任。")
    if mandate.ended_at is not None:
        raise Conflict("mandates.ended", "这条责任已经终止。")
    mandate.ended_at = at
    mandate.save(update_fields=["ended_at"])
    acts.record(
        verb="mandates.end",
        subject=Subject("mandates.mandate", mandate.id),
        by=by,
        at=at,
        area_path=mandate.area_path,
        event=events.MandateEnded(mandate.item, reason),
    )
    return mandate


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


def _in_force() -> Any:
    return Mandate.objects.filter(ended_at__isnull=True).select_related("organisation", "category")


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('mandates.list'))")


def _key(row: Mandate) -> tuple[str, ...]:
    return (row.item, row.organisation.code, row.area_path, row.category.code, row.role)


def _values(row: MandateRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "part": row.part,
        "basis": row.basis,
        "basis_until_on": row.basis_until_on,
        "valid_until": row.valid_until,
        "response_value": row.response.value if row.response else None,
        "response_unit": row.response.unit if row.response else "",
        "handling_value": row.handling.value if row.handling else None,
        "handling_unit": row.handling.unit if row.handling else "",
    }


def _same(row: MandateRow, present: Mandate) -> bool:
    starts = row.valid_from is None or row.valid_from == present.valid_from
    return starts and all(getattr(present, name) == value for name, value in _values(row).items())


def _mandates(rows: Sequence[MandateRow], at: datetime) -> list[Mandate]:
    organisations = dict(
        Organisation.objects.filter(code__in={row.organisation for row in rows}).values_list("code", "id")
    )
    categories = dict(
        Category.objects.filter(code__in={row.category for row in rows}).values_list("code", "id")
    )
    return [
        Mandate(
            id=ids.uuid7(at),
            item=row.item,
            organisation_id=organisations[row.organisation],
            area_path=row.area_path,
            category_id=categories[row.category],
            role=row.role,
            valid_from=row.valid_from or at,
            **_values(row),
        )
        for row in rows
    ]
