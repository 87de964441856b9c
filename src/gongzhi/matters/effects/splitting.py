"""拆单: what one report says is several matters. Each goes to whom it concerns; the person waits since the one acceptance."""

from dataclasses import replace
from typing import cast

from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue.models import Category
from gongzhi.files import actions as files
from gongzhi.kernel import ids
from gongzhi.mandates import rules as mandates
from gongzhi.mandates import snapshot
from gongzhi.mandates.rules import Route
from gongzhi.matters import births, clocks, codes, routes
from gongzhi.matters.arrivals import opened_event
from gongzhi.matters.births import Newborn
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Acceptance, MatterText, Split
from gongzhi.matters.reports import PlaceState, Report, Urgency

_PROMISE, _STATE = "handling", "accepted"


@effect("split", leaves="split")
def split(step: Step) -> None:
    """The piece is born accepted, with the reporter, place and protection of the whole, routed by its own category."""
    matter = step.matter
    category = Category.objects.get(code=step.form["category"])
    route = mandates.route(snapshot.current(), category.code, matter.area_path, step.at)
    piece = births.born(
        _report(step, category, route),
        number=codes.take_numbers(1)[0],
        procedure_id=matter.procedure_id,
        reporter_id=matter.reporter_id,
        at=step.at,
    )
    piece.state = step.situation.procedure.state(_STATE)
    piece.clocks = (_clock(step, piece, route),)
    births.insert([piece], by=step.by.reference)
    Acceptance(id=ids.uuid7(step.at), matter_id=piece.id, at=step.at, by=step.by.reference).save(
        force_insert=True
    )
    # The photos of the report are of all its parts; no bytes are copied.
    files.attach_also(
        of=Subject("matters.matter", matter.id),
        to=Subject("matters.matter", piece.id),
        purposes=("report", "message"),
        by=step.by,
        at=step.at,
        area_path=matter.area_path,
    )
    step.add(Split, into_id=piece.id, reason=step.form["reason"])
    step.names["into"] = piece.number
    record(
        verb="matters.open",
        subject=Subject("matters.matter", piece.id),
        by=step.by,
        at=step.at,
        event=replace(opened_event(piece), state=_STATE, split_from=matter.number),
        area_path=matter.area_path,
    )


def _report(step: Step, category: Category, route: Route) -> Report:
    matter, form = step.matter, step.form
    words = MatterText.objects.get(matter=matter)
    return Report(
        category_id=category.id,
        category=category.code,
        title=form["title"],
        text=form["text"],
        channel=matter.channel,
        procedure=step.situation.procedure,
        route=route,
        kind=matter.kind,
        address=words.address,
        lon=matter.lon,
        lat=matter.lat,
        area_id=matter.area_id,
        area_path=matter.area_path,
        place_state=cast("PlaceState", words.place_state),
        reporter=matter.reporter_id,
        confidential=matter.confidential,
        anonymous=words.anonymous,
        urgency=cast("Urgency", matter.urgency),
        language=words.language,
        opened_at=matter.opened_at,
    )


def _clock(step: Step, piece: Newborn, route: Route) -> births.Ticking:
    """The limit of the piece's own kind, counted from the acceptance of the whole, without its pauses."""
    procedure = step.situation.procedure
    since = min((run.started_at for run in step.clocks.runs if run.code == _PROMISE), default=step.at)
    run = clocks.started(
        procedure.clock(_PROMISE),
        matter_id=piece.id,
        at=since,
        limits=routes.limits(route),
        bearer_id=None,
        procedure=procedure,
        timetable=step.clocks.timetable,
    )
    return births.Ticking.of(run)
