"""Publishing and loading: once, idempotent, by the right person, never changed afterwards."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from gongzhi.access.actor import ANONYMOUS, Actor, Held
from gongzhi.acts.models import Act
from gongzhi.catalogue import actions, categories, queries, reading, shipped, snapshot
from gongzhi.catalogue.models import Category, CategoryEdition, ProcedureVersion
from gongzhi.catalogue.problems import BadCatalogue
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn

pytestmark = pytest.mark.django_db


def test_publishing_makes_version_one_and_one_act(trial, administrator, at):
    done = actions.publish_procedure(procedure=trial, by=administrator, at=at)
    assert (done.number, done.new) == (1, True)
    assert Act.objects.filter(verb="catalogue.publish_procedure").count() == 1
    assert queries.procedure("trial", 1) == replace(trial, version=1)


def test_the_same_text_again_changes_nothing(trial, administrator, at):
    actions.publish_procedure(procedure=trial, by=administrator, at=at)
    again = actions.publish_procedure(procedure=trial, by=administrator, at=at)
    assert (again.number, again.new) == (1, False)
    assert Act.objects.filter(verb="catalogue.publish_procedure").count() == 1


def test_a_changed_text_is_the_next_version_and_the_old_one_stays(raw, trial, administrator, at):
    raw["code"] = "trial_two"
    first = reading.read_procedure(raw, source="x")
    raw["numbers"]["reopen_period"]["value"] = 30
    second = reading.read_procedure(raw, source="x")
    actions.publish_procedure(procedure=first, by=administrator, at=at)
    actions.publish_procedure(procedure=second, by=administrator, at=at)
    assert queries.procedure("trial_two").number("reopen_period").value == 30
    assert queries.procedure("trial_two", 1).number("reopen_period").value == 15


def test_three_people_publish_but_only_the_administrator_may(trial, at):
    for by in (ANONYMOUS, Actor(kind="account", id=ids.uuid7(at), held=(Held(role="dispatcher"),))):
        with pytest.raises((NotAllowed, NotSignedIn)):
            actions.publish_procedure(procedure=trial, by=by, at=at)
        with pytest.raises((NotAllowed, NotSignedIn)):
            actions.load_categories(rows=[], by=by, at=at)
    assert not ProcedureVersion.objects.exists()


def test_the_database_refuses_to_change_what_is_published(trial, administrator, at):
    actions.publish_procedure(procedure=trial, by=administrator, at=at)
    for change in (lambda q: q.update(body={}), lambda q: q.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(ProcedureVersion.objects.all())


def test_an_unpublished_procedure_is_not_found():
    with pytest.raises(NotFound):
        queries.procedure("never")


def test_the_shipped_tree_loads_once(administrator, at):
    rows = shipped.read_categories()
    first = actions.load_categories(rows=rows, by=administrator, at=at)
    again = actions.load_categories(rows=rows, by=administrator, at=at)
    assert first.added == len(rows) == Category.objects.count()
    assert (again.new, again.number) == (False, first.number)
    assert Act.objects.filter(verb="catalogue.load_categories").count() == 1


def test_a_category_left_out_is_retired_and_comes_back(administrator, at):
    rows = shipped.read_categories()
    actions.load_categories(rows=rows, by=administrator, at=at)
    shorter = [row for row in rows if row.code != "020101"]
    assert actions.load_categories(rows=shorter, by=administrator, at=at).retired == 1
    tree = snapshot.current()
    assert tree.get("020101").retired
    assert "020101" not in {node.code for node in tree.below("0201")}
    assert actions.load_categories(rows=rows, by=administrator, at=at).changed == 1
    assert not snapshot.current().get("020101").retired


def test_loading_asks_the_same_number_of_questions_for_5_and_50_rows(
    administrator, at, django_assert_num_queries
):
    rows = shipped.read_categories()
    leaf = rows[0]
    few = [replace(leaf, code=f"q{n}", parent="") for n in range(5)]
    many = [replace(leaf, code=f"r{n}", parent="") for n in range(50)]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for given in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            actions.load_categories(rows=given, by=administrator, at=at)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_tree_in_memory_follows_the_table(administrator, at):
    actions.load_categories(rows=shipped.read_categories(), by=administrator, at=at)
    tree = snapshot.current()
    node = tree.get("020101")
    assert node.chain == ("020101", "0201", "02")
    assert node.evidence_required
    assert node.verification_required
    assert node.title("en") == "Streetlight out"
    assert snapshot.current() is tree
    assert CategoryEdition.objects.count() == tree.edition == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("小区门口路灯坏了三天，老人摔了一跤", "020101"),
        ("隔壁工地半夜施工打桩，没法睡", "030101"),
        ("家里暖气不热，室温只有十四度", "050401"),
        ("饭店油烟直接排到我家窗户", "010501"),
        ("公司拖欠工资三个月", "100101"),
    ],
)
def test_words_point_to_a_category_with_their_reason(administrator, at, text, code):
    actions.load_categories(rows=shipped.read_categories(), by=administrator, at=at)
    best, *_ = snapshot.current().suggest(text)
    assert best.code == code
    assert all(word in text for word in best.words)


def test_a_text_without_any_keyword_suggests_nothing(administrator, at):
    actions.load_categories(rows=shipped.read_categories(), by=administrator, at=at)
    assert snapshot.current().suggest("！！！") == []
    assert snapshot.current().suggest("") == []


def test_a_tree_file_with_mistakes_names_each_of_them():
    raw = {
        "bases": {"general": {"kind": "law"}},
        "categories": [
            {"code": "1", "zh": "甲", "en": "A", "handling": "5 moons", "basis": "general"},
            {"code": "2", "zh": "乙"},
            {"code": "3", "zh": "丙", "en": "C", "handling": "5 day"},
            {"code": "4", "zh": "丁", "en": "D", "colour": "red"},
            {"code": "5", "zh": "戊", "en": "E"},
            {"code": "5", "zh": "己", "en": "F"},
        ],
    }
    with pytest.raises(BadCatalogue) as caught:
        categories.read_categories(raw, source="tree.yaml")
    codes = [problem.code for problem in caught.value.problems]
    assert codes == [
        "catalogue.bad_limit_text",
        "catalogue.missing_key",
        "catalogue.limit_without_basis",
        "catalogue.unknown_key",
        "catalogue.duplicate_category",
    ]
