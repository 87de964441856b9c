"""Whom an act of ours tells what: the `notify` of the procedure turned into notices. Everything a reporter can see and
that changes is told; staff read the category and the place, never the reporter's words.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from gongzhi.acts.drafts import Sequenced
from gongzhi.catalogue.procedure import Notify, Verb
from gongzhi.grants.roles import ROLES
from gongzhi.kernel.clock import in_china
from gongzhi.matters import loading
from gongzhi.matters.events import Escalated, Opened, Performed, Recomputed
from gongzhi.matters.models import ClockRun, Matter, MatterText, Merge
from gongzhi.notices.outgoing import Outgoing, Recipient
from gongzhi.parties.models import ContactPoint

_MERGES_DEEP = 4


def outgoing(act: Sequenced) -> list[Outgoing]:
    """Every notice this act calls for; none for what was imported."""
    event = act.event
    if event is None or getattr(event, "imported", None) is not None:
        return []
    rows = Matter.objects.select_related("category", "procedure", "area", "handler")
    matter = rows.filter(id=str(act.subject.id)).first()
    if matter is None:
        return []
    if isinstance(event, Opened | Performed):
        return list(_of_verb(act, event, matter))
    if isinstance(event, Escalated):
        return list(_of_ladder(act, event, matter))
    if isinstance(event, Recomputed) and event.promised:
        return list(_of_date(act, matter))
    return []


def _of_verb(act: Sequenced, event: Opened | Performed, matter: Matter) -> Iterator[Outgoing]:
    procedure = loading.procedure_of(matter)
    verb = procedure.verb("open" if isinstance(event, Opened) else event.verb)
    if verb is None:
        return
    tells = {"zh": verb.tells.zh, "en": verb.tells.en} if isinstance(event, Opened) else event.tells
    for notify in verb.notify:
        if notify.to != "reporter":
            yield from _to_staff(act, matter, verb, notify)
        elif isinstance(event, Opened) and matter.reporter_id is None:
            continue  # nobody gave a name, and nobody was merged into it before it was there
        elif tells:
            yield from _to_reporters(act, matter, notify, "matter.told", tells)


def _to_reporters(
    act: Sequenced, matter: Matter, notify: Notify, template: str, tells: Mapping[str, str]
) -> Iterator[Outgoing]:
    """Those of merged matters hear it, too, under their own number."""
    for number, person_id, language in _reporters(matter):
        english = language.startswith("en")
        text = (tells.get("en") or tells["zh"]) if english else tells["zh"]
        reachable = notify.delivery == "now" and _has_phone(person_id)
        key = "due" if template == "matter.new_date" else "text"
        yield Outgoing(
            template=template,
            values={"number": number, key: text},
            to=Recipient(person_id=person_id, language=language),
            subject=act.subject,
            act_id=act.id,
            channels=("shown", "sms") if reachable else ("shown",),
        )


def _reporters(matter: Matter) -> list[tuple[str, UUID, str]]:
    """(number, person, language) of this matter and of those merged into it; one person is told once."""
    found: dict[UUID, tuple[str, UUID, str]] = {}
    level = [matter.id]
    for _ in range(_MERGES_DEEP):
        rows = MatterText.objects.filter(matter_id__in=level, matter__reporter__isnull=False)
        for number, person, language in rows.values_list(
            "matter__number", "matter__reporter_id", "language"
        ).order_by("matter_id"):
            if person is not None:
                found.setdefault(person, (number, person, language))
        merged = Merge.objects.filter(into_id__in=level, ended_at__isnull=True)
        level = list(merged.values_list("matter_id", flat=True))
        if not level:
            break
    return list(found.values())


def _has_phone(person_id: UUID) -> bool:
    points = ContactPoint.objects.filter(person_id=person_id, kind="phone", ended_at__isnull=True)
    return points.exists()


def _to_staff(act: Sequenced, matter: Matter, verb: Verb, notify: Notify) -> Iterator[Outgoing]:
    for to in recipients(matter, notify.to):
        english = to.language.startswith("en")
        values = {
            "number": matter.number,
            "title": _heading(matter, english),
            "step": verb.titles.in_language(to.language),
        }
        yield _shown(act, "matter.work", values, to)


def _of_ladder(act: Sequenced, event: Escalated, matter: Matter) -> Iterator[Outgoing]:
    clock = loading.procedure_of(matter).clock(event.clock)
    for relation in event.to:
        for to in recipients(matter, relation):
            values = {
                "number": matter.number,
                "title": _heading(matter, to.language.startswith("en")),
                "clock": clock.titles.in_language(to.language),
                "due": _wall_clock(event.due_at),
            }
            if event.at_percent < 100:
                yield _shown(act, "matter.time", {**values, "percent": str(event.at_percent)}, to)
            else:
                yield _shown(act, "matter.overdue", values, to)


def _of_date(act: Sequenced, matter: Matter) -> Iterator[Outgoing]:
    run = ClockRun.objects.filter(matter=matter, promised=True, stopped_at__isnull=True).first()
    if run and run.due_at:
        said = _wall_clock(run.due_at.isoformat())
        yield from _to_reporters(
            act, matter, Notify("reporter", "now"), "matter.new_date", {"zh": said, "en": said}
        )


def _shown(act: Sequenced, template: str, values: dict[str, str], to: Recipient) -> Outgoing:
    return Outgoing(template=template, values=values, to=to, subject=act.subject, act_id=act.id)


def recipients(matter: Matter, relation: str) -> Iterator[Recipient]:
    """Who stands in a relation (or holds `role:x`) now. Of a confidential matter only desk, lead and handler hear."""
    if relation == "handler" and matter.handler and matter.handler.person_id:
        yield Recipient(person_id=matter.handler.person_id, language=matter.handler.language)
    elif relation in ("lead", "handler"):
        if matter.lead_id:
            yield Recipient(organisation_id=matter.lead_id)
    elif relation == "desk":
        yield Recipient(role="dispatcher", area_path=matter.area_path)
    elif not matter.confidential:
        role = relation.removeprefix("role:")
        known = ROLES.get(role)
        if known is None:
            return
        if known.scope == "organisation":
            if matter.lead_id:
                yield Recipient(organisation_id=matter.lead_id)
        else:
            yield Recipient(role=role, area_path=matter.area_path)


def _heading(matter: Matter, english: bool) -> str:
    titles = matter.category.titles
    category = titles.get("en") or titles["zh-hans"] if english else titles["zh-hans"]
    return f"{category} · {matter.area.name}" if matter.area else category


def _wall_clock(at: str) -> str:
    return in_china(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M") if at else "—"
