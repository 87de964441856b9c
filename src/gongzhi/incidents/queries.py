"""The reads: open ones and past ones, one with everybody in it, banners, and where reports crowd."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may, visible
from gongzhi.catalogue import snapshot
from gongzhi.incidents import plans, rules
from gongzhi.incidents.models import CallBack, Entry, Gathered, Incident, Update
from gongzhi.incidents.rules import Point
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Matter
from gongzhi.parties import queries as parties

_LISTED_MAX = 100
_RECENT_MAX = 3_000
_KIND_LEVEL = 2  # 0501 供水: what one cause shares


@dataclass(frozen=True, slots=True)
class Listed:
    """reports: the heart and all that were gathered."""

    id: UUID
    title: str
    heart: str
    area_path: str
    declared_at: datetime
    ended_at: datetime | None
    reports: int


@dataclass(frozen=True, slots=True)
class Person:
    """One report of an incident and whoever made it. name and contacts masked; nobody: no name was given.
    outcomes: of the attempts to call, oldest first."""

    matter_id: UUID
    number: str
    opened_at: datetime
    metres: int | None
    how: str
    person_id: UUID | None
    name: str = ""
    contacts: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    solved: bool | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody may read. news: the latest update, "" before the first."""

    id: UUID
    title: str
    text: str
    news: str
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One incident as its readers see it. leads, calls: what this reader may do with it now."""

    incident: Incident
    heart: Matter
    people: tuple[Person, ...]
    updates: tuple[Update, ...]
    entries: tuple[Entry, ...]
    leads: bool
    calls: bool

    @property
    def left(self) -> int:
        return sum(not rules.is_called(person.outcomes) for person in self.people)


def listed(*, visible_to: Actor) -> list[Listed]:
    """Open ones first, then the newest; at most a hundred. Two queries."""
    visible_ones = visible(Incident.objects.all(), visible_to).select_related("heart")
    rows = list(
        visible_ones.annotate(over=Q(ended_at__isnull=False)).order_by("over", "-declared_at", "-id")[
            :_LISTED_MAX
        ]
    )
    counted = Gathered.objects.filter(incident__in=rows, ended_at__isnull=True).values_list("incident_id")
    gathered = dict(counted.annotate(count=Count("id")))
    return [
        Listed(
            row.id,
            row.title,
            row.heart.number,
            row.area_path,
            row.declared_at,
            row.ended_at,
            gathered.get(row.id, 0) + 1,
        )
        for row in rows
    ]


def view(*, visible_to: Actor, incident_id: UUID) -> View:
    """Raises NotFound. The same few queries for five people and for five hundred."""
    incident = visible(Incident.objects.filter(id=incident_id), visible_to).select_related("heart").first()
    if incident is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    calls = may(visible_to, "call", incident)
    is_open = incident.ended_at is None
    return View(
        incident=incident,
        heart=incident.heart,
        people=tuple(people(incident, named_for=visible_to if calls and is_open else None)),
        updates=tuple(Update.objects.filter(incident=incident).order_by("-at", "-id")),
        entries=tuple(Entry.objects.filter(incident=incident).order_by("at", "id")),
        leads=is_open and may(visible_to, "lead", incident),
        calls=is_open and calls,
    )


def people(incident: Incident, *, named_for: Actor | None = None) -> list[Person]:
    """The reporter of the heart and of every report gathered, oldest first; those who gave no name are left out, for
    nobody can call them. named_for: names and numbers masked as this actor reads them."""
    found: dict[UUID, tuple[str, int | None]] = {incident.heart_id: ("heart", 0)}
    rows = Gathered.objects.filter(incident=incident, ended_at__isnull=True)
    found |= {id_: (how, metres) for id_, how, metres in rows.values_list("matter_id", "how", "metres")}
    matters = Matter.objects.filter(id__in=found, reporter__isnull=False, words__anonymous=False)
    heard = list(matters.order_by("opened_at", "id").values_list("id", "number", "opened_at", "reporter_id"))
    calls: dict[UUID, list[tuple[str, bool | None]]] = defaultdict(list)
    attempts = CallBack.objects.filter(incident=incident).order_by("at", "id")
    for id_, outcome, solved in attempts.values_list("matter_id", "outcome", "solved"):
        calls[id_].append((outcome, solved))
    ids = [person_id for *_, person_id in heard if person_id]
    names = {one.id: one for one in parties.masked(person_ids=ids, visible_to=named_for)} if named_for else {}
    listed = []
    for id_, number, opened_at, person_id in heard:
        how, metres = found[id_]
        known = names.get(person_id) if person_id else None
        listed.append(
            Person(
                matter_id=id_,
                number=number,
                opened_at=opened_at,
                metres=metres,
                how=how,
                person_id=person_id,
                name=known.name if known else "",
                contacts=tuple(value for _, _, value in known.contacts) if known else (),
                outcomes=tuple(outcome for outcome, _ in calls[id_]),
                solved=next((solved for _, solved in reversed(calls[id_]) if solved is not None), None),
            )
        )
    return listed


def reports(incident: Incident) -> list[datetime]:
    """When each of its reports was made, oldest first."""
    gathered = Gathered.objects.filter(incident=incident, ended_at__isnull=True).values("matter_id")
    rows = Matter.objects.filter(Q(id__in=gathered) | Q(id=incident.heart_id))
    return list(rows.order_by("opened_at").values_list("opened_at", flat=True))


def banners(*, at: datetime, area_path: str = "") -> list[Banner]:
    """Public: what is going on now, newest first, with the latest word on it. Two queries."""
    rows = list(
        Incident.objects.filter(ended_at__isnull=True, declared_at__lte=at).order_by("-declared_at", "-id")[
            :5
        ]
    )
    news: dict[UUID, str] = {}
    for id_, text in (
        Update.objects.filter(incident__in=rows).order_by("at", "id").values_list("incident_id", "text")
    ):
        news[id_] = text
    wanted = [row for row in rows if not area_path or row.area_path.startswith(area_path)]
    return [Banner(row.id, row.title, row.banner, news.get(row.id, ""), row.declared_at) for row in wanted]


def running(*, visible_to: Actor) -> Sequence[Incident]:
    """Open ones whose script somebody at the phone reads. One query."""
    rows = visible(Incident.objects.filter(ended_at__isnull=True), visible_to)
    return list(rows.select_related("heart").order_by("-declared_at", "-id")[:5])


def surges(*, visible_to: Actor, at: datetime) -> list[rules.Surge]:
    """Where reports of one kind crowd more than their plan expects: perhaps one cause. One query."""
    tree, known = snapshot.current(), plans.plans()
    longest = max(plan.within_minutes for plan in known.values())
    rows = visible(Matter.objects.filter(closed_at__isnull=True, lon__isnull=False), visible_to)
    rows = rows.filter(opened_at__gt=at - timedelta(minutes=longest), opened_at__lte=at)
    recent = rows.order_by("-opened_at").values_list("number", "category__code", "lon", "lat", "opened_at")
    points = [
        Point(number, _kind(tree, code), lon, lat, opened_at)
        for number, code, lon, lat, opened_at in recent[:_RECENT_MAX]
        if lon is not None and lat is not None
    ]
    found: list[rules.Surge] = []
    for kind in sorted({point.kind for point in points}):
        node = tree.get(kind)
        plan = plans.plan_for(node.chain if node else (kind,))
        found += rules.surges(
            [point for point in points if point.kind == kind],
            at=at,
            within=timedelta(minutes=plan.within_minutes),
            radius_metres=plan.radius_metres,
            at_least=plan.at_least,
        )
    return sorted(found, key=lambda surge: -len(surge.numbers))


def _kind(tree: snapshot.CategoryTree, code: str) -> str:
    node = tree.get(code)
    return node.chain[-_KIND_LEVEL] if node and len(node.chain) >= _KIND_LEVEL else code
