"""One verb on one matter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue.procedure import Outcome, Verb
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import Conflict, NotFound, PreconditionFailed
from gongzhi.matters import events, forms, loading, map, rules
from gongzhi.matters.clocks import Clocks
from gongzhi.matters.effects import EFFECTS, Step
from gongzhi.matters.models import ClockRun, Closure, Matter, MatterText
from gongzhi.matters.relations import is_among
from gongzhi.matters.reports import Performed
from gongzhi.matters.situation import Situation
from gongzhi.timetable import queries as timetables

_SAVED = (
    "category",
    "area",
    "area_path",
    "state",
    "stage",
    "lead",
    "handler",
    "accused_unit",
    "accused_account",
    "due_at",
    "closed_at",
    "version",
)


def perform(
    *,
    number: str,
    verb: str,
    form: Mapping[str, object],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Performed:
    """Do one verb, judged by the procedure the matter runs under.

    version: the version the doer has seen (If-Match). at: moved behind the last fact when another came first. Raises
    NotFound (may not see it, or no such verb), NotAllowed (wrong person), PreconditionFailed (another version),
    Conflict (wrong state or a guard: says the present state), InvalidForm (every wrong field).
    """
    try:
        with transaction.atomic():
            return _perform(number, verb, form, by, at, version)
    except IntegrityError as error:
        if "_elsewhere" in str(error) or "_by_another" in str(error):
            raise Conflict("matters.same_person_stored", "申请人与审核人不能是同一人或同一单位。") from error
        raise


def _perform(
    number: str, code: str, form: Mapping[str, object], by: Actor, at: datetime, version: int | None
) -> Performed:
    matter = _locked(number, by)
    procedure = loading.procedure_of(matter)
    verb = procedure.verb(code)
    if verb is None or not verb.from_states:
        raise NotFound("matters.no_verb", "没有这个办理动作。")
    if version is not None and version != matter.version:
        state = procedure.state(matter.state)
        raise PreconditionFailed(
            "matters.changed_meanwhile",
            "诉求已被他人更新，现在是“%(state)s”。请刷新后再操作，您填写的内容还在。",
            state=state.titles,
        )
    facts, table = loading.facts_of(matter.id), timetables.current()
    clock_runs = ClockRun.objects.select_for_update().filter(matter=matter)  # a ladder may be climbing
    runs = list(clock_runs.order_by("started_at", "id"))
    at = max([at, matter.opened_at, *(fact.at for fact in facts), *(run.started_at for run in runs)])
    situation = loading.situation_of(matter, facts, at=at, timetable=table, reader=by)
    doer = loading.doer_of(by, matter, facts, by_post=bool(verb.second_person))
    _judge(situation, doer, verb, None)
    cleaned = forms.clean(verb, form)
    if any(choice.reply for field in verb.form for choice in field.choices):
        forms.propose_reply(verb, cleaned, MatterText.objects.get(matter=matter).language)
    forms.require_open(verb, cleaned, facts)
    _judge(situation, doer, verb, cleaned)
    outcome = rules.outcome(situation, verb, cleaned)
    step = Step(
        matter=matter,
        situation=situation,
        verb=verb,
        form=cleaned,
        doer=doer,
        by=by,
        at=at,
        to_state=outcome.to_state,
        clocks=Clocks(
            procedure=procedure, timetable=table, matter_id=matter.id, runs=runs, ceiling=facts.ceiling
        ),
        limits=_limits(situation),
    )
    return _carry_out(step, outcome)


def _locked(number: str, by: Actor) -> Matter:
    try:
        parsed = numbers.parse(number)
    except ValueError:
        parsed = ""
    rows = loading.rows("category", "lead").select_for_update(of=("self",))
    matter = rows.filter(number=parsed).first()
    if matter is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    require(by, "view", matter)
    return matter


def _judge(situation: Situation, doer: rules.Doer, verb: Verb, form: Mapping[str, object] | None) -> None:
    refusal = rules.judge(situation, doer, verb, form).reason
    if refusal is not None:
        raise refusal


def _limits(situation: Situation) -> Mapping[str, Any]:
    routing = situation.routing
    if routing is None:
        return {}
    return {
        "mandate.response": routing.values["response"],
        "mandate.handling": routing.values["handling"],
    }


def _carry_out(step: Step, outcome: Outcome) -> Performed:
    matter, procedure, from_state = step.matter, step.situation.procedure, step.matter.state
    before = map.place_of(matter)
    EFFECTS[step.verb.effect](step)
    state = procedure.state(outcome.to_state)
    moves = procedure.clock_moves(step.verb.code, from_state=from_state, to_state=state.code)
    step.clocks.move(
        moves,
        at=step.at,
        limits=step.limits,
        bearer_id=matter.lead_id,
        concerns=step.concerns,
        ended_at=matter.closed_at,
    )
    step.clocks.save()
    if state.final and from_state != state.code:
        step.add(Closure, organisation_id=matter.lead_id, note=step.form.get("note", ""))
    matter.state, matter.stage, matter.version = state.code, state.stage, matter.version + 1
    matter.closed_at = (matter.closed_at or step.at) if state.final else None
    matter.due_at = None if state.final else step.clocks.due_at()
    matter.save(update_fields=_SAVED)
    map.note(before, map.place_of(matter))
    act_id = _record(step, outcome, from_state)
    return Performed(
        matter.id, matter.number, step.verb.code, from_state, matter.state, matter.version, act_id
    )


def _record(step: Step, outcome: Outcome, from_state: str) -> UUID:
    matter, verb, procedure = step.matter, step.verb, step.situation.procedure
    told = bool(outcome.tells) and any(notify.to == "reporter" for notify in verb.notify)
    event = events.Performed(
        number=matter.number,
        procedure=f"{procedure.code}@{procedure.version}",
        verb=verb.code,
        from_state=from_state,
        to_state=matter.state,
        version=matter.version,
        form={name: _plain(value) for name, value in step.form.items()},
        public=tuple(field.code for field in verb.form if field.public),
        tells={"zh": outcome.tells.zh, "en": outcome.tells.en} if told else {},
        names=step.names,
        due_at=matter.due_at.isoformat() if matter.due_at else "",
    )
    return record(
        verb=f"matters.{verb.code}",
        subject=Subject("matters.matter", matter.id),
        by=step.by,
        at=step.at,
        event=event,
        area_path=matter.area_path,
        under=_under(step),
    )


def _under(step: Step) -> str:
    """The role and relation that allowed it."""
    for who in step.verb.who:
        if is_among(who.role, who.relation, step.doer.relations):
            return f"{who.role or '-'}/{who.relation}"
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, UUID) else value
