"""Reports become matters, many at once, each whole."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from gongzhi.acts.models import Act, ActContent
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import actions, codes, map, queries
from gongzhi.matters.models import CellChange, CellCount, ClockRun, Matter, MatterText, Routing
from gongzhi.matters.reports import NewReporter
from gongzhi.matters.tests.town import AT, GRID


def test_a_report_becomes_a_matter_with_words_routing_clock_and_one_act(town):
    before = Act.objects.count()
    opened = town.open()

    matter = Matter.objects.get(id=opened.id)
    assert (matter.state, matter.stage, matter.version, matter.closed_at) == ("reported", "intake", 1, None)
    assert matter.area_path == GRID
    assert MatterText.objects.get(matter=matter).title == "路灯不亮"
    assert Routing.objects.get(matter=matter).organisation == town.organisations["bureau"]
    run = ClockRun.objects.get(matter=matter)
    assert (run.code, run.due_at) == ("acceptance", AT + timedelta(hours=2))
    assert matter.due_at == run.due_at
    assert Act.objects.count() == before + 1


def test_numbers_are_valid_unguessable_and_unique(town):
    opened = town.open_several(100)

    given = [one.number for one in opened]
    assert len(set(given)) == 100
    assert all(numbers.parse(number) == number for number in given)
    assert given != sorted(given)


def test_the_number_of_statements_does_not_grow_with_the_batch(town):
    def statements(count):
        reporter = NewReporter.of(phone=f"138{count:08d}", name="王芳")
        with CaptureQueriesContext(connection) as captured:
            actions.open_many(
                [town.report(reporter=reporter) for _ in range(count)], by=town["reporter"], at=AT
            )
        return len(captured)

    statements(1)  # snapshots are read once, whenever a process first needs them
    few = statements(10)
    assert statements(100) == few


def test_the_same_external_id_is_taken_in_once_even_within_a_batch(town):
    twice = [town.report(origin="12345", external_id="A1"), town.report(origin="12345", external_id="A1")]
    first, second = actions.open_many(twice, by=town["reporter"], at=AT)
    [again] = actions.open_many(twice[:1], by=town["reporter"], at=AT)

    assert first.new
    assert not second.new
    assert not again.new
    assert first.number == second.number == again.number
    assert Matter.objects.count() == 1


def test_answers_come_in_the_order_of_the_reports(town):
    reports = [town.report(title=f"第 {n} 件") for n in range(20)]
    opened = actions.open_many(reports, by=town["reporter"], at=AT)

    titles = dict(MatterText.objects.values_list("matter_id", "title"))
    assert [titles[one.id] for one in opened] == [report.title for report in reports]


def test_one_telephone_is_one_person(town):
    reporter = NewReporter.of(phone="138 0013 8000", name="王芳")
    opened = actions.open_many([town.report(reporter=reporter)] * 3, by=town["reporter"], at=AT)

    people = Matter.objects.filter(id__in=[one.id for one in opened]).values_list("reporter_id", flat=True)
    assert len(set(people)) == 1
    assert people[0] is not None


def test_an_unpublished_procedure_is_refused_before_anything_is_written(town):
    from dataclasses import replace

    report = replace(town.report(), procedure=replace(town.procedure, version=99))
    with pytest.raises(NotFound):
        actions.open_many([report], by=town["reporter"], at=AT)
    assert not Matter.objects.exists()


def test_free_words_stand_only_in_words_and_never_in_the_act(town):
    town.open(title="请保密的标题", text="我的电话 13800138000")

    payloads = "".join(ActContent.objects.values_list("payload", flat=True))
    assert "请保密的标题" not in payloads
    assert "13800138000" not in payloads


def test_the_map_counts_open_matters_but_never_confidential_ones(town):
    town.open_several(3)
    town.open(confidential=True)

    assert sum(CellChange.objects.values_list("change", flat=True)) == 3
    assert map.fold() > 0
    assert set(CellCount.objects.values_list("resolution", "count")) == {(6, 3), (8, 3), (10, 3)}


def test_the_reporter_gets_in_with_the_follow_code_and_with_nothing_else(town):
    opened = town.open()
    actor = queries.follow(number=opened.number, code=opened.follow_code.lower())

    assert queries.case(visible_to=actor, number=opened.number, at=AT).as_reporter
    other = town.open()
    with pytest.raises(NotFound):
        queries.case(visible_to=actor, number=other.number, at=AT)
    for wrong in ({"code": "00000000"}, {"phone": "13900000000"}, {}):
        with pytest.raises(NotFound):
            queries.follow(number=opened.number, **wrong)
    assert codes.is_follow_code(opened.id, opened.follow_code)


@pytest.mark.django_db(transaction=True)
def test_many_doors_at_once_get_different_numbers_and_one_matter_per_external_id(committed_town):
    town, results, errors = committed_town, [], []

    def report():
        try:
            given = [town.report(), town.report(origin="12345", external_id="same")]
            results.extend(actions.open_many(given, by=town["reporter"], at=AT))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=report) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert Matter.objects.filter(external_id="same").count() == 1
    assert len({one.number for one in results}) == 7
