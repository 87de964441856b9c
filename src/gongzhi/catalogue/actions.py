"""The writes: publish a procedure, load the category tree. Both idempotent by digest; one act each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue import categories as tree
from gongzhi.catalogue import reading
from gongzhi.catalogue.categories import CategoryRow
from gongzhi.catalogue.events import CategoriesLoaded, ProcedurePublished
from gongzhi.catalogue.models import Category, CategoryEdition, ProcedureVersion
from gongzhi.catalogue.procedure import Procedure
from gongzhi.kernel import ids


@dataclass(frozen=True, slots=True)
class Loaded:
    """number: version or edition now in force. added … retired count categories."""

    number: int
    new: bool
    added: int = 0
    changed: int = 0
    retired: int = 0


def publish_procedure(*, procedure: Procedure, by: Actor, at: datetime) -> Loaded:
    """Publish a checked procedure as the next version of its code; the same text again changes nothing.

    Raises NotAllowed for anyone but the system administrator.
    """
    require_to(by, "catalogue.publish")
    with transaction.atomic():
        _one_at_a_time(f"catalogue.procedure.{procedure.code}")
        versions = ProcedureVersion.objects.filter(code=procedure.code).order_by("-version")
        known = versions.filter(digest=procedure.digest).first()
        if known is not None:
            return Loaded(known.version, new=False)
        newest = versions.first()
        version = newest.version + 1 if newest else 1
        row = ProcedureVersion(
            id=ids.uuid7(at),
            code=procedure.code,
            version=version,
            digest=procedure.digest,
            body=reading.body_of(procedure),
            published_at=at,
            published_by=by.reference,
        )
        row.save(force_insert=True)
        acts.record(
            verb="catalogue.publish_procedure",
            subject=Subject("catalogue.procedure", row.id),
            by=by,
            at=at,
            event=ProcedurePublished(procedure.code, version, procedure.digest),
        )
    return Loaded(version, new=True)


def load_categories(*, rows: Sequence[CategoryRow], by: Actor, at: datetime) -> Loaded:
    """Make the tree what `rows` say: new ones added, others changed, those missing retired (their matters stay).

    The same tree again changes nothing. Raises NotAllowed for anyone but the system administrator.
    """
    require_to(by, "catalogue.publish")
    digest = tree.digest(list(rows))
    with transaction.atomic():
        _one_at_a_time("catalogue.categories")
        newest = CategoryEdition.objects.order_by("-number").first()
        if newest is not None and newest.digest == digest:
            return Loaded(newest.number, new=False)
        counts = _store(rows, at)
        number = newest.number + 1 if newest else 1
        CategoryEdition.objects.create(
            number=number, digest=digest, body=tree.body_of(list(rows)), loaded_at=at, loaded_by=by.reference
        )
        acts.record(
            verb="catalogue.load_categories",
            subject=Subject("catalogue.edition", number),
            by=by,
            at=at,
            event=CategoriesLoaded(number, digest, *counts),
        )
    return Loaded(number, True, *counts)


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def _store(rows: Sequence[CategoryRow], at: datetime) -> tuple[int, int, int]:
    known = {category.code: category for category in Category.objects.all()}
    made: dict[str, Category] = {}
    added, changed = [], []
    for row in rows:
        values = _values(row, made)
        category = known.get(row.code)
        if category is None:
            category = Category(id=ids.uuid7(at), code=row.code, **values)
            added.append(category)
        elif any(getattr(category, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(category, name, value)
            changed.append(category)
        made[row.code] = category
    Category.objects.bulk_create(added)
    if changed:
        Category.objects.bulk_update(changed, [*_values(rows[0], made)])
    gone = Category.objects.filter(retired_at__isnull=True).exclude(code__in=list(made))
    return len(added), len(changed), gone.update(retired_at=at)


def _values(row: CategoryRow, made: dict[str, Category]) -> dict[str, Any]:
    response, handling = row.response or (None, ""), row.handling or (None, "")
    return {
        "parent_id": made[row.parent].id if row.parent else None,
        "level": row.level,
        "kind": row.kind,
        "titles": {"zh-hans": row.zh, "en": row.en},
        "keywords": list(row.keywords),
        "examples": list(row.examples),
        "evidence_required": row.evidence,
        "verification_required": row.verification,
        "sign_off_required": row.sign_off,
        "public_space": row.public_space,
        "response_value": response[0],
        "response_unit": response[1],
        "handling_value": handling[0],
        "handling_unit": handling[1],
        "basis": row.basis,
        "retired_at": None,
    }
