"""The writes: begin, list, link, do, end. One transaction, one act each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue import snapshot
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotFound, Refusal
from gongzhi.matters import queries as matters
from gongzhi.parties.models import Organisation
from gongzhi.projects import events
from gongzhi.projects.models import LISTS, Entry, Link, Milestone, Project

TITLE_MAX, WORDS_MAX, LINE_MAX, MILESTONE_MAX, LINES_MAX = 120, 4_000, 400, 200, 200
_FAR = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """categories: codes · month: of the yearly plan, None when it is in none · lead: the unit that answers for it."""

    title: str
    problem: str
    plan: str
    year: int
    month: int | None
    categories: tuple[str, ...]
    area_path: str
    lead_id: UUID | None
    began_on: date | None


@transaction.atomic
def begin(*, beginning: Beginning, by: Actor, at: datetime) -> Project:
    """Raises InvalidForm, NotAllowed."""
    units = Organisation.objects.filter(ended_at__isnull=True)
    lead = units.filter(id=beginning.lead_id).first() if beginning.lead_id else None
    wrong = _wrong(beginning, lead, at)
    if wrong or lead is None or beginning.began_on is None:
        raise InvalidForm(wrong)
    project = Project(
        id=ids.uuid7(at),
        title=beginning.title.strip(),
        problem=beginning.problem.strip(),
        plan=beginning.plan.strip(),
        year=beginning.year,
        month=beginning.month,
        categories=list(beginning.categories),
        area_path=beginning.area_path,
        lead=lead,
        began_on=beginning.began_on,
        at=at,
        by=by.reference,
    )
    require(by, "begin", project)
    project.save(force_insert=True)
    begun = events.Begun(
        project.title, project.year, tuple(project.categories), lead.id, project.began_on.isoformat()
    )
    _record(project, "projects.begin", begun, by, at)
    return project


def _wrong(given: Beginning, lead: Organisation | None, at: datetime) -> dict[str, Refusal]:
    wrong: dict[str, Refusal] = {}
    tree, today = snapshot.current(), in_china(at).date()
    for field, most in (("title", TITLE_MAX), ("problem", WORDS_MAX)):
        text = str(getattr(given, field))
        if not text.strip() or len(text) > most:
            wrong[field] = Invalid("projects.words", "请填写，最多 %(most)s 个字。", field=field, most=most)
    if len(given.plan) > WORDS_MAX:
        wrong["plan"] = Invalid(
            "projects.words", "请填写，最多 %(most)s 个字。", field="plan", most=WORDS_MAX
        )
    if not given.categories or any(tree.get(code) is None for code in given.categories):
        wrong["categories"] = Invalid("projects.no_kind", "请选择涉及哪些类别。", field="categories")
    if lead is None:
        wrong["lead"] = Invalid("projects.no_lead", "请选择主责单位。", field="lead")
    if given.began_on is None or abs(given.began_on - today) > _FAR:
        wrong["began_on"] = Invalid("projects.no_day", "请填写开始日期。", field="began_on")
    if not 2000 <= given.year <= 2100 or (given.month is not None and not 1 <= given.month <= 12):
        wrong["year"] = Invalid("projects.no_year", "请填写年份和月份。", field="year")
    return wrong


@transaction.atomic
def add_entry(
    *,
    project_id: UUID,
    list: str,
    text: str,
    organisation_id: UUID | None,
    due_on: date | None,
    by: Actor,
    at: datetime,
) -> Entry:
    """A line of one of the three lists. Raises NotFound, NotAllowed, Invalid, Conflict."""
    project = _open(project_id, by)
    if list not in LISTS:
        raise Invalid("projects.no_list", "请选择任务、责任或政策清单。", field="list")
    if Entry.objects.filter(project=project).count() >= LINES_MAX:
        raise Conflict("projects.too_many", "清单已经很长，请先合并或完成一些。")
    unit = Organisation.objects.filter(id=organisation_id).first() if organisation_id else None
    row = Entry.objects.create(
        id=ids.uuid7(at),
        project=project,
        list=list,
        text=_said(text, LINE_MAX),
        organisation=unit,
        due_on=due_on,
        at=at,
    )
    added = events.Listed(list, row.text, due_on.isoformat() if due_on else "")
    _record(project, "projects.add_entry", added, by, at)
    return row


@transaction.atomic
def add_milestone(*, project_id: UUID, title: str, due_on: date | None, by: Actor, at: datetime) -> Milestone:
    project = _open(project_id, by)
    if due_on is None:
        raise Invalid("projects.no_day", "请填写开始日期。", field="due_on")
    row = Milestone.objects.create(
        id=ids.uuid7(at), project=project, title=_said(title, MILESTONE_MAX), due_on=due_on, at=at
    )
    _record(
        project, "projects.add_milestone", events.Listed("milestone", row.title, due_on.isoformat()), by, at
    )
    return row


@transaction.atomic
def done(*, project_id: UUID, line_id: UUID, by: Actor, at: datetime) -> None:
    """A line is done, a milestone reached. Raises NotFound when it is not open."""
    project = _open(project_id, by)
    entry = Entry.objects.filter(id=line_id, project=project, done_at__isnull=True).first()
    if entry is not None:
        Entry.objects.filter(id=entry.id).update(done_at=at)
        _record(project, "projects.done", events.Done(entry.list, entry.text), by, at)
        return
    milestone = Milestone.objects.filter(id=line_id, project=project, reached_at__isnull=True).first()
    if milestone is None:
        raise NotFound("projects.no_line", "没有这一条，或已经完成。")
    Milestone.objects.filter(id=milestone.id).update(reached_at=at)
    _record(project, "projects.done", events.Done("milestone", milestone.title), by, at)


@transaction.atomic
def link(*, project_id: UUID, number: str, by: Actor, at: datetime) -> Link:
    """A case that shows the problem. Raises NotFound (not seen), Conflict (linked already)."""
    project = _open(project_id, by)
    header = matters.case(visible_to=by, number=number, at=at, timeline_limit=1).header
    if Link.objects.filter(project=project, matter_id=header.id, ended_at__isnull=True).exists():
        raise Conflict("projects.linked_already", "这件诉求已经关联。")
    row = Link.objects.create(id=ids.uuid7(at), project=project, matter_id=header.id, at=at)
    _record(project, "projects.link", events.Linked(header.number), by, at)
    return row


@transaction.atomic
def end(*, project_id: UUID, conclusion: str, by: Actor, at: datetime) -> None:
    """Over, with what it brought; the figures go on counting. Raises NotFound, NotAllowed, Invalid, Conflict."""
    project = _open(project_id, by)
    require(by, "begin", project)
    open_tasks = Entry.objects.filter(project=project, list="task", done_at__isnull=True).count()
    if open_tasks:
        raise Conflict("projects.tasks_open", "任务清单还有 %(count)s 项没有完成。", count=open_tasks)
    said = _said(conclusion, WORDS_MAX)
    Project.objects.filter(id=project.id).update(ended_at=at, conclusion=said)
    _record(project, "projects.end", events.Ended(said), by, at)


def _open(project_id: UUID, by: Actor) -> Project:
    project = Project.objects.select_for_update(of=("self",)).filter(id=project_id).first()
    if project is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    require(by, "view", project)
    require(by, "keep", project)
    if project.ended_at is not None:
        raise Conflict("projects.over", "专题已经结束，不能再改。")
    return project


def _said(text: str, most: int) -> str:
    said = text.strip()
    if not said or len(said) > most:
        raise Invalid("projects.words", "请填写，最多 %(most)s 个字。", field="text", most=most)
    return said


def _record(project: Project, verb: str, event: object, by: Actor, at: datetime) -> None:
    acts.record(
        verb=verb,
        subject=Subject("projects.project", project.id),
        by=by,
        at=at,
        event=event,
        area_path=project.area_path,
    )
