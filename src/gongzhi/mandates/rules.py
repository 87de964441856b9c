"""Pure decisions: who leads, and what the lists of streets and communities forbid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from gongzhi.kernel.refusals import Invalid
from gongzhi.mandates.reasons import Reason
from gongzhi.mandates.table import CategoryFacts, Entry, Limit, MandateTable, area_chain

State = Literal["led", "consultation", "gap"]
_NOT_LEADING = ("street", "community")
_REMEMBERED_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Candidate:
    organisation_id: UUID
    organisation: str
    mandate_id: UUID


@dataclass(frozen=True, slots=True)
class Route:
    """state led: organisation_id and mandate_id are set. consultation: several `candidates`, none leads yet.
    gap: nobody; the coordinating desk designates. Limits: the mandate's, else the category's, else None."""

    state: State
    organisation_id: UUID | None
    mandate_id: UUID | None
    reason: Reason
    response: Limit | None
    handling: Limit | None
    candidates: tuple[Candidate, ...] = ()
    assistants: tuple[UUID, ...] = ()
    supervisors: tuple[UUID, ...] = ()
    table_version: int = 0


def route(table: MandateTable, category: str, area_path: str, at: datetime) -> Route:
    """The lead of a category at a place. The most specific area wins, there the most special category.

    Several organisations at the same place in that order: joint consultation. area_path "" (place unknown): only
    mandates over the whole installation apply. Pure; what was asked before is remembered by the table.
    """
    asked = (category, area_path, table.span(at))
    found = table.remembered.get(asked)
    if found is None:
        if len(table.remembered) >= _REMEMBERED_MAX:
            table.remembered.clear()
        found = table.remembered[asked] = _decide(table, category, area_path, at)
    return cast("Route", found)


def _decide(table: MandateTable, category: str, area_path: str, at: datetime) -> Route:
    facts = table.categories.get(category) or CategoryFacts((category,), category, category)
    areas = area_chain(area_path)
    leads = _first(table, "lead", areas, facts.chain, at)
    supervisors = tuple(
        dict.fromkeys(e.organisation_id for e in _first(table, "supervise", areas, facts.chain, at))
    )
    if not leads:
        reason = Reason("gap", {"zh": facts.zh, "en": facts.en})
        return Route(
            "gap", None, None, reason, facts.response, facts.handling, (), (), supervisors, table.version
        )
    if len({entry.organisation_id for entry in leads}) > 1:
        return _consultation(table, facts, leads, supervisors)
    return _led(table, facts, leads[0], areas, supervisors, at)


def _first(
    table: MandateTable, role: str, areas: list[str], chain: tuple[str, ...], at: datetime
) -> tuple[Entry, ...]:
    keys, used = table.by_role[role], table.areas[role]
    for area in areas:
        if area not in used:
            continue
        for code in chain:
            found = keys.get((area, code))
            if found is not None:
                holding = tuple(entry for entry in found if entry.holds(at))
                if holding:
                    return holding
    return ()


def _led(
    table: MandateTable,
    facts: CategoryFacts,
    lead: Entry,
    areas: list[str],
    supervisors: tuple[UUID, ...],
    at: datetime,
) -> Route:
    helping = _first(table, "assist", areas, facts.chain, at)
    assistants = tuple(
        dict.fromkeys(e.organisation_id for e in helping if e.organisation_id != lead.organisation_id)
    )
    params = {
        "item": lead.title or lead.item,
        "area": table.area_names.get(lead.area_path, ""),
        "zh": table.categories[lead.category].zh if lead.category in table.categories else lead.category,
        "en": table.categories[lead.category].en if lead.category in table.categories else lead.category,
        "organisation": lead.organisation,
        "basis": lead.basis,
    }
    return Route(
        state="led",
        organisation_id=lead.organisation_id,
        mandate_id=lead.id,
        reason=Reason("led", params),
        response=lead.response or facts.response,
        handling=lead.handling or facts.handling,
        candidates=(Candidate(lead.organisation_id, lead.organisation, lead.id),),
        assistants=assistants,
        supervisors=supervisors,
        table_version=table.version,
    )


def _consultation(
    table: MandateTable, facts: CategoryFacts, leads: tuple[Entry, ...], supervisors: tuple[UUID, ...]
) -> Route:
    candidates = {
        entry.organisation_id: Candidate(entry.organisation_id, entry.organisation, entry.id)
        for entry in leads
    }
    names = "、".join(candidate.organisation for candidate in candidates.values())
    return Route(
        state="consultation",
        organisation_id=None,
        mandate_id=None,
        reason=Reason("consultation", {"zh": facts.zh, "en": facts.en, "organisations": names}),
        response=facts.response,
        handling=facts.handling,
        candidates=tuple(candidates.values()),
        supervisors=supervisors,
        table_version=table.version,
    )


def refuse(
    table: MandateTable, *, category: str, area_path: str, organisation_id: UUID, kind: str, at: datetime
) -> Invalid | None:
    """Why this organisation (of this kind) may not lead this category here; None when it may.

    北京市接诉即办工作条例 第十七条 and the three-part lists of streets: an item taken back is refused to a street, an
    assisting item never has a street or community as lead, items outside a community's list are refused to it.
    """
    if kind not in _NOT_LEADING:
        return None
    facts = table.categories.get(category) or CategoryFacts((category,), category, category)
    held = list(_entries_over(table, facts, area_path, at))
    own = [entry for entry in held if entry.organisation_id == organisation_id]
    if any(entry.role == "lead" for entry in own):
        return None
    if any(entry.part == "taken_back" for entry in held):
        return Invalid(
            "mandates.taken_back",
            "“%(category)s”属于上级收回事项，不得派给街道（乡镇）或社区（村），请派给收回该事项的部门。",
            category=facts.zh,
        )
    if any(entry.part == "assisting" or entry.role == "assist" for entry in own) or any(
        entry.part == "assisting" for entry in held
    ):
        return Invalid(
            "mandates.assisting_only",
            "“%(category)s”是配合事项，街道（乡镇）、社区（村）只协助，不得作为主办，请派给主办部门。",
            category=facts.zh,
        )
    if kind == "community":
        return Invalid(
            "mandates.outside_community_list",
            "“%(category)s”不在该社区（村）的职责清单内，不得交其办理，请派给街道或主管部门。",
            category=facts.zh,
        )
    return None


def _entries_over(table: MandateTable, facts: CategoryFacts, area_path: str, at: datetime) -> Iterator[Entry]:
    for role in table.by_role:
        for area in area_chain(area_path):
            for code in facts.chain:
                yield from (entry for entry in table.at_key(role, area, code) if entry.holds(at))
