"""Loading, giving, ending: idempotent, ended never rewritten, refused to the wrong person."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, Actor, Held
from gongzhi.acts.models import Act
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import shipped
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound, NotSignedIn
from gongzhi.mandates import actions, importing, queries, snapshot
from gongzhi.mandates.models import Mandate, MandateGap
from gongzhi.parties.models import Organisation

pytestmark = pytest.mark.django_db

HEADER = "item,title,organisation,area,category,role,part,basis,valid_from,valid_until,response,handling\n"
LIST = HEADER + (
    "CG-01,清理暴露垃圾,cg,,0101,lead,basic,某条例第三条,2026-01-01,,24 hour,3 work_day\n"
    "JD-01,协助清理,jd,,0101,assist,assisting,某清单第二项,2026-01-01,,,\n"
)


@pytest.fixture
def town(administrator, at):
    catalogue.load_categories(rows=shipped.read_categories(), by=administrator, at=at)
    for code, name, kind in (("cg", "城管局", "bureau"), ("jd", "临江街道", "street")):
        Organisation.objects.create(
            id=ids.uuid7(at), code=code, name=name, kind=kind, path=f"{code}/", registered_at=at
        )


def rows_of(text):
    good, rejects = importing.read(importing.parse(text, name="list.csv"), queries.known())
    assert not rejects
    return good


def test_a_list_is_loaded_once_and_routes(town, administrator, at):
    first = actions.load(rows=rows_of(LIST), by=administrator, at=at)
    again = actions.load(rows=rows_of(LIST), by=administrator, at=at)
    assert (first.added, again.added, again.unchanged) == (2, 0, 2)
    assert Act.objects.filter(verb="mandates.load").count() == 1
    table = snapshot.current()
    assert snapshot.current() is table
    assert table.by_role["lead"][("", "0101")][0].organisation == "城管局"


def test_a_changed_row_ends_the_old_mandate_and_gives_a_new_one(town, administrator, at):
    actions.load(rows=rows_of(LIST), by=administrator, at=at)
    before = snapshot.current().version
    done = actions.load(rows=rows_of(LIST.replace("3 work_day", "2 work_day")), by=administrator, at=at)
    assert (done.added, done.ended, done.unchanged) == (1, 1, 1)
    assert Mandate.objects.filter(ended_at__isnull=False).count() == 1
    assert snapshot.current().version > before


def test_what_the_list_no_longer_names_is_ended(town, administrator, at):
    actions.load(rows=rows_of(LIST), by=administrator, at=at)
    done = actions.load(rows=rows_of(HEADER + LIST.splitlines()[1] + "\n"), by=administrator, at=at)
    assert (done.added, done.ended) == (0, 1)
    kept = actions.load(rows=[], by=administrator, at=at, replace=False)
    assert kept.ended == 0


def test_bad_rows_are_rejected_with_line_column_and_reason(town):
    text = HEADER + (
        "A,甲,nobody,,0101,lead,basic,依据,,,,\n"
        "B,乙,cg,,7777,lead,basic,依据,,,,\n"
        "C,丙,cg,atlantis,0101,lead,basic,依据,,,,\n"
        "D,丁,cg,,0101,boss,basic,依据,,,,\n"
        "E,戊,jd,,0101,lead,taken_back,依据,,,,\n"
        "F,己,cg,,0101,lead,basic,,,,,\n"
        "G,庚,cg,,0101,lead,basic,依据,31/12/2026,,,\n"
        "H,辛,cg,,0101,lead,basic,依据,,,five days,\n"
        "I,壬,cg,,0101,lead,basic,依据,2026-02-01,2026-01-01,,\n"
        "J,癸,cg,,0101,lead,basic,依据,,,,\n"
        "J,癸,cg,,0101,lead,basic,依据,,,,\n"
    )
    good, rejects = importing.read(importing.parse(text, name="list.csv"), queries.known())
    assert [row.item for row in good] == ["J"]
    assert [(reject.row, reject.problem.code.removeprefix("mandates.")) for reject in rejects] == [
        (2, "unknown_organisation"),
        (3, "unknown_category"),
        (4, "unknown_area"),
        (5, "unknown_word"),
        (6, "cannot_lead"),
        (7, "empty"),
        (8, "bad_date"),
        (9, "bad_limit"),
        (10, "period"),
        (12, "twice"),
    ]


def test_a_file_without_the_needed_columns_is_refused_whole():
    with pytest.raises(importing.Invalid) as caught:
        importing.parse("a,b\n1,2\n", name="list.csv")
    assert caught.value.code == "mandates.missing_columns"
    with pytest.raises(importing.Invalid):
        importing.parse("mandates: [", name="list.yaml")


def test_yaml_is_read_like_csv(town):
    text = "mandates:\n- {item: A, title: 甲, organisation: cg, category: '0101', role: lead, basis: 依据}\n"
    good, rejects = importing.read(importing.parse(text, name="list.yaml"), queries.known())
    assert (len(good), rejects) == (1, [])


def test_only_the_administrator_changes_lists(town, at):
    colleague = Actor(kind="account", id=ids.uuid7(at), held=(Held(role="dispatcher"),))
    for by in (ANONYMOUS, colleague):
        with pytest.raises((NotAllowed, NotSignedIn)):
            actions.load(rows=[], by=by, at=at)
        with pytest.raises((NotAllowed, NotSignedIn)):
            actions.give(row=rows_of(LIST)[0], by=by, at=at)
        with pytest.raises((NotAllowed, NotSignedIn)):
            actions.end(mandate_id=ids.uuid7(at), reason="x", by=by, at=at)


def test_one_mandate_is_given_ended_and_given_again(town, administrator, at):
    row = rows_of(LIST)[0]
    mandate = actions.give(row=row, by=administrator, at=at)
    with pytest.raises(Conflict):
        actions.give(row=row, by=administrator, at=at)
    actions.end(mandate_id=mandate.id, reason="职责调整", by=administrator, at=at)
    with pytest.raises(Conflict):
        actions.end(mandate_id=mandate.id, reason="职责调整", by=administrator, at=at)
    with pytest.raises(NotFound):
        actions.end(mandate_id=ids.uuid7(at), reason="x", by=administrator, at=at)
    actions.give(row=row, by=administrator, at=at)
    assert Mandate.objects.count() == 2


def test_the_database_refuses_to_rewrite_or_delete_a_mandate(town, administrator, at):
    actions.load(rows=rows_of(LIST), by=administrator, at=at)
    for change in (lambda q: q.update(basis="另一条"), lambda q: q.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Mandate.objects.all())


def test_the_database_refuses_a_street_as_lead_of_an_assisting_item(town, administrator, at):
    actions.load(rows=rows_of(LIST), by=administrator, at=at)
    lead = Mandate.objects.get(organisation__code="jd")
    lead.id, lead.role, lead.item = ids.uuid7(at), "lead", "JD-02"
    with pytest.raises(IntegrityError), transaction.atomic():
        lead.save(force_insert=True)


def test_a_gap_met_many_times_is_one_open_fact(town, administrator, at):
    found = [actions.Found("gap", "010101", "510000/001/")] * 3
    assert actions.note_gaps(found=found, by=administrator, at=at) == 1
    assert actions.note_gaps(found=found, by=administrator, at=at) == 0
    assert Act.objects.filter(verb="mandates.find_gap").count() == 1
    [gap] = queries.open_gaps()
    actions.settle_gap(gap_id=gap.id, by=administrator, at=at)
    assert queries.open_gaps() == []
    assert actions.note_gaps(found=found, by=administrator, at=at) == 1
    assert MandateGap.objects.count() == 2


def test_the_shipped_tree_and_a_small_list_are_checked(town, administrator, at):
    actions.load(rows=rows_of(LIST), by=administrator, at=at)
    found = queries.findings(at=at)
    assert "02" in {gap.category for gap in found.gaps}
    assert not found.overlaps


def test_open_gaps_ask_the_same_number_of_questions_for_5_and_50_rows(town, administrator, at):
    counts = []
    for size in (5, 50):
        found = [actions.Found("gap", "010101", f"{n}/") for n in range(size)]
        actions.note_gaps(found=found, by=administrator, at=at)
        with CaptureQueriesContext(connection) as seen:
            assert len(queries.open_gaps()) == size
        counts.append(len(seen))
    assert counts[0] == counts[1]
