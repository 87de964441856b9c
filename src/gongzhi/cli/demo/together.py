"""The council and the project of the demo district, through the ordinary actions."""

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


def meet(*, now: datetime) -> None:
    """Call the council for tomorrow and begin the project, unless that was done before."""
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
