"""A frame from freezing to results: who may, what an evaluator sees, what two who differ lead to."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongzhi.acts.models import Act
from gongzhi.indicators.lasting import durably_solved
from gongzhi.kernel import clock, ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotAllowed, NotFound
from gongzhi.matters.models import Answer, CallBack, Closure, Matter
from gongzhi.sampling import actions, entering, queries, results
from gongzhi.sampling.actions import Freezing
from gongzhi.sampling.entering import Finding
from gongzhi.sampling.models import Entry, Member, Task
from gongzhi.web.tests.people import signed_in, staff

GOOD = Finding(outcome="reached", contacted=True, solved=True, level=5, note="")
BAD = Finding(outcome="reached", contacted=True, solved=False, level=1, note="没有修")
SECRET = "回访说很满意其实没修"


@pytest.fixture
def people(world):
    top = world.areas["990101"].path
    made = {name: staff(f"eva.{name}", role="evaluator", area_path=top) for name in ("one", "two", "three")}
    made["supervisor"] = staff("super.one", role="supervisor", area_path=top)
    made["far_supervisor"] = staff("super.two", role="supervisor", area_path=world.areas["990101002"].path)
    made["auditor"] = staff("audi.one", role="auditor", area_path=top)
    world.accounts.update(made)
    return made


@pytest.fixture
def closed(world, report, people):
    """Closed yesterday, with an answer, a call-back and words that hold a number."""

    def make(**more):
        opened = report("路灯不亮，打我电话 13912345678", **more)
        at = clock.now() - timedelta(days=1)
        rows = Matter.objects.filter(id=opened.id)
        lead = world.organisations["lighting"]
        rows.update(
            opened_at=at - timedelta(days=2),
            state="closed",
            stage="closed",
            closed_at=at,
            due_at=None,
            lead=lead,
        )
        common = {"matter_id": opened.id, "organisation": lead, "at": at}
        Answer.objects.create(
            id=ids.uuid7(at), by="account:h", result="solved", reply="已换灯，问 13987654321", **common
        )
        quality = f"account:{world.accounts['quality'].id}"
        CallBack.objects.create(
            id=ids.uuid7(at),
            by=quality,
            outcome="reached",
            contacted=True,
            solved=True,
            level=5,
            note=SECRET,
            **common,
        )
        Closure.objects.create(id=ids.uuid7(at), by=quality, **common)
        return rows.get()

    return make


def actor(world, name):
    return world.actor(name, clock.now())


def freezing(world, *names, **more):
    today = in_china(clock.now()).date()
    given = {
        "kind": "quality",
        "title": "六月质检",
        "area_path": world.areas["990101"].path,
        "since_on": today - timedelta(days=30),
        "until_on": today + timedelta(days=1),
        "size": 20,
        "seed": "08 11 23",
        "evaluators": tuple(world.accounts[name].id for name in names or ("one", "two", "three")),
    }
    return Freezing(**{**given, **more})


def frozen(world, *names, **more):
    return actions.freeze(
        freezing=freezing(world, *names, **more), by=actor(world, "supervisor"), at=clock.now()
    )


def enter(world, task, finding):
    name = next(name for name, account in world.accounts.items() if account.id == task.evaluator_id)
    return entering.enter(task_id=task.id, finding=finding, by=actor(world, name), at=clock.now())


def test_a_frame_is_frozen_with_an_act_and_can_be_drawn_again(world, closed):
    for column in (0.5, 0.6, 2.5):
        closed(column=column)
    closed(column=0.5, confidential=True)
    frame = frozen(world)
    assert (frame.population, frame.drawn) == (3, 3)
    assert Act.objects.filter(verb="sampling.freeze", subject_id=str(frame.id)).count() == 1
    reader = actor(world, "auditor")
    assert results.verified(visible_to=reader, frame_id=frame.id)
    row = Member.objects.filter(frame=frame).first()
    Member.objects.filter(id=row.id).update(place=None, doubled=False)
    assert not results.verified(visible_to=reader, frame_id=frame.id)


def test_only_who_supervises_the_whole_area_freezes_and_nothing_of_nothing(world, people):
    for name in ("far_supervisor", "auditor", "quality", "one", "handler"):
        with pytest.raises((NotAllowed, NotFound)):
            actions.freeze(freezing=freezing(world), by=actor(world, name), at=clock.now())
    with pytest.raises(Invalid):
        frozen(world)
    with pytest.raises(InvalidForm) as caught:
        frozen(
            world, evaluators=(world.accounts["handler"].id,), size=0, since_on=date(2020, 1, 1), title=" "
        )
    assert set(caught.value.errors) == {"evaluators", "size", "since_on", "title"}


def test_an_evaluator_is_blind_and_reads_the_own_tasks_only(world, closed):
    closed()
    frozen(world, "one")
    [task] = Task.objects.all()
    client = signed_in(world.accounts["one"])
    pages = [
        client.get(url).content.decode() for url in ("/desk/quality/", f"/desk/quality/tasks/{task.id}/")
    ]
    assert "路灯不亮" in pages[0]
    assert "138****1234" in pages[1] or "1234" in pages[1]
    for page in pages:
        for hidden in (SECRET, "13912345678", "13987654321", "13800001234", "市政设施所"):
            assert hidden not in page
    for name in ("two", "quality", "supervisor", "auditor", "handler"):
        answer = signed_in(world.accounts[name]).get(f"/desk/quality/tasks/{task.id}/")
        assert answer.status_code in (403, 404), name
    number = task.member.matter.number
    for address in (f"/desk/cases/{number}/", "/desk/statistics/", f"/desk/quality/{task.member.frame_id}/"):
        assert client.get(address).status_code in (403, 404), address


def test_handlers_and_heads_see_nothing_of_it(world, closed):
    closed()
    frame = frozen(world)
    for name in ("handler", "dispatcher", "leader"):
        client = signed_in(world.accounts[name])
        for address in ("/desk/quality/", "/desk/quality/new/", f"/desk/quality/{frame.id}/"):
            assert client.get(address).status_code == 403, (name, address)
    far = signed_in(world.accounts["far_supervisor"])
    assert far.get(f"/desk/quality/{frame.id}/").status_code == 404
    assert frame.title not in far.get("/desk/quality/").content.decode()


def test_whoever_called_back_is_not_dealt_the_case(world, closed):
    closed()
    frozen(world, "quality", "one")
    assert {task.evaluator_id for task in Task.objects.all()} == {world.accounts["one"].id}


def test_an_entry_is_made_once_and_by_its_evaluator(world, closed):
    closed()
    frozen(world, "one")
    [task] = Task.objects.all()
    with pytest.raises(NotFound):
        entering.enter(task_id=task.id, finding=GOOD, by=actor(world, "two"), at=clock.now())
    with pytest.raises(InvalidForm):
        enter(world, task, Finding(outcome="reached", contacted=None, solved=None, level=9, note=""))
    enter(world, task, GOOD)
    with pytest.raises(Conflict):
        enter(world, task, BAD)
    assert Act.objects.filter(verb="sampling.enter").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(level=6)


def test_where_two_differ_it_is_listed_and_a_third_decides(world, closed):
    closed()
    frame = frozen(world)
    first, second = Task.objects.order_by("seat")
    reader = actor(world, "supervisor")
    enter(world, first, GOOD)
    enter(world, second, BAD)
    view = results.frame(visible_to=reader, frame_id=frame.id)
    assert [(one.decided, set(one.found)) for one in view.disagreements] == [(False, {1, 2})]
    assert view.units[0].asked == 0
    third = Task.objects.get(seat=3)
    assert third.evaluator_id not in (first.evaluator_id, second.evaluator_id)
    enter(world, third, BAD)
    view = results.frame(visible_to=reader, frame_id=frame.id)
    assert (view.units[0].asked, view.units[0].solved, view.disagreements[0].decided) == (1, 0, True)
    page = signed_in(world.accounts["supervisor"]).get(f"/desk/quality/{frame.id}/?verify=1").content.decode()
    assert "第三人已定" in page
    assert "重抽一致" in page


def test_a_revisit_by_another_grid_says_that_a_claim_did_not_last(world, closed):
    case = closed()
    grids = sorted(path for path in (area.path for area in world.areas.values()) if path.count("/") == 4)
    world.accounts["near"] = staff("near.grid", role="grid_worker", area_path=case.area_path)
    other = next(path for path in grids if path != case.area_path)
    world.accounts["far"] = staff("far.grid", role="grid_worker", area_path=other)
    frozen(world, "near", "far", kind="revisit")
    assert {task.evaluator_id for task in Task.objects.all()} == {world.accounts["far"].id}
    Closure.objects.update(at=clock.now() - timedelta(days=2))
    enter(
        world,
        Task.objects.get(seat=1),
        Finding(outcome="reached", contacted=None, solved=False, level=None, note=""),
    )
    later = clock.now() + timedelta(days=40)
    today = in_china(clock.now()).date()
    period = {"since": today - timedelta(days=5), "until": today + timedelta(days=1)}
    [row] = durably_solved(visible_to=actor(world, "supervisor"), now=later, **period).rows
    assert row.windows[0].failed["revisited"] == 1


@pytest.mark.parametrize("count", [5, 50])
def test_lists_and_results_take_the_same_number_of_queries(
    closed,
    world,
    count,
    django_assert_num_queries,
):
    for _ in range(count):
        closed()
    frame = frozen(world, "one", size=count)
    reader, evaluator = actor(world, "supervisor"), actor(world, "one")
    with django_assert_num_queries(1):
        assert len(queries.my_tasks(visible_to=evaluator)) == count
    with django_assert_num_queries(4):
        results.frame(visible_to=reader, frame_id=frame.id)
    with django_assert_num_queries(2):
        results.frames(visible_to=reader)
