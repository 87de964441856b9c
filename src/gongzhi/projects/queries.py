"""The reads: a year's plan, one project whole, what it changed, and what keeps coming back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncMonth

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may, visible
from gongzhi.catalogue import snapshot
from gongzhi.kernel.clock import SHANGHAI, in_china
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Matter
from gongzhi.projects import rules
from gongzhi.projects.models import Entry, Link, Milestone, Project

_LISTED_MAX, _LINKED_MAX, _PROPOSED_MAX = 200, 200, 8
_LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class View:
    """keeps: may this reader write into it · ends: may this reader end it."""

    project: Project
    entries: tuple[Entry, ...]
    milestones: tuple[Milestone, ...]
    links: tuple[Link, ...]
    volume: rules.Volume
    keeps: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of which most is reported: count in the last 90 days, as far as the reader may see it."""

    category: str
    count: int


def listed(*, visible_to: Actor) -> list[Project]:
    """The newest year first, its months in order; one query."""
    rows = visible(Project.objects.all(), visible_to).select_related("lead")
    return list(rows.order_by("-year", "month", "at")[:_LISTED_MAX])


def view(*, visible_to: Actor, project_id: UUID, at: datetime) -> View:
    """Raises NotFound. The same number of queries however much it holds."""
    project = visible(Project.objects.filter(id=project_id), visible_to).select_related("lead").first()
    if project is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    links = Link.objects.filter(project=project, ended_at__isnull=True).select_related("matter__words")
    seen = visible(Matter.objects.all(), visible_to).values("id")
    is_open = project.ended_at is None
    entries = Entry.objects.filter(project=project).select_related("organisation")
    return View(
        project=project,
        entries=tuple(entries.order_by("at", "id")),
        milestones=tuple(Milestone.objects.filter(project=project).order_by("due_on", "id")),
        links=tuple(links.filter(matter_id__in=seen).order_by("-at", "-id")[:_LINKED_MAX]),
        volume=_volume(project, at),
        keeps=is_open and may(visible_to, "keep", project),
        ends=is_open and may(visible_to, "begin", project),
    )


def _volume(project: Project, at: datetime) -> rules.Volume:
    """Counts of all reports of its kinds in its area, whoever reads: a figure names nobody."""
    tree = snapshot.current()
    kinds = [node.id for node in tree.nodes.values() if set(project.categories) & set(node.chain)]
    today = in_china(at).date()
    first = project.began_on - timedelta(days=31 * (rules.MONTHS + 1))
    rows = Matter.objects.filter(
        category_id__in=kinds,
        opened_at__gte=datetime.combine(first, time.min, tzinfo=SHANGHAI),
        opened_at__lte=at,
    )
    if project.area_path:
        rows = rows.filter(area_path__gte=project.area_path, area_path__lt=project.area_path[:-1] + "0")
    by_month = rows.annotate(month=TruncMonth("opened_at", tzinfo=SHANGHAI)).values_list("month")
    counts: dict[date, int] = {
        month.astimezone(SHANGHAI).date(): n for month, n in by_month.annotate(n=Count("id")).order_by()
    }
    return rules.volume(counts, began_on=project.began_on, today=today)


def recurring(*, visible_to: Actor, at: datetime) -> list[Recurring]:
    """What is reported most and is no project yet: where the next one may come from. One query."""
    tree = snapshot.current()
    taken = {
        code
        for project in listed(visible_to=visible_to)
        if not project.ended_at
        for code in project.categories
    }
    rows = visible(Matter.objects.filter(opened_at__gt=at - _LOOK_BACK), visible_to)
    counted = rows.values_list("category__code").annotate(n=Count("id")).order_by("-n")
    found = []
    for code, count in counted[: _PROPOSED_MAX * 4]:
        node = tree.get(code)
        if node is None or not taken.intersection(node.chain):
            found.append(Recurring(code, count))
    return found[:_PROPOSED_MAX]
