"""Reports come into an incident by themselves: which belong to it, and bringing them in."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue import snapshot
from gongzhi.catalogue.snapshot import CategoryTree
from gongzhi.incidents import events, rules
from gongzhi.incidents.models import Gathered, Incident
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters import actions as matters
from gongzhi.matters.models import Matter

log = logging.getLogger("gongzhi.incidents")
KIND = "incidents.incident"
GATHER = "gather"
_FROM_STATES = ("reported", "accepted")
_AT_ONCE_MAX = 500  # the next sweep takes the rest


def sweep(*, at: datetime) -> int:
    """What a reaction could not bring in (the heart was being edited, the worker was down). Returns how many came."""
    return gather(None, at=at)


def gather(matter_ids: Sequence[UUID] | None, *, at: datetime) -> int:
    """Bring every waiting report that belongs to an open incident into it. matter_ids None: look through all."""
    incidents = list(Incident.objects.filter(ended_at__isnull=True).select_related("heart"))
    if not incidents:
        return 0
    tree = snapshot.current()
    rows = _waiting(incidents, tree)
    if matter_ids is not None:
        rows = rows.filter(id__in=matter_ids)
    done = 0
    for matter in rows[:_AT_ONCE_MAX]:
        for incident in incidents:
            found = rules.belongs(around(incident), heard(matter, tree))
            if found and matter.id != incident.heart_id:
                done += _bring_in(incident, matter, found.metres, at)
                break
    return done


def _waiting(incidents: Iterable[Incident], tree: CategoryTree) -> QuerySet[Matter]:
    """Confidential reports never come in by themselves, nor what was taken out."""
    codes = {code for incident in incidents for code in incident.categories}
    kinds = [node.id for node in tree.nodes.values() if codes.intersection(node.chain)]
    rows = Matter.objects.filter(  # a complaint about those who handle stands by itself
        accused_unit__isnull=True,
        accused_account__isnull=True,
        state__in=_FROM_STATES,
        closed_at__isnull=True,
        confidential=False,
        category_id__in=kinds,
        opened_at__gte=min(incident.since for incident in incidents),
    ).exclude(id__in=Gathered.objects.filter(ended_at__isnull=False).values("matter_id"))
    return rows.select_related("category").order_by("opened_at", "id")


def _bring_in(incident: Incident, matter: Matter, metres: int | None, at: datetime) -> int:
    try:
        bring_in(
            incident=incident,
            number=matter.number,
            verb=GATHER,
            how="itself",
            metres=metres,
            by=SYSTEM,
            at=at,
        )
    except Refusal as refusal:
        log.info("%s not gathered into %s: %s", matter.number, incident.id, refusal.code)
        return 0
    return 1


@transaction.atomic
def bring_in(
    *, incident: Incident, number: str, verb: str, how: str, metres: int | None, by: Actor, at: datetime
) -> None:
    """The verb on the matter and the fact beside it, together or not at all. Raises what the procedure refuses."""
    done = matters.perform(
        number=number, verb=verb, form={"into": incident.heart.number, "reason": incident.title}, by=by, at=at
    )
    Gathered.objects.create(
        id=ids.uuid7(at), incident=incident, matter_id=done.id, how=how, metres=metres, at=at, by=by.reference
    )
    acts.record(
        verb="incidents.gather",
        subject=Subject(KIND, incident.id),
        by=by,
        at=at,
        event=events.ReportGathered(done.number, how, metres),
        area_path=incident.area_path,
    )


@transaction.atomic
def let_go(*, matter_id: UUID, by: Actor, at: datetime) -> None:
    """A report that is no longer merged into the heart stops to belong to the incident. Idempotent."""
    row = (
        Gathered.objects.select_related("incident").filter(matter_id=matter_id, ended_at__isnull=True).first()
    )
    if row is None:
        return
    Gathered.objects.filter(id=row.id).update(ended_at=max(at, row.at))
    number = Matter.objects.values_list("number", flat=True).get(id=matter_id)
    acts.record(
        verb="incidents.let_go",
        subject=Subject(KIND, row.incident_id),
        by=by,
        at=at,
        event=events.ReportLetGo(number),
        area_path=row.incident.area_path,
    )


def around(incident: Incident) -> rules.Around:
    return rules.Around(
        frozenset(incident.categories),
        incident.lon,
        incident.lat,
        incident.radius_metres,
        incident.area_path,
        incident.since,
    )


def heard(matter: Matter, tree: CategoryTree) -> rules.Heard:
    node = tree.get(matter.category.code)
    return rules.Heard(
        node.chain if node else (matter.category.code,),
        matter.lon,
        matter.lat,
        matter.area_path,
        matter.opened_at,
    )
