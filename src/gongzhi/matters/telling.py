"""Whom an act of ours tells what: the `notify` of the procedure turned into notices. Everything a reporter can see and
that changes is told; staff read the category and the place, never the reporter's words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongzhi.acts.drafts import Sequenced
from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue.procedure import Notify, Verb
from gongzhi.kernel.clock import in_china
from gongzhi.matters import loading, reporters
from gongzhi.matters.addressees import SEVERAL, Addressee, recipients
from gongzhi.matters.events import Escalated, Opened, Performed, Recomputed
from gongzhi.matters.models import ClockRun, Matter
from gongzhi.matters.reporters import Reporters
from gongzhi.notices.outgoing import Delivery, Outgoing, Recipient
from gongzhi.parties.models import Account
from gongzhi.timetable.events import WorkHandedOver
from gongzhi.timetable.standing import Reach


@dataclass(frozen=True, slots=True)
class _Told:
    """One act about a matter, with those who reported it."""

    act: Sequenced
    matter: Matter
    reporters: Reporters
    reach: Reach


def outgoing(acts: Sequence[Sequenced], *, at: datetime) -> list[Outgoing]:
    """Every notice these acts call for; none for what was imported. Reads for all of them at once. at: the instant of
    telling, which decides who is on duty."""
    telling = [act for act in acts if act.event and getattr(act.event, "imported", None) is None]
    nobody = _anonymous(telling)
    telling = [act for act in telling if str(act.subject.id) not in nobody]
    rows = loading.rows("category", "area", "handler")
    matters = {str(id_): matter for id_, matter in rows.in_bulk([act.subject.id for act in telling]).items()}
    heard = reporters.of(matters.values())
    reach = Reach(at)
    return [
        notice
        for act in telling
        if (matter := matters.get(str(act.subject.id)))
        for notice in _of_act(_Told(act, matter, heard[matter.id], reach))
    ]


def _anonymous(acts: Sequence[Sequenced]) -> set[str]:
    """Matters just opened that nobody gave a name for and whose opening tells no one else. Sensors send thousands."""
    opened = [
        str(act.subject.id)
        for act in acts
        if isinstance(act.event, Opened) and _tells_only_reporters(act.event)
    ]
    found = Matter.objects.filter(id__in=opened, reporter=None).values_list("id", flat=True) if opened else ()
    opened_only = {str(id_) for id_ in found}
    return opened_only - {str(act.subject.id) for act in acts if not isinstance(act.event, Opened)}


def _tells_only_reporters(event: Opened) -> bool:
    code, version = event.procedure.split("@")
    verb = catalogue.procedure(code, int(version)).verb("open")
    return verb is None or all(notify.to == "reporter" for notify in verb.notify)


def _of_act(told: _Told) -> Iterator[Outgoing]:
    event = told.act.event
    if isinstance(event, Opened | Performed):
        yield from _of_verb(told, event)
    elif isinstance(event, Escalated):
        yield from _of_ladder(told, event)
    elif isinstance(event, Recomputed) and event.promised:
        yield from _of_date(told)


def _of_verb(told: _Told, event: Opened | Performed) -> Iterator[Outgoing]:
    procedure = loading.procedure_of(told.matter)
    verb = procedure.verb("open" if isinstance(event, Opened) else event.verb)
    if verb is None:
        return
    if isinstance(event, Opened) and event.split_from:
        split = procedure.verb("split")
        told_of = split.tells if split else verb.tells
    else:
        told_of = verb.tells
    tells = {"zh": told_of.zh, "en": told_of.en} if isinstance(event, Opened) else event.tells
    for notify in verb.notify:
        if notify.to != "reporter":
            yield from _to_staff(told, verb, notify)
        elif isinstance(event, Opened) and told.matter.reporter_id is None:
            continue  # nobody gave a name, and nobody was merged into it before it was there
        elif tells:
            yield from _to_reporters(told, notify, "matter.told", tells)


def _to_reporters(told: _Told, notify: Notify, template: str, tells: Mapping[str, str]) -> Iterator[Outgoing]:
    """Those of merged matters hear it, too, under their own number."""
    for reporter in told.reporters:
        english = reporter.language.startswith("en")
        text = (tells.get("en") or tells["zh"]) if english else tells["zh"]
        key = "due" if template == "matter.new_date" else "text"
        yield Outgoing(
            template=template,
            values={"number": reporter.number, key: text},
            to=Recipient(person_id=reporter.person_id, language=reporter.language),
            subject=told.act.subject,
            act_id=told.act.id,
            delivery=notify.delivery,
            urgent=told.matter.urgency == "emergency",
        )


def _to_staff(told: _Told, verb: Verb, notify: Notify) -> Iterator[Outgoing]:
    hurry = told.matter.urgency == "emergency" and notify.delivery == "now"
    for one in recipients(told.matter, notify.to, told.reach, by_name=hurry):
        values = {
            "number": told.matter.number,
            "title": _heading(told.matter, one.to.language.startswith("en")),
            "step": verb.titles.in_language(one.to.language),
            "why": one.why,
        }
        yield _to_one(told, "matter.work", values, one, notify.delivery if one.named else "shown")


def _of_ladder(told: _Told, event: Escalated) -> Iterator[Outgoing]:
    matter = told.matter
    clock = loading.procedure_of(matter).clock(event.clock)
    for relation in event.to:
        for one in recipients(matter, relation, told.reach, by_name=True):
            if relation in SEVERAL and one.organisation_id not in _judged_by(matter, event):
                continue
            values = {
                "number": matter.number,
                "title": _heading(matter, one.to.language.startswith("en")),
                "clock": clock.titles.in_language(one.to.language),
                "due": _wall_clock(event.due_at),
                "why": one.why,
            }
            # A deadline is told now; what has run out, by telephone as well.
            if event.at_percent < 100:
                values["percent"] = str(event.at_percent)
                yield _to_one(told, "matter.time", values, one, "shown")
            else:
                yield _to_one(told, "matter.overdue", values, one, "now")


def _judged_by(matter: Matter, event: Escalated) -> set[UUID | None]:
    """Of several units only those whose own clock it is."""
    runs = ClockRun.objects.filter(matter=matter, code=event.clock, stopped_at__isnull=True)
    return {run.bearer_id for run in runs if run.due_at and run.due_at.isoformat() == event.due_at}


def _of_date(told: _Told) -> Iterator[Outgoing]:
    run = ClockRun.objects.filter(matter=told.matter, promised=True, stopped_at__isnull=True).first()
    if run and run.due_at:
        said = _wall_clock(run.due_at.isoformat())
        tells = {"zh": said, "en": said}
        yield from _to_reporters(told, Notify("reporter", "now"), "matter.new_date", tells)


def _to_one(
    told: _Told, template: str, values: dict[str, str], one: Addressee, delivery: Delivery
) -> Outgoing:
    return Outgoing(
        template=template,
        values=values,
        to=one.to,
        subject=told.act.subject,
        act_id=told.act.id,
        delivery=delivery if one.to.person_id else "shown",
        urgent=told.matter.urgency == "emergency",
        kept_from_unit=told.matter.accused_unit_id,
        kept_from_account=told.matter.accused_account_id,
    )


def handed_over(act: Sequenced, event: WorkHandedOver) -> list[Outgoing]:
    """To the colleague who has somebody's work now; nobody when no person is behind their account."""
    accounts = Account.objects.in_bulk([event.account, event.to])
    receiver, giver = accounts[event.to], accounts[event.account]
    if receiver.person_id is None:
        return []
    to = Recipient(person_id=receiver.person_id, language=receiver.language)
    values = {"count": str(sum(event.counts.values())), "who": giver.display_name or giver.username}
    return [
        Outgoing(
            template="work.handed", values=values, to=to, subject=act.subject, act_id=act.id, delivery="now"
        )
    ]


def _heading(matter: Matter, english: bool) -> str:
    titles = matter.category.titles
    category = titles.get("en") or titles["zh-hans"] if english else titles["zh-hans"]
    return f"{category} · {matter.area.name}" if matter.area else category


def _wall_clock(at: str) -> str:
    return in_china(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M") if at else "—"
