"""A proposal against real rows: what is kept, who may, and how many queries it takes."""

import itertools
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.models import Act
from gongzhi.catalogue.models import Category, ProcedureVersion
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound
from gongzhi.lab import actions, proposals, queries
from gongzhi.lab.models import Trial
from gongzhi.matters.models import ClockRun, Matter, ReturnRequest
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.web.tests.people import signed_in, staff

NOW = worlds.START + timedelta(days=60)
SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
HEAD = "item,title,organisation,area,category,role,basis,handling\n"
IN_FORCE = "A-01,市容,urban,,01,lead,清单,5 work_day\nA-02,照明,lighting,,0201,lead,清单,5 work_day\n"
_numbers = itertools.count(1)


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def opened(world, category, lead, *, area="990101001001", hours=1, returned="", **more):
    at = worlds.later(24)
    matter = Matter.objects.create(
        id=ids.uuid7(at), number=f"L{next(_numbers):08d}", kind="case", category=Category.objects.get(code=category),
        procedure=ProcedureVersion.objects.filter(code="case").latest("version"), state="handling", stage="handling",
        area_path=world.areas[area].path, lead=world.organisations[lead], channel="web", opened_at=at, **more,
    )  # fmt: skip
    ClockRun.objects.create(
        id=ids.uuid7(at), matter=matter, code="handling", started_at=at, limit_value=5, limit_unit="work_day",
        bearer=matter.lead, stopped_at=at + timedelta(hours=hours),
    )  # fmt: skip
    if returned:
        ReturnRequest.objects.create(
            id=ids.uuid7(at), matter=matter, at=at, by="account:h", organisation=world.organisations[returned],
            reason="非职责", decision="granted", decided_at=at, decided_by="account:d",
        )  # fmt: skip
    return matter


def proposed(text, **more):
    return proposals.read({"mandates": ("list.csv", HEAD + text)}, **more)


def replayed(proposal, by=SYSTEM):
    return actions.replay(proposal=proposal, since=SINCE, until=UNTIL, by=by, at=NOW)


def units(trial):
    return {unit["name"]: (unit["before"]["cases"], unit["after"]["cases"]) for unit in trial.result["units"]}


def test_the_list_in_force_proposed_again_changes_nothing(world) -> None:
    opened(world, "0201", "lighting")
    opened(world, "01", "urban", hours=900)
    trial = replayed(proposed(IN_FORCE))
    assert trial.result["before"] == trial.result["after"]
    assert (trial.cases, trial.result["moved"], trial.result["before"]["late"]) == (2, 0, 1)


def test_a_proposed_list_shows_who_gains_who_loses_and_which_returns_it_spares(world) -> None:
    opened(world, "0201", "urban", returned="lighting")
    opened(world, "01", "urban")
    trial = replayed(proposed("A-02,照明,urban,,0201,lead,清单,1 hour\n"))
    assert units(trial) == {"城市管理局": (1, 1), "市政设施所": (1, 0), "": (0, 1)}
    assert (trial.result["before"]["again"], trial.result["after"]["right"]) == (1, 1)
    assert [gap["category"] for gap in trial.result["after"]["gaps"]] == ["01"]
    act = Act.objects.get(verb="lab.replay")
    assert (act.subject_kind, act.subject_id) == ("lab.trial", str(trial.id))


def test_added_rows_leave_the_rest_of_the_list_as_it_is(world) -> None:
    opened(world, "01", "urban")
    opened(world, "0201", "lighting")
    trial = replayed(proposed("B-1,街道照明,street1,990101001,0201,lead,清单,\n", whole=False))
    assert units(trial) == {"桃源街道办事处": (0, 1), "城市管理局": (1, 1), "市政设施所": (1, 0)}


def test_the_same_inputs_have_the_same_digest_and_other_facts_another(world) -> None:
    opened(world, "0201", "lighting")
    first, second = replayed(proposed(IN_FORCE)), replayed(proposed(IN_FORCE))
    assert (first.digest, first.result) == (second.digest, second.result)
    opened(world, "0201", "lighting")
    assert replayed(proposed(IN_FORCE)).digest != first.digest


def test_complaints_are_left_out_and_other_areas_too(world) -> None:
    opened(world, "0201", "lighting", accused_unit=world.organisations["lighting"])
    opened(world, "0201", "lighting", area="990101002001")
    opened(world, "0201", "lighting")
    leader = world.actor("leader", NOW)  # of the first street only
    assert replayed(proposed(IN_FORCE), by=leader).cases == 1
    assert replayed(proposed(IN_FORCE)).cases == 2


