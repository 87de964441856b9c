"""Reading what a matter's rules need, in few statements: facts of every kind in one, clocks in one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may
from gongzhi.access.prepared import fetch
from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.question import Question
from gongzhi.calendar.units import Limit, Unit
from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue.procedure import Procedure, State
from gongzhi.files import queries as files
from gongzhi.grants import queries as grants
from gongzhi.kernel.refusals import Refusal
from gongzhi.mandates import rules as mandates
from gongzhi.mandates import snapshot
from gongzhi.matters import wholes
from gongzhi.matters.accused import accused
from gongzhi.matters.facts import Fact, Facts
from gongzhi.matters.models import FACTS, ClockRun, Matter, Merge, Task
from gongzhi.matters.relations import Standing, relations
from gongzhi.matters.rules import Doer
from gongzhi.matters.situation import Other, Situation
from gongzhi.parties.models import Organisation
from gongzhi.timetable.queries import Timetable

_POSTS = "SELECT organisation_id FROM parties_post WHERE person_id = %s AND ended_at IS NULL"
# The district over a place: ranks are held against it. ANY of the few paths above it, by their unique index.
_DISTRICT = """SELECT path FROM places_area WHERE path = ANY(%s) AND level IN ('province', 'city', 'district')
AND ended_at IS NULL ORDER BY length(path) DESC LIMIT 1"""
_STREET = """SELECT id FROM parties_organisation WHERE area_path = ANY(%s) AND kind = 'street' AND ended_at IS NULL
ORDER BY length(area_path) DESC, code LIMIT 1"""
_COMMON = ("id", "matter_id", "at", "by", "organisation_id", "ended_at")


def facts_of(matter_id: UUID) -> Facts:
    """Every fact of the matter, oldest first: one statement, whatever kinds there are."""
    rows = [(kind, _decoded(values)) for kind, values in fetch(_facts_sql(), {"matter": matter_id})]
    return Facts(tuple(sorted((_fact(*row) for row in rows), key=lambda fact: (fact.at, fact.id))))


@cache
def _facts_sql() -> str:
    # Table names come from our own models.
    return " UNION ALL ".join(
        f"SELECT '{kind}', to_jsonb(f) FROM {model._meta.db_table} f WHERE f.matter_id = %(matter)s"  # noqa: S608
        for kind, model in sorted(FACTS.items())
    )


def _decoded(values: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(values) if isinstance(values, str | bytes) else values
    return found


def _fact(kind: str, values: Mapping[str, Any]) -> Fact:
    own = {name: value for name, value in values.items() if name not in _COMMON}
    organisation, ended = values["organisation_id"], values["ended_at"]
    return Fact(
        kind=kind,
        id=UUID(values["id"]),
        at=datetime.fromisoformat(values["at"]),
        by=values["by"],
        organisation_id=UUID(organisation) if organisation else None,
        ended_at=datetime.fromisoformat(ended) if ended else None,
        values=own,
    )


def rows(*related: str) -> QuerySet[Matter]:
    """Matters with what `related` names and their procedure, whose long body is in memory already."""
    return Matter.objects.select_related("procedure", *related).defer("procedure__body")


def procedure_of(matter: Matter) -> Procedure:
    """The version the matter runs under, from memory. For matters of `rows`."""
    return catalogue.procedure(matter.procedure.code, matter.procedure.version)


def situation_of(
    matter: Matter, facts: Facts, *, at: datetime, timetable: Timetable, reader: Actor
) -> Situation:
    """For matters of `rows("category")`. reader: what they may not see, the lookups do not know."""
    return Situation(
        number=matter.number,
        procedure=procedure_of(matter),
        state=matter.state,
        facts=facts,
        at=at,
        lookups=World(matter, timetable, at, reader),
        lead_id=matter.lead_id,
        reporter_id=matter.reporter_id,
        evidence_required=matter.category.evidence_required,
        confidential=matter.confidential,
        organisations=frozenset(held.organisation_id for held in reader.held if held.organisation_id),
        verification_required=matter.category.verification_required,
        sign_off_required=matter.category.sign_off_required,
    )


def doer_of(actor: Actor, matter: Matter, facts: Facts, *, by_post: bool) -> Doer:
    """by_post: organisations the person has a post in count, too (one more statement)."""
    routing = facts.current("routing")
    standing = Standing(
        matter_id=matter.id,
        area_path=matter.area_path,
        lead_id=matter.lead_id,
        handler_id=matter.handler_id,
        reporter_id=matter.reporter_id,
        assistant_ids=[
            f.organisation_id for f in facts.currents("assignment", role="assist") if f.organisation_id
        ],
        tasked_unit_ids=_named(facts, "unit_id"),
        tasked_account_ids=_named(facts, "account_id"),
        called_ids=_of_units(facts, "whistle_call"),
        supervised_ids=[UUID(f.values["supervised_id"]) for f in facts.currents("supervision")],
        district_path=_district(actor, matter),
        supervisor_ids=[UUID(id_) for id_ in routing.values["supervisors"]] if routing else [],
    )
    organisations = {held.organisation_id for held in actor.held if held.organisation_id}
    if by_post and actor.party_id:
        organisations |= {row[0] for row in fetch(_POSTS, [actor.party_id])}
    return Doer(actor.reference, relations(actor, standing), frozenset(organisations))


def _named(facts: Facts, column: str) -> list[UUID]:
    """Whom the open tasks of a matter name."""
    return [UUID(str(task.values[column])) for task in facts.currents("task") if task.values.get(column)]


def _of_units(facts: Facts, kind: str) -> list[UUID]:
    return [fact.organisation_id for fact in facts.currents(kind) if fact.organisation_id]


def _district(actor: Actor, matter: Matter) -> str:
    """Asked only for who holds a role over an area and may therefore rank above a street."""
    if not any(held.role == "supervisor" and held.organisation_id is None for held in actor.held):
        return ""
    found = fetch(_DISTRICT, [_above(matter.area_path)])
    return str(found[0][0]) if found else ""


def _above(path: str) -> list[str]:
    """The path itself and every path above it."""
    parts = path.split("/")[:-1]
    return ["".join(f"{part}/" for part in parts[: n + 1]) for n in range(len(parts))]


@dataclass(frozen=True, slots=True)
class World:
    """The answers only some guards ask for, fetched when they do."""

    matter: Matter
    timetable: Timetable
    at: datetime
    reader: Actor

    def evidence_count(self) -> int:
        return files.count_attached(
            subject_kind="matters.matter", subject_id=self.matter.id, purposes=("evidence",)
        )

    def why_not_receive(self, organisation_id: UUID) -> Refusal | None:
        kind = Organisation.objects.filter(id=organisation_id).values_list("kind", flat=True).first()
        return mandates.refuse(
            snapshot.current(),
            category=self.matter.category.code,
            area_path=self.matter.area_path,
            organisation_id=organisation_id,
            kind=kind or "",
            at=self.at,
        )

    def avoided(self) -> frozenset[UUID]:
        matter = self.matter
        if not (matter.accused_unit_id or matter.accused_account_id):
            return frozenset()
        found = accused(unit_id=matter.accused_unit_id, account_id=matter.accused_account_id, at=self.at)
        return found.avoided

    def names_of(self, organisation_ids: Sequence[UUID]) -> str:
        rows = Organisation.objects.filter(id__in=organisation_ids).order_by("code")
        return "、".join(rows.values_list("name", flat=True))

    def state_of(self, number: str) -> State | None:
        other = rows().filter(number=number).first()
        if other is None or other.accused_unit_id or other.accused_account_id:
            return None  # a complaint stands by itself
        return procedure_of(other).state(other.state) if may(self.reader, "view", other) else None

    def other(self, number: str) -> Other | None:
        found = rows().select_related("words").filter(number=number).first()
        if found is None or not may(self.reader, "view", found):
            return None
        same = found.reporter_id is not None and found.reporter_id == self.matter.reporter_id
        hidden = same and (found.words.anonymous or self.matter.words.anonymous)
        return Other(found.id, same and not hidden)

    def joined_count(self) -> int:
        return Merge.objects.filter(into=self.matter, ended_at__isnull=True).count()

    def answered_by(self) -> UUID | None:
        return wholes.answered_by(self.matter.id)

    def works_for_lead(self, account_id: UUID) -> bool:
        if self.matter.lead_id is None:
            return False
        held = grants.valid(self.at)
        return held.filter(account_id=account_id, organisation_id=self.matter.lead_id).exists()

    def has_another_head(self) -> bool:
        if self.matter.lead_id is None or self.reader.id is None:
            return False
        heads = grants.heads_of(self.matter.lead_id, at=self.at)
        return heads.exclude(account_id=self.reader.id).exists()

    def own_tasks(self, task_ids: Sequence[UUID]) -> frozenset[UUID]:
        units = {held.organisation_id for held in self.reader.held if held.organisation_id}
        mine = Q(unit_id__in=units) | Q(account_id=self.reader.id)
        return frozenset(Task.objects.filter(mine, id__in=task_ids).values_list("id", flat=True))

    def promised_until(self) -> datetime | None:
        runs = ClockRun.objects.filter(matter=self.matter, promised=True, stopped_at__isnull=True)
        return runs.order_by("due_at").values_list("due_at", flat=True).first()

    def street(self) -> UUID | None:
        found = fetch(_STREET, [_above(self.matter.area_path)])
        return found[0][0] if found else self.matter.lead_id

    def deadline(self, start: datetime, value: int, unit: str) -> datetime:
        answer = deadline(
            Question(
                start=start,
                limit=Limit(value, Unit(unit)),
                holidays=self.timetable.holidays,
                hours=self.timetable.hours(self.matter.lead_id),
                provisional_allowed=True,
            )
        )
        return answer.due_at or start
