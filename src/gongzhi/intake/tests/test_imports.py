"""Files brought in: once, whole, at their own times, and on from where they stopped."""

import csv

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts import queries as acts
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue.models import Category
from gongzhi.catalogue.shipped import read_categories, read_procedures
from gongzhi.intake.imports import runs, storing
from gongzhi.intake.imports.mapping import read_mapping
from gongzhi.intake.imports.runs import import_cases
from gongzhi.intake.models import ImportRun, SourceRecord
from gongzhi.intake.tests.conftest import AT
from gongzhi.kernel.refusals import Invalid, NotAllowed
from gongzhi.matters.models import ClockRun, Closure, Matter
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area

MAPPING = """
source: old-hotline
zone: Asia/Shanghai
times: ["%Y-%m-%d %H:%M"]
fields:
  external_id: no
  opened_at: opened
  dispatched_at: sent
  target_at: due
  closed_at: closed
  status: state
  text: words
  reply: answer
  channel: {column: via, codes: {电话: phone, 网站: web}}
category: {create: true, levels: [{name: kind}, {name: type}]}
organisation: {create: true, levels: [{name: bureau, kind: bureau}, {name: unit, kind: station}]}
area:
  create: true
  levels:
    - {level: district, code: {constant: d1}, name: {constant: 一区}}
    - {level: street, name: ward}
    - {level: community, code: precinct, name: precinct}
keep: [note]
"""
HEAD = [
    "no",
    "opened",
    "sent",
    "due",
    "closed",
    "state",
    "words",
    "answer",
    "via",
    "kind",
    "type",
    "bureau",
    "unit",
    "ward",
    "precinct",
    "note",
]
ROW = {
    "opened": "2025-03-03 09:00",
    "sent": "2025-03-03 10:00",
    "due": "2025-03-10 23:59",
    "closed": "2025-03-05 16:00",
    "state": "ONTIME",
    "words": "路灯坏了",
    "answer": "已修好",
    "via": "电话",
    "kind": "设施",
    "type": "照明",
    "bureau": "城管局",
    "unit": "照明所",
    "ward": "东街",
    "precinct": "p1",
    "note": "旧备注",
}


@pytest.fixture
def ready(db):
    for procedure in read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=AT)
    catalogue.load_categories(rows=read_categories(), by=SYSTEM, at=AT)


@pytest.fixture
def bring(ready, tmp_path):
    def bring_in(rows, *, mapping=MAPPING, name="cases.csv", by=SYSTEM, **given):
        file = tmp_path / name
        with file.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            writer = csv.DictWriter(stream, HEAD)
            writer.writeheader()
            writer.writerows({"no": str(n), **ROW, **row} for n, row in enumerate(rows, start=1))
        out = tmp_path / "rejects.csv"
        return import_cases(file, mapping=read_mapping(mapping), rejects=out, by=by, at=AT, **given)

    return bring_in


def rejects(tmp_path):
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_life_is_replayed_at_its_own_times(bring):
    assert (bring([{}]).opened, Matter.objects.count()) == (1, 1)
    matter = Matter.objects.get()
    assert (matter.origin, matter.external_id, matter.channel) == ("old-hotline", "1", "phone")
    assert f"{matter.opened_at:%Y-%m-%d %H:%M}" == "2025-03-03 01:00"
    assert f"{matter.closed_at:%Y-%m-%d %H:%M}" == "2025-03-05 08:00"
    assert matter.lead.name == "照明所"
    timeline = acts.timeline("matters.matter", matter.id)
    assert [(entry.verb, f"{entry.at:%m-%d %H}") for entry in reversed(timeline)] == [
        ("matters.open", "03-03 01"),
        ("matters.dispatch", "03-03 02"),
        ("matters.close", "03-05 08"),
    ]
    assert all(entry.payload["imported"]["row"] == "old-hotline:2" for entry in timeline)


def test_the_words_of_the_source_stay_beside(bring):
    bring([{"closed": "", "state": "OVERDUE"}])
    record = SourceRecord.objects.get()
    assert (record.row, record.status, record.kept, record.closed_at) == (
        2,
        "OVERDUE",
        {"note": "旧备注"},
        None,
    )
    assert ClockRun.objects.get(matter=record.matter, code="handling").due_at == record.target_at


def test_what_the_file_names_is_registered_once(bring):
    done = bring([{}, {"precinct": "p2"}, {"unit": "照明二所"}])
    assert done.made == {"area": 4, "organisation": 3, "category": 2}
    assert Area.objects.get(code="p2").path.startswith("d1/")
    assert Organisation.objects.get(name="照明二所").parent.name == "城管局"
    category = Category.objects.get(
        level=2, titles__contains={"zh-hans": "照明"}, parent__titles__contains={"zh-hans": "设施"}
    )
    assert Matter.objects.filter(category=category).count() == 3
    assert Category.objects.filter(code="020101", retired_at__isnull=True).exists()
    assert bring([{}, {"precinct": "p2"}], name="again.csv").made == {}