def test_who_replays_who_reads_and_who_sees_nothing(world) -> None:
    leader = world.actor("leader", NOW)
    trial = replayed(proposed(IN_FORCE), by=leader)
    assert queries.trial(visible_to=leader, trial_id=trial.id).id == trial.id
    for name in ("handler", "neighbour"):
        actor = world.actor(name, NOW)
        with pytest.raises(NotAllowed):
            replayed(proposed(IN_FORCE), by=actor)
        assert queries.listed(visible_to=actor) == []
        with pytest.raises(NotFound):
            queries.trial(visible_to=actor, trial_id=trial.id)
    beside = staff("sun.li", role="street_leader", area_path=world.areas["990101002"].path)
    from gongzhi.grants import queries as grants

    assert queries.listed(visible_to=grants.actor_of(beside.id, NOW)) == []
    assert Trial.objects.count() == 1


def test_a_file_with_wrong_rows_proposes_nothing_and_names_them(world) -> None:
    with pytest.raises(proposals.Rejected) as refused:
        proposed(IN_FORCE + "A-03,x,nobody,,01,lead,清单,\nA-04,x,urban,,nokind,lead,清单,\n")
    assert [(one.row, one.problem.field) for one in refused.value.rejects] == [
        (4, "organisation"),
        (5, "category"),
    ]
    for files in (
        {},
        {"formula": ("f.yaml", "- {code: x}")},
        {"formula": ("f.yaml", "[")},
        {"holidays": ("h.yaml", "1")},
    ):
        with pytest.raises(Invalid):
            proposals.read(files)
    with pytest.raises(Invalid):
        actions.replay(proposal=proposed(IN_FORCE), since=UNTIL, until=UNTIL, by=SYSTEM, at=NOW)


def test_fifty_cases_cost_as_many_queries_as_five(world) -> None:
    def cost() -> int:
        proposal = proposed(IN_FORCE)
        with CaptureQueriesContext(connection) as caught:
            replayed(proposal)
        return len(caught)

    for _ in range(5):
        opened(world, "0201", "lighting", returned="urban")
    cost()
    few = cost()
    for _ in range(45):
        opened(world, "0201", "lighting", returned="urban")
    assert cost() == few


def test_the_formulas_in_force_proposed_again_change_nothing(world) -> None:
    from gongzhi.indicators import formulas
    from gongzhi.indicators.tests import town as judged

    matter = opened(world, "0201", "lighting")
    judged.appraised(matter, worlds.later(48), solved=False)
    text = formulas.FILE.read_text("utf-8")
    trial = replayed(proposals.read({"formula": ("formulas.yaml", text)}))
    assert trial.result["rates"]["solved"][0]["before"]["n"] == 1
    assert all(row["before"] == row["after"] for rows in trial.result["rates"].values() for row in rows)
    kinder = text.replace('"no": "0"', '"no": "1/2"')
    [row] = replayed(proposals.read({"formula": ("formulas.yaml", kinder)})).result["rates"]["solved"]
    assert (row["before"]["value"], row["after"]["value"], row["after"]["rank"]) == ("0.00", "50.00", None)


def _desk(world, who):
    return signed_in(world.accounts[who])


def _form(text, **more):
    file = SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")
    return {"since": "2026-01-01", "until": "2026-12-31", "mandates": file, **more}


def test_the_page_replays_shows_who_gains_and_is_the_leaders_alone(world) -> None:
    opened(world, "0201", "lighting")
    answer = _desk(world, "leader").post(
        "/desk/lab/", _form(HEAD + "A-02,照明,urban,,0201,lead,清单,1 hour\n")
    )
    assert answer.status_code == 302, answer.content.decode()
    client = _desk(world, "leader")
    page = client.get(answer["Location"]).content.decode()
    assert "1 件工单中，1 件会换主办单位" in page
    assert "城市管理局" in page
    assert (
        "Of 1 cases, 1 would have"
        in client.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    )
    assert answer["Location"] in client.get("/desk/lab/").content.decode()
    assert _desk(world, "handler").get("/desk/lab/").status_code == 403
    assert _desk(world, "neighbour").get(answer["Location"]).status_code == 403


def test_the_page_names_wrong_rows_and_keeps_the_days(world) -> None:
    client = _desk(world, "leader")
    answer = client.post(
        "/desk/lab/", _form(HEAD + "A-02,照明,nobody,,0201,lead,清单,\n", since="2026-02-03")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行：" in page
    assert "2026-02-03" in page
    assert client.post("/desk/lab/", {"since": "2026-01-01", "until": "2026-02-01"}).status_code == 422
    assert client.post("/desk/lab/", _form(IN_FORCE, since="soon")).status_code == 422
    assert client.post("/desk/lab/", _form("\x00")).status_code == 422
    assert not Trial.objects.exists()
