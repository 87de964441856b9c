"""Parts of the case page: clocks, facts, offers, route, and names beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from gongzhi.access.prepared import fetch
from gongzhi.acts.queries import TimelineEntry
from gongzhi.calendar.deadlines import deadline
from gongzhi.calendar.explaining import explain
from gongzhi.calendar.shares import used_percent
from gongzhi.catalogue.procedure import Choice, Field, Verb, Wording
from gongzhi.kernel.clock import in_china
from gongzhi.mandates.reasons import Reason
from gongzhi.matters import clocks
from gongzhi.matters.facts import Fact, Facts
from gongzhi.matters.models import ClockRun, Matter
from gongzhi.matters.queries.rows import ClockView, FactView, RouteView, VerbOffer
from gongzhi.matters.situation import Situation
from gongzhi.parties.queries import account_names
from gongzhi.timetable.queries import Timetable

_REPORTER_READS: Mapping[str, tuple[str, ...]] = {
    "answer": ("result", "reply", "now"),
    "appraisal": ("level", "contacted", "solved", "comment"),
    "diversion": ("reason", "reply"),
    "note": ("text", "audience"),
    "reopening": ("reason",),
    "withdrawal": ("reason",),
    "transfer": ("service",),
    "urge": ("on", "text"),
    "closure": ("outcome",),
}
_UNITS = ("supervised_id", "unit_id", "about_id")  # where a fact names another organisation
_SAID = ("text", "demand", "reply", "reason", "note", "outcome")  # where a fact keeps its words


@dataclass(frozen=True, slots=True)
class Names:
    """Names of accounts and organisations as colleagues read them; empty for who may not."""

    accounts: Mapping[UUID, str] = field(default_factory=dict)
    organisations: Mapping[UUID, str] = field(default_factory=dict)

    def reference(self, by: str) -> str:
        """Of an act's `by`: the account's name; "" for others (anonymous, system, follow codes)."""
        kind, _, id_ = by.partition(":")
        return self.accounts.get(UUID(id_), "") if kind == "account" and id_ else ""

    def account(self, id_: UUID | None) -> str:
        return self.accounts.get(id_, "") if id_ else ""

    def organisation(self, id_: UUID | None) -> str:
        return self.organisations.get(id_, "") if id_ else ""


def names_of(facts: Facts, acts: Sequence[TimelineEntry], matter: Matter) -> Names:
    """Two statements."""
    references = {fact.by for fact in facts} | {act.by for act in acts}
    accounts = {
        UUID(reference.partition(":")[2]) for reference in references if reference.startswith("account:")
    }
    accounts |= {matter.handler_id} if matter.handler_id else set()
    leads = {id_ for id_ in (matter.lead_id, *(fact.organisation_id for fact in facts)) if id_}
    leads |= {UUID(fact.values[name]) for fact in facts for name in _UNITS if fact.values.get(name)}
    rows = fetch("SELECT id, name FROM parties_organisation WHERE id = ANY(%s::uuid[])", [list(leads)])
    return Names(account_names(accounts), dict(rows))


def clock_view(run: ClockRun, situation: Situation, table: Timetable, language: str) -> ClockView:
    clock = next((one for one in situation.procedure.clocks if one.code == run.code), None)
    basis = clock.basis.text if clock else clocks.UNKNOWN
    order = situation.facts.current("superior_order") if run.ceiling_at else None
    bound = order is not None and run.due_at == run.ceiling_at
    if order is not None and run.limit_value is None:
        basis = _given_by(order)
    asked = clocks.question(run, table)
    judged_at = run.stopped_at or situation.at
    resting = run.stopped_at is None and bool(run.pauses) and run.pauses[-1][1] is None
    return ClockView(
        code=run.code,
        titles=clock.titles if clock else clocks.UNKNOWN,
        status="stopped" if run.stopped_at else "paused" if resting else "running",
        started_at=run.started_at,
        due_at=run.due_at,
        stopped_at=run.stopped_at,
        late=run.due_at is not None and run.due_at < judged_at,
        provisional=run.unpublished_year is not None,
        promised=run.promised,
        used_percent=used_percent(asked, judged_at) if asked else None,
        basis=basis,
        explained=(
            *(explain(deadline(asked), language=language) if asked else ()),
            *((_no_later(order, run).in_language(language),) if order and asked and bound else ()),
        ),
        of=run.of,
    )


def _given_by(order: Fact) -> Wording:
    """The basis of a superior's deadline is its order."""
    values = order.values
    return Wording(
        f"由“{values['title_zh']}”给定（工单 {values['number']}）",
        f"Given by {values['title_en']} (order {values['number']})",
    )


