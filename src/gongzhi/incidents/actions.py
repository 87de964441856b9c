"""The writes: declare, update, log, call, gather by hand, end. One transaction, one act each."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue import snapshot
from gongzhi.incidents import events, gathering, queries, rules
from gongzhi.incidents.forms import Declaration, Line
from gongzhi.incidents.gathering import KIND
from gongzhi.incidents.models import OUTCOMES, CallBack, Entry, Incident, Update
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotFound
from gongzhi.matters import queries as matters
from gongzhi.matters.models import Matter

_WORDS_MAX = 2_000


@transaction.atomic
def declare(*, declaration: Declaration, by: Actor, at: datetime) -> Incident:
    """Make an open matter the heart of an incident; what its rule covers comes in at once, what is reported later by
    itself. Raises NotFound (not seen), NotAllowed, InvalidForm, Conflict (closed, or an incident already)."""
    view = matters.case(visible_to=by, number=declaration.number, at=at, timeline_limit=1).header
    if view.closed_at is not None:
        raise Conflict(
            "incidents.heart_closed", "这件诉求已经办结，不能再立为突发事件。请另选一件正在办理的。"
        )
    if view.lon is None or view.lat is None:
        raise Conflict("incidents.heart_nowhere", "这件诉求还没有地点，请先核定地点，再立为突发事件。")
    tree = snapshot.current()
    wrong = declaration.errors(tree)
    if wrong:
        raise InvalidForm(wrong)
    incident = Incident(
        id=ids.uuid7(at),
        heart=Matter.objects.get(id=view.id),
        plan=declaration.plan,
        title=declaration.title.strip(),
        categories=list(declaration.categories),
        area_path=community(view.area_path),
        lon=view.lon,
        lat=view.lat,
        radius_metres=declaration.radius_metres,
        since=min(declaration.since, view.opened_at, at),
        banner=declaration.banner.strip(),
        script=declaration.script.strip(),
        by=by.reference,
        declared_at=at,
    )
    require(by, "lead", incident)
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("incidents.declared_already", "这件诉求已经是一起突发事件，请打开它。") from error
    declared = events.Declared(
        incident.title,
        view.number,
        incident.plan,
        tuple(incident.categories),
        incident.radius_metres,
        incident.banner,
    )
    _record(incident, "incidents.declare", declared, by, at)
    for text in declaration.duties:
        _log(incident, Line("duty", text), by, at)
    gathering.gather(None, at=at)
    return incident


def community(path: str) -> str:
    """District, street and community of an area's path: as wide as a report without a point is believed."""
    return "".join(f"{part}/" for part in path.split("/")[:3] if part)


@transaction.atomic
def update(*, incident_id: UUID, text: str, by: Actor, at: datetime) -> Update:
    """One message to everybody who reported and to the banner. Raises NotFound, NotAllowed, Invalid, Conflict."""
    incident = _open(incident_id, by, "lead")
    said = _words(text, "text")
    row = Update.objects.create(id=ids.uuid7(at), incident=incident, text=said, at=at, by=by.reference)
    _record(incident, "incidents.update", events.Updated(said), by, at)
    return row


@transaction.atomic
def write(*, incident_id: UUID, line: Line, by: Actor, at: datetime) -> Entry:
    """A line of the log: a duty, a resource, a note. Raises NotFound, NotAllowed, InvalidForm, Conflict."""
    incident = _open(incident_id, by, "lead")
    if wrong := line.errors():
        raise InvalidForm(wrong)
    return _log(incident, line, by, at)


@transaction.atomic
def end_entry(*, incident_id: UUID, entry_id: UUID, by: Actor, at: datetime) -> None:
    """Done, or given back. Raises NotFound when it is not open."""
    incident = _open(incident_id, by, "lead")
    changed = Entry.objects.filter(id=entry_id, incident=incident, ended_at__isnull=True).update(ended_at=at)
    if not changed:
        raise NotFound("incidents.no_entry", "没有这条记录，或已经结束。")
    _record(incident, "incidents.end_entry", events.EntryEnded(entry_id), by, at)