def test_twice_adds_nothing(bring):
    first, second = bring([{}, {}]), bring([{}, {}])
    assert (first.opened, first.present) == (2, 0)
    assert (second.opened, second.present, second.rejected) == (0, 2, 0)
    assert (Matter.objects.count(), SourceRecord.objects.count(), ImportRun.objects.count()) == (2, 2, 2)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"no": ""}, "no", "intake.empty_cell"),
        ({"opened": ""}, "opened", "intake.empty_cell"),
        ({"opened": "last week"}, "opened", "intake.bad_time"),
        ({"opened": "2031-01-01 00:00"}, "opened", "intake.in_the_future"),
        ({"opened": "1900-01-01 00:00"}, "opened", "intake.long_ago"),
        ({"closed": "2025-03-01 00:00"}, "closed", "intake.before_opening"),
        ({"due": "3000-01-01 00:00"}, "due", "intake.in_the_future"),
        ({"via": "信鸽"}, "via", "intake.unknown_value"),
        ({"words": ""}, "words", "intake.empty"),
        ({"words": "长" * 10_001}, "words", "intake.too_long"),
        ({"words": "坏\x07了"}, "words", "intake.control_characters"),
        ({"words": "坏\udcff了"}, "words", "intake.damaged_text"),
    ],
)
def test_a_bad_row_is_named_and_does_not_hold_up_the_others(bring, tmp_path, row, column, code):
    done = bring([{}, row, {}])
    assert (done.rows, done.opened, done.rejected) == (3, 2, 1)
    (named,) = rejects(tmp_path)
    assert (named["row"], named["column"], named["code"]) == ("3", column, code)
    assert named["reason"]
    assert named["note"] == "旧备注"


def test_an_id_that_comes_twice_in_a_file_is_taken_once(bring, tmp_path):
    done = bring([{"no": "7"}, {"no": "7"}])
    assert (done.opened, done.rejected) == (1, 1)
    assert rejects(tmp_path)[0]["code"] == "intake.id_twice"


def test_reject_cells_cannot_become_formulas(bring, tmp_path):
    bring([{"via": "信鸽", "note": "=HYPERLINK(1)"}])
    assert rejects(tmp_path)[0]["note"] == "'=HYPERLINK(1)"


def test_corrected_rejects_can_be_imported_as_they_are(bring, tmp_path):
    bring([{}, {"via": "信鸽"}])
    rows = rejects(tmp_path)
    assert bring([{**{name: rows[0][name] for name in HEAD}, "via": "网站"}], name="mended.csv").opened == 1
    assert Matter.objects.filter(channel="web").count() == 1


def test_a_precinct_said_to_lie_in_two_wards_holds_where_most_rows_put_it(bring):
    bring([{}, {}, {"ward": "西街"}])
    places = sorted(Matter.objects.values_list("area_path", flat=True))
    assert places[0] == places[1] == Area.objects.get(code="p1").path
    assert places[2] == Area.objects.get(name="西街").path


def test_closed_before_it_was_opened_can_be_taken_with_its_own_time_beside(bring):
    bring([{"closed": "2025-03-01 00:00"}], mapping=MAPPING + "reversed_times: at_opening\n")
    matter = Matter.objects.get()
    assert matter.closed_at == matter.opened_at
    assert SourceRecord.objects.get().closed_at < matter.opened_at
    assert Closure.objects.filter(matter=matter).count() == 1


def test_interrupted_it_goes_on_where_it_stopped(bring, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 2)
    rows = [{}, {"via": "信鸽"}, {}, {"via": "信鸽"}, {}]

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(rows, progress=stop)
    assert Matter.objects.count() == 1
    done = bring(rows)
    assert (done.resumed_at_row, done.rows, done.opened, done.rejected) == (4, 5, 3, 2)
    assert [row["row"] for row in rejects(tmp_path)] == ["3", "5"]
    assert ImportRun.objects.get().finished_at


def test_killed_between_reject_file_and_commit_no_reject_is_named_twice(bring, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 2)
    original = ImportRun.save

    def dies(self, *args, update_fields=None, **kwargs):
        if update_fields:
            raise KeyboardInterrupt
        original(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(ImportRun, "save", dies)
        with pytest.raises(KeyboardInterrupt):
            bring([{}, {"via": "信鸽"}])
    assert Matter.objects.count() == 0
    done = bring([{}, {"via": "信鸽"}])
    assert (done.opened, done.rejected, len(rejects(tmp_path))) == (1, 1, 1)


def test_a_row_the_tables_refuse_stands_alone(bring, tmp_path, monkeypatch):
    replay = storing.matters.replay_many

    def picky(lives, **given):
        if any("毒" in life.report.text for life in lives):
            raise ValueError("poison")
        return replay(lives, **given)

    monkeypatch.setattr(storing.matters, "replay_many", picky)
    done = bring([{}, {"words": "毒"}, {}])
    assert (done.opened, done.rejected) == (2, 1)
    assert rejects(tmp_path)[0]["code"] == "intake.not_accepted"


def test_without_create_an_unknown_unit_rejects_the_row(bring, tmp_path):
    mapping = MAPPING.replace("organisation: {create: true,", "organisation: {")
    assert bring([{}], mapping=mapping).rejected == 1
    assert rejects(tmp_path)[0]["column"] == "bureau"


def test_without_category_and_area_the_words_decide(bring):
    head, _, rest = MAPPING.partition("category:")
    bring([{}], mapping=head + "keep: [note]\n")
    assert rest
    assert Matter.objects.get().category.code == "020101"


def test_columns_the_file_lacks_stop_it_before_anything_is_written(bring):
    with pytest.raises(Invalid) as refused:
        bring([{}], mapping=MAPPING.replace("keep: [note]", "keep: [nothing]"))
    assert refused.value.code == "intake.missing_columns"
    assert ImportRun.objects.count() == 0


def test_only_the_system_administrator_brings_files_in(bring):
    for role, allowed in (("system_admin", True), ("dispatcher", False), ("resident", False)):
        actor = Actor(kind="account", id=None, held=(Held(role),))
        if allowed:
            assert bring([{}], by=actor).opened == 1
        else:
            with pytest.raises(NotAllowed):
                bring([{}], by=actor)


def test_a_batch_costs_the_same_number_of_queries_for_5_and_50_rows(bring, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bring([{}])
    counts = []
    for size in (5, 50):
        rows = [{"no": f"{size}-{n}"} for n in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            bring(rows, name=f"{size}.csv")
        counts.append(len(captured))
    assert counts[0] == counts[1]
