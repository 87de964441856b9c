"""Lists in force: a whole one loaded, one mandate given or ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue.models import Category
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, NotFound
from gongzhi.mandates import events
from gongzhi.mandates.importing import MandateRow
from gongzhi.mandates.models import Mandate
from gongzhi.parties.models import Organisation


@dataclass(frozen=True, slots=True)
class Loaded:
    added: int
    ended: int
    unchanged: int


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
