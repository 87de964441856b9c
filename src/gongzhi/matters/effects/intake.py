"""Taking on, and sending to whoever must handle it."""

from uuid import UUID

from gongzhi.catalogue.models import Category
from gongzhi.mandates import rules as mandates
from gongzhi.mandates import snapshot
from gongzhi.matters import accused, routes
from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.inside import end_tasks
from gongzhi.matters.effects.leaving import end_what_waits
from gongzhi.matters.effects.linking import link_repeat
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import (
    Acceptance,
    Assignment,
    Diversion,
    MatterText,
    Placement,
    Routing,
    Signature,
)
from gongzhi.matters.reports import Accused
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area


@effect("accept", leaves="acceptance")
def accept(step: Step) -> None:
    """A corrected category is routed anew under the list now in force."""
    wanted, before = step.form.get("category"), step.matter.category.code
    corrected = wanted is not None and wanted != before
    if corrected:
        step.matter.category = Category.objects.get(code=wanted)
        step.names["category"] = step.matter.category.titles["zh-hans"]
        route_anew(step)
    step.add(Acceptance, note=step.form.get("note", ""), category_before=before if corrected else "")
    link_repeat(step)


def route_anew(step: Step, *, about: Accused | None = None) -> None:
    """By the list now in force, past whom the report complains of."""
    matter = step.matter
    found = mandates.route(snapshot.current(), matter.category.code, matter.area_path, step.at)
    about = about or accused.of_matter(matter, step.situation.facts, step.at)
    if about is not None:
        found = accused.past(found, about)
    step.end(Routing)
    step.add(Routing, **routes.columns(found))
    step.limits = routes.limits(found)


@effect("locate", leaves="placement")
def locate(step: Step) -> None:
    """The desk says where it is. Who must handle it may change with that, so it is routed anew."""
    matter, area = step.matter, Area.objects.get(code=step.form["area"], ended_at__isnull=True)
    step.add(Placement, area=area, path_before=matter.area_path, address=step.form.get("address", ""))
    matter.area, matter.area_path = area, area.path
    words = {"place_state": "located", **({"address": given} if (given := step.form.get("address")) else {})}
    MatterText.objects.filter(matter=matter).update(**words)
    step.names["area"] = area.name
    route_anew(step)


@effect("dispatch", leaves="assignment")
def dispatch(step: Step) -> None:
    """One lead; those the list names as helpers assist."""
    lead: UUID = step.form["organisation"]
    routing = step.situation.routing
    values = routing.values if routing else {}
    end_tasks(step)
    step.end(Assignment, role="lead")
    step.end(Assignment, organisation_id=lead)
    step.concerns += [
        Concern("assistance", part.id)  # a helper that leads now
        for part in step.situation.facts.currents("assignment", role="assist")
        if part.organisation_id == lead
    ]
    step.add(
        Assignment,
        role="lead",
        organisation_id=lead,
        reason=step.form["reason"],
        designated=step.form.get("designated", False),
        mandate_id=values.get("mandate_id") if routing and routing.organisation_id == lead else None,
        area_path=step.matter.area_path,
    )
    helping = {fact.organisation_id for fact in step.situation.facts.currents("assignment", role="assist")}
    for assistant in values.get("assistants", []):
        if UUID(assistant) not in helping | {lead}:
            step.add(Assignment, role="assist", organisation_id=UUID(assistant))
    step.end(Signature)
    step.matter.lead = Organisation.objects.get(id=lead)
    step.matter.handler = None
    step.names["lead"] = step.matter.lead.name


@effect("divert", leaves="diversion")
def divert(step: Step) -> None:
    step.add(Diversion, reason=step.form["reason"], reply=step.form["reply"])
    end_what_waits(step)
    step.matter.handler = None
