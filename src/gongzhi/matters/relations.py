"""How an actor stands to a matter: the (role, relation) pairs a procedure's `who` is held against. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from gongzhi.access.actor import Actor, Held
from gongzhi.grants.roles import ROLES

Relation = tuple[str, str]
_BY_AREA = ("area", "either")  # a resident holds no area, though their role names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a matter decides how people stand to it. matter_id: who follows it by its code has it as party.
    district_path: of the district it lies in, "" where none is known."""

    matter_id: UUID | None = None
    area_path: str = ""
    lead_id: UUID | None = None
    handler_id: UUID | None = None
    reporter_id: UUID | None = None
    assistant_ids: Collection[UUID] = ()
    tasked_unit_ids: Collection[UUID] = ()
    tasked_account_ids: Collection[UUID] = ()
    supervisor_ids: Collection[UUID] = ()
    called_ids: Collection[UUID] = ()
    supervised_ids: Collection[UUID] = ()
    district_path: str = ""


def relations(actor: Actor, standing: Standing) -> frozenset[Relation]:
    """Every pair that holds; ("", relation) where no role is needed."""
    pairs: set[Relation] = {("", "anyone")}
    if actor.kind == "system":
        return frozenset({*pairs, ("", "system")})
    if actor.party_id is not None and actor.party_id in (standing.reporter_id, standing.matter_id):
        pairs.add(("", "reporter"))
    for held in actor.held:
        pairs |= {(held.role, relation) for relation in _of(held, standing)}
        if actor.id is not None and actor.id == standing.handler_id:
            pairs.add((held.role, "handler"))
        if actor.id is not None and actor.id in standing.tasked_account_ids:
            pairs.add((held.role, "tasked"))
    return frozenset(pairs)


def _of(held: Held, standing: Standing) -> set[str]:
    found = {"anyone"}
    if held.organisation_id is None:
        if ROLES[held.role].scope in _BY_AREA and standing.area_path.startswith(held.area_path):
            found |= {"area", "desk", "supervisor"}
            if standing.district_path.startswith(held.area_path) and standing.district_path:
                found.add("district")
        return found
    if held.organisation_id == standing.lead_id:
        found.add("lead")
    if held.organisation_id in standing.assistant_ids:
        found.add("assistant")
    if held.organisation_id in standing.tasked_unit_ids:
        found.add("tasked")
    if held.organisation_id in standing.called_ids:
        found.add("called")
    if held.organisation_id in standing.supervised_ids:
        found.add("supervised")
    if held.organisation_id in standing.supervisor_ids:
        found.add("supervisor")
    return found


def is_among(who_role: str, who_relation: str, pairs: frozenset[Relation]) -> bool:
    """Whether one `who` of a verb is met. who_role "": any role, or none."""
    if who_role:
        return (who_role, who_relation) in pairs
    return any(relation == who_relation for _, relation in pairs)