def _no_later(order: Fact, run: ClockRun) -> Wording:
    until = f"{in_china(run.due_at):%Y-%m-%d %H:%M}" if run.due_at else ""
    return Wording(
        f"不晚于“{order.values['title_zh']}”给定的时限：{until}",
        f"No later than the deadline {order.values['title_en']} gave: {until}",
    )


def facts_view(facts: Facts, names: Names, *, as_reporter: bool) -> tuple[FactView, ...]:
    """Oldest first. The reporter reads answers, public words and their own judgement, without names of officials."""
    return tuple(
        _fact_view(fact, names, as_reporter) for fact in facts if not as_reporter or _for_reporter(fact)
    )


def _for_reporter(fact: Fact) -> bool:
    return fact.kind in _REPORTER_READS and fact.values.get("audience", "public") == "public"


def _fact_view(fact: Fact, names: Names, as_reporter: bool) -> FactView:
    values: dict[str, Any] = dict(fact.values)
    if as_reporter:
        values = {name: values[name] for name in _REPORTER_READS[fact.kind]}
    return FactView(
        kind=fact.kind,
        id=fact.id,
        at=fact.at,
        by="" if as_reporter else fact.by,
        by_name="" if as_reporter else names.reference(fact.by),
        organisation=names.organisation(fact.organisation_id),
        ended_at=fact.ended_at,
        values=values,
    )


def offer(verb: Verb, situation: Situation, matter: Matter) -> VerbOffer:
    """With what the platform proposes: the routed lead and its reason, the category it has, the answer as drafted."""
    defaults: dict[str, str] = {}
    if verb.effect == "accept":
        defaults["category"] = matter.category.code
    routing = situation.routing
    if verb.effect == "dispatch" and routing and routing.organisation_id:
        defaults["organisation"] = str(routing.organisation_id)
        defaults["reason"] = _reason(routing, "zh-hans")
    draft = situation.facts.current("draft")
    if verb.effect == "sign_off" and draft:
        defaults["reply"] = draft.values["reply"]
    form = tuple(_with_facts(field, situation) for field in verb.form)
    return VerbOffer(verb.code, verb.titles, form, verb.primary, verb.bulk, defaults)


def _with_facts(field: Field, situation: Situation) -> Field:
    """A field that asks for one of the open facts names them, in the words they were written in."""
    if field.kind != "fact":
        return field
    open_ones = situation.facts.currents(field.of)
    return replace(field, choices=tuple(Choice(str(fact.id), _words_of(fact)) for fact in open_ones))


def _words_of(fact: Fact) -> Wording:
    said = next((str(fact.values[name]) for name in _SAID if fact.values.get(name)), fact.kind)
    return Wording(said[:40], said[:40])


def route_view(facts: Facts, language: str, names: Names) -> RouteView | None:
    routing = facts.current("routing")
    if routing is None:
        return None
    return RouteView(
        state=routing.values["state"],
        organisation_id=routing.organisation_id,
        organisation=names.organisation(routing.organisation_id),
        reason=_reason(routing, language),
        candidates=tuple((UUID(id_), name) for id_, name in routing.values["candidates"]),
    )


def _reason(routing: Fact, language: str) -> str:
    said = routing.values["reason"]
    return Reason(said["code"], said["params"]).in_language(language) if said.get("code") else ""
