"""Who reported matters: of each its own reporter and those of matters merged into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gongzhi.matters.models import Matter, MatterText
from gongzhi.matters.wholes import with_merged
from gongzhi.parties.models import ContactPoint


@dataclass(frozen=True, slots=True)
class Reporter:
    """number: of the matter this person reported, which may have been merged into another."""

    number: str
    person_id: UUID
    language: str
    has_phone: bool


Reporters = tuple[Reporter, ...]


def of(matters: Iterable[Matter]) -> dict[UUID, Reporters]:
    """matter id → its reporters, the own one first; one person is named once. The same few statements for one matter
    and for hundreds."""
    within = with_merged(matter.id for matter in matters)
    owners = {id_ for ids in within.values() for id_ in ids}
    rows = MatterText.objects.filter(matter_id__in=owners, matter__reporter__isnull=False)
    named = {
        id_: (number, person_id, language)
        for id_, number, person_id, language in rows.values_list(
            "matter_id", "matter__number", "matter__reporter_id", "language"
        )
        if person_id is not None
    }
    reachable = _with_phone({person_id for _, person_id, _ in named.values()})
    found: dict[UUID, Reporters] = {}
    for root, ids in within.items():
        people: dict[UUID, Reporter] = {}
        for number, person_id, language in (named[id_] for id_ in ids if id_ in named):
            people.setdefault(person_id, Reporter(number, person_id, language, person_id in reachable))
        found[root] = tuple(people.values())
    return found


def _with_phone(person_ids: set[UUID]) -> set[UUID]:
    if not person_ids:
        return set()
    points = ContactPoint.objects.filter(person_id__in=person_ids, kind="phone", ended_at__isnull=True)
    return set(points.values_list("person_id", flat=True))