@transaction.atomic
def call(
    *, incident_id: UUID, number: str, outcome: str, solved: bool | None, note: str, by: Actor, at: datetime
) -> CallBack:
    """One attempt to reach one reporter. Raises NotFound, NotAllowed, Invalid."""
    incident = _open(incident_id, by, "call")
    if outcome not in OUTCOMES:
        raise Invalid("incidents.no_outcome", "请选择联系结果。", field="outcome")
    person = next((one for one in queries.people(incident) if one.number == number), None)
    if person is None:
        raise NotFound("incidents.not_in_it", "这起突发事件里没有这个编号的诉求。")
    row = CallBack.objects.create(
        id=ids.uuid7(at),
        incident=incident,
        matter_id=person.matter_id,
        outcome=outcome,
        solved=solved if outcome == "reached" else None,
        note=note.strip()[:_WORDS_MAX],
        at=at,
        by=by.reference,
    )
    _record(incident, "incidents.call", events.Called(number, outcome, row.solved), by, at)
    return row


@transaction.atomic
def gather_by_hand(*, incident_id: UUID, number: str, by: Actor, at: datetime) -> None:
    """A report the rule did not find. Raises NotFound, NotAllowed, and what the procedure refuses to merge."""
    incident = _open(incident_id, by, "lead")
    gathering.bring_in(incident=incident, number=number, verb="merge", how="hand", metres=None, by=by, at=at)


@transaction.atomic
def end(*, incident_id: UUID, conclusion: str, lessons: str, by: Actor, at: datetime) -> Incident:
    """Over, with what happened and what was learnt: the after-action report. Refused while the heart is being handled
    or somebody has not been called."""
    incident = _open(incident_id, by, "lead")
    heart = Matter.objects.get(id=incident.heart_id)
    if heart.closed_at is None:
        raise Conflict(
            "incidents.heart_open", "主诉求 %(number)s 还没有办结，办结后才能结束。", number=heart.number
        )
    left = [person for person in queries.people(incident) if not rules.is_called(person.outcomes)]
    if left:
        raise Conflict(
            "incidents.not_all_called", "还有 %(count)s 人没有回访到，请逐一回访后再结束。", count=len(left)
        )
    incident.conclusion, incident.lessons = _words(conclusion, "conclusion"), lessons.strip()[:_WORDS_MAX]
    incident.ended_at = at
    incident.save(update_fields=["conclusion", "lessons", "ended_at"])
    _record(incident, "incidents.end", events.Ended(incident.conclusion, incident.lessons), by, at)
    return incident


def _open(incident_id: UUID, by: Actor, verb: str) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("heart")
    incident = rows.filter(id=incident_id).first()
    if incident is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    require(by, "view", incident)
    require(by, verb, incident)
    if incident.ended_at is not None:
        raise Conflict("incidents.over", "这起突发事件已经结束，不能再改。")
    return incident


def _words(text: str, field: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid("incidents.empty", "请写几个字再提交。", field=field)
    if len(said) > _WORDS_MAX:
        raise Invalid("incidents.too_long", "最多 %(most)s 个字。", field=field, most=_WORDS_MAX)
    return said


def _log(incident: Incident, line: Line, by: Actor, at: datetime) -> Entry:
    row = Entry.objects.create(
        id=ids.uuid7(at),
        incident=incident,
        kind=line.kind,
        text=line.text.strip(),
        who=line.who.strip(),
        quantity=line.quantity,
        at=at,
        by=by.reference,
    )
    logged = events.Logged(row.kind, row.text, row.who, row.quantity)
    _record(incident, "incidents.log", logged, by, at)
    return row


def _record(incident: Incident, verb: str, event: object, by: Actor, at: datetime) -> None:
    acts.record(
        verb=verb, subject=Subject(KIND, incident.id), by=by, at=at, event=event, area_path=incident.area_path
    )
