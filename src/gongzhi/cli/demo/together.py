"""The council, the project and the sample of the demo district, through the ordinary actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.cli.demo.folder import read
from gongzhi.cli.demo.stories import ORIGIN
from gongzhi.councils import actions as councils
from gongzhi.councils.actions import Calling
from gongzhi.councils.models import Council
from gongzhi.grants import queries as grants
from gongzhi.kernel.clock import in_china
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Account, Organisation
from gongzhi.projects import actions as projects
from gongzhi.projects.actions import Beginning
from gongzhi.projects.models import Project
from gongzhi.sampling import actions as sampling
from gongzhi.sampling import entering
from gongzhi.sampling.actions import Freezing
from gongzhi.sampling.entering import Finding
from gongzhi.sampling.models import Frame, Task


def meet(*, now: datetime) -> None:
    """Call the council for tomorrow, begin the project and draw the sample, unless that was done before."""
    told, units = read("matters.yaml"), dict(Organisation.objects.values_list("code", "id"))
    if not Council.objects.exists():
        book = told["council"]
        number = Matter.objects.get(origin=ORIGIN, external_id=book["matter"]).number
        by = _actor(book["by"], now)
        calling = Calling(
            kind="consultation",
            title=book["title"],
            area_path=_area(by),
            planned_at=now + timedelta(days=1),
            numbers=(number,),
            organisations=tuple(units[code] for code in book["units"]),
        )
        councils.call(calling=calling, by=by, at=now)
    if not Project.objects.exists():
        _project(told["project"], units, now)
    if not Frame.objects.exists():
        _sample(told["sample"], now)


def _sample(book: Mapping[str, Any], now: datetime) -> None:
    """Drawn, and the case that two look at entered by both, differently."""
    by, today = _actor(book["by"], now), in_china(now).date()
    freezing = Freezing(
        kind="quality",
        title=book["title"],
        area_path=_area(by),
        since_on=today - timedelta(days=book["days"]),
        until_on=today + timedelta(days=1),
        size=book["size"],
        seed=book["seed"],
        evaluators=tuple(Account.objects.get(username=name).id for name in book["evaluators"]),
    )
    frame = sampling.freeze(freezing=freezing, by=by, at=now)
    both = Task.objects.filter(member__frame=frame, member__doubled=True).select_related("evaluator")
    for task in both.order_by("seat"):
        good = task.seat == 1
        finding = Finding(
            outcome="reached",
            contacted=True,
            solved=good,
            level=5 if good else 2,
            note="" if good else "又坏了",
        )
        entering.enter(task_id=task.id, finding=finding, by=_actor(task.evaluator.username, now), at=now)


def _project(book: Mapping[str, Any], units: Mapping[str, UUID], now: datetime) -> None:
    by, today = _actor(book["by"], now), in_china(now).date()
    beginning = Beginning(
        title=book["title"],
        problem=book["problem"],
        plan=book["plan"],
        year=today.year,
        month=today.month,
        categories=tuple(book["categories"]),
        area_path=_area(by),
        lead_id=units[book["lead"]],
        began_on=today - timedelta(days=book["days_ago"]),
    )
    project = projects.begin(beginning=beginning, by=by, at=now)
    for line in book["lists"]:
        unit = units.get(line.get("organisation", ""))
        projects.add_entry(
            project_id=project.id,
            list=line["list"],
            text=line["text"],
            organisation_id=unit,
            due_on=None,
            by=by,
            at=now,
        )


def _actor(username: str, at: datetime) -> Actor:
    return grants.actor_of(Account.objects.get(username=username).id, at)


def _area(actor: Actor) -> str:
    return next((held.area_path for held in actor.held if held.area_path), "")
