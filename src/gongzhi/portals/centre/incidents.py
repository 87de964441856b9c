"""Incidents as the desk shows them: words, counts, and the report afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.incidents import plans, rules
from gongzhi.incidents.models import Entry
from gongzhi.incidents.queries import Listed, Person, View
from gongzhi.kernel.numbers import grouped
from gongzhi.kernel.refusals import InvalidForm, Refusal
from gongzhi.matters.queries import MatterRow
from gongzhi.portals.centre import choices
from gongzhi.web import problems
from gongzhi.web.words import span

FIELDS = ("number", "title", "plan", "radius", "minutes_before", "banner", "script", "duties")
_BUCKET = timedelta(minutes=10)
_BUCKETS_MAX = 72


@dataclass(frozen=True, slots=True)
class ShownSurge:
    title: str
    count: int
    first_at: datetime
    number: str
    url: str


def shown_surge(surge: rules.Surge) -> ShownSurge:
    url = reverse("centre:declare")
    return ShownSurge(
        choices.category_title(surge.kind),
        len(surge.numbers),
        surge.first_at,
        surge.numbers[0],
        f"{url}?number={surge.numbers[0]}",
    )


@dataclass(frozen=True, slots=True)
class ShownLine:
    title: str
    url: str
    area: str
    reports: int
    declared_at: datetime
    lasted: str


def line(one: Listed, at: datetime) -> ShownLine:
    lasted = span(((one.ended_at or at) - one.declared_at).total_seconds())
    url = reverse("centre:incident", args=[one.id])
    return ShownLine(one.title, url, choices.area_title(one.area_path), one.reports, one.declared_at, lasted)


def proposed(header: MatterRow, at: datetime) -> dict[str, object]:
    """What the plan of this kind says, with the place filled in: a start, to be changed."""
    tree = choices.tree()
    node = tree.get(header.category)
    chain = node.chain if node else (header.category,)
    plan = plans.plan_for(chain)
    said = choices.language()
    place = header.address or choices.area_title(header.area_path)
    kinds = plan.categories or chain[-2:-1] or chain[:1]
    return {
        "number": header.number,
        "plan": plan.code,
        "title": f"{place} {plan.titles.in_language(said) if plan.categories else choices.category_title(kinds[0])}",
        "categories": list(kinds),
        "radius": str(plan.radius_metres),
        "minutes_before": str(plan.within_minutes),
        "banner": plan.banner.in_language(said).replace("{place}", place),
        "script": plan.script.replace("{place}", place),
        "duties": "\n".join(plan.duties),
    }


def complaints(refusal: Refusal) -> dict[str, str]:
    """By field, in words; under "" what belongs to none."""
    if isinstance(refusal, InvalidForm):
        return {name: problems.text(error) for name, error in refusal.errors.items()}
    return {refusal.field: problems.text(refusal)}


@dataclass(frozen=True, slots=True)
class ShownPerson:
    number: str
    grouped: str
    url: str
    who: str
    contacts: str
    place: str
    opened_at: datetime
    called: bool
    attempts: str
    solved: bool | None


def shown(view: View, at: datetime) -> dict[str, object]:
    incident = view.incident
    address = {name: reverse("centre:incident_verb", args=[incident.id, name]) for name in _VERBS}
    people = [_person(one) for one in view.people]
    return {
        "title": incident.title,
        "area": choices.area_title(incident.area_path),
        "since": incident.since,
        "declared_at": incident.declared_at,
        "ended_at": incident.ended_at,
        "lasted": span(((incident.ended_at or at) - incident.declared_at).total_seconds()),
        "radius": incident.radius_metres,
        "kinds": "、".join(choices.category_title(code) for code in incident.categories),
        "heart": view.heart.number,
        "heart_url": reverse("centre:case", args=[view.heart.number]),
        "heart_open": view.heart.closed_at is None,
        "report_url": reverse("centre:incident_report", args=[incident.id]),
        "banner": incident.banner,
        "script": incident.script,
        "updates": view.updates,
        "people": people,
        "reports": len(people),
        "left": view.left,
        "duties": [entry for entry in view.entries if entry.kind == "duty"],
        "log": [_entry(entry) for entry in reversed(view.entries) if entry.kind != "duty"],
        "leads": view.leads,
        "calls": view.calls,
        "act": address,
        "conclusion": incident.conclusion,
        "lessons": incident.lessons,
    }


_VERBS = ("update", "log", "done", "call", "gather", "end")


def _person(person: Person) -> ShownPerson:
    where = (
        _("主诉求")
        if person.how == "heart"
        else _("人工纳入")
        if person.how == "hand"
        else _("%(metres)s 米") % {"metres": person.metres}
        if person.metres is not None
        else _("同一社区")
    )
    words = outcomes()
    return ShownPerson(
        person.number,
        grouped(person.number),
        reverse("centre:case", args=[person.number]),
        person.name,
        " ".join(person.contacts),
        where,
        person.opened_at,
        rules.is_called(person.outcomes),
        "、".join(words[outcome] for outcome in person.outcomes),
        person.solved,
    )


def outcomes() -> dict[str, str]:
    return {
        "reached": _("已接通"),
        "no_answer": _("未接听"),
        "wrong_number": _("空号错号"),
        "declined": _("拒绝沟通"),
    }


@dataclass(frozen=True, slots=True)
class ShownEntry:
    id: str
    kind: str
    text: str
    who: str
    quantity: int | None
    at: datetime
    ended_at: datetime | None
    endable: bool


def _entry(entry: Entry) -> ShownEntry:
    kinds = {"resource": _("资源"), "note": _("记事"), "duty": _("分工")}
    return ShownEntry(
        str(entry.id),
        kinds[entry.kind],
        entry.text,
        entry.who,
        entry.quantity,
        entry.at,
        entry.ended_at,
        entry.kind == "resource" and entry.ended_at is None,
    )


def report(view: View, opened: list[datetime], at: datetime) -> dict[str, object]:
    """Figures and the course of things: counted from rows, nothing is written by hand but conclusion and lessons."""
    incident, updates = view.incident, sorted(view.updates, key=lambda update: update.at)
    first = opened[0] if opened else incident.declared_at
    answered = [person for person in view.people if "reached" in person.outcomes]
    asked = [person for person in view.people if person.solved is not None]
    return {
        **shown(view, at),
        "first_at": first,
        "to_declare": span((incident.declared_at - first).total_seconds()),
        "to_update": span((updates[0].at - first).total_seconds()) if updates else "",
        "reports": len(opened),
        "called": len(view.people) - view.left,
        "answered": len(answered),
        "solved": sum(person.solved is True for person in asked),
        "asked": len(asked),
        "bars": _bars(opened),
        "updates": updates,
        "log": [_entry(entry) for entry in view.entries],
    }


@dataclass(frozen=True, slots=True)
class Bar:
    at: datetime
    count: int
    share: int


def _bars(opened: list[datetime]) -> list[Bar]:
    """Reports in steps of ten minutes, at most twelve hours of them. share: percent of the busiest step."""
    if not opened:
        return []
    start = opened[0]
    counts: dict[int, int] = {}
    for one in opened:
        step = int((one - start) / _BUCKET)
        counts[step] = counts.get(step, 0) + 1
    last, most = min(max(counts), _BUCKETS_MAX - 1), max(counts.values())
    return [
        Bar(start + step * _BUCKET, counts.get(step, 0), round(100 * counts.get(step, 0) / most))
        for step in range(last + 1)
    ]
