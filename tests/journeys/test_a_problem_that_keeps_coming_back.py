"""Streetlights fail every month: the street makes it a project with one plan and three lists; what it changed is counted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock
from gongzhi.projects.models import Entry, Link, Project
from gongzhi.web.tests.people import signed_in
from tests.journeys.people import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def _desk(town: Town, who: str) -> Client:
    return signed_in(town.world.accounts[who])


def _form(town: Town, **given: object) -> dict[str, object]:
    today = clock.in_china(clock.now()).date()
    return {
        "title": "照明设施老化",
        "problem": "同一路段反复报修",
        "plan": "三年内更换",
        "year": str(today.year),
        "month": "3",
        "categories": ["0201"],
        "lead": str(town.world.organisations["lighting"].id),
        "began_on": (today - timedelta(days=70)).isoformat(),
        **given,
    }


def _begun(town: Town) -> Project:
    answer = _desk(town, "leader").post("/desk/projects/new/", _form(town))
    assert answer.status_code == 302, answer.content.decode()
    return Project.objects.get()


def _act(town: Town, as_: str, project: Project, verb: str, **form: str) -> int:
    return _desk(town, as_).post(f"/desk/projects/{project.id}/{verb}/", form).status_code


def test_a_project_from_the_most_reported_kind_to_its_figures(town: Town) -> None:
    number = town.report("路灯不亮三天了", category="020101")
    page = _desk(town, "leader").get("/desk/projects/").content.decode()
    assert "路灯不亮" in page
    project = _begun(town)
    assert (
        "路灯不亮" not in _desk(town, "leader").get("/desk/projects/").content.decode()
    )  # it is a project now

    unit = str(town.world.organisations["lighting"].id)
    for kind in ("task", "duty", "policy"):
        done = _act(town, "leader", project, "entry", list=kind, text=f"清单 {kind}", organisation=unit)
        assert done == 302
    assert _act(town, "leader", project, "milestone", text="第一批更换", due_on="2030-06-30") == 302
    assert _act(town, "leader", project, "link", number=number) == 302
    assert _act(town, "leader", project, "link", number=number) == 409
    page = _desk(town, "leader").get(f"/desk/projects/{project.id}/").content.decode()
    assert "清单 policy" in page
    assert "第一批更换" in page
    assert "此前每月" in page

    assert _act(town, "leader", project, "end", conclusion="换了") == 409  # a task is open
    task = Entry.objects.get(list="task")
    assert _act(town, "leader", project, "done", line=str(task.id)) == 302
    assert _act(town, "leader", project, "done", line=str(task.id)) == 404
    assert _act(town, "leader", project, "end", conclusion=" ") == 422
    assert _act(town, "leader", project, "end", conclusion="换了一百盏") == 302
    assert _act(town, "leader", project, "entry", list="task", text="x") == 409


def test_who_begins_who_works_and_who_sees_nothing(town: Town) -> None:
    project = _begun(town)
    address = f"/desk/projects/{project.id}/"
    assert _desk(town, "leader").get(address).status_code == 200
    assert _desk(town, "handler").get(address).status_code == 200  # the unit that leads it
    assert _desk(town, "other_handler").get(address).status_code == 404
    assert _desk(town, "neighbour").get(address).status_code == 404
    assert _act(town, "handler", project, "entry", list="task", text="x") == 403
    assert _act(town, "other_handler", project, "entry", list="task", text="x") == 404
    assert _desk(town, "handler").post("/desk/projects/new/", _form(town)).status_code == 403
    assert _act(town, "leader", project, "dance") == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("problem", "长" * 4001),
        ("categories", "nope"),
        ("lead", "x"),
        ("began_on", "soon"),
        ("began_on", "1900-01-01"),
        ("year", "12345"),
        ("month", "13"),
    ],
)
def test_a_bad_beginning_says_what_is_wrong_and_keeps_the_rest(town: Town, field: str, value: str) -> None:
    answer = _desk(town, "leader").post("/desk/projects/new/", _form(town, **{field: value}))
    assert answer.status_code == 422
    assert "三年内更换" in answer.content.decode()
    assert not Project.objects.exists()


def test_fifty_lines_cost_as_many_queries_as_five(town: Town) -> None:
    project, at = _begun(town), clock.now()
    client = _desk(town, "leader")

    def cost() -> int:
        client.get(f"/desk/projects/{project.id}/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/desk/projects/{project.id}/").status_code == 200
        return len(caught)

    def add(count: int) -> None:
        for n in range(count):
            _act(town, "leader", project, "entry", list="task", text=f"{n} {at}")
            number = town.report(f"路灯不亮 {n}", phone=f"139{Link.objects.count():08d}")
            assert _act(town, "leader", project, "link", number=number) == 302

    add(2)
    few = cost()
    add(6)
    assert cost() == few
