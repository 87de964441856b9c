"""Real files of two cities, read and judged whole. They are not ours to ship: skipped where they are absent."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue.shipped import read_categories, read_procedures
from gongzhi.indicators.ontime import on_time
from gongzhi.intake.imports.lines import Line, columns, lines, source_of
from gongzhi.intake.imports.mapping import check_columns, read_mapping
from gongzhi.intake.imports.runs import import_cases
from gongzhi.intake.imports.survey import survey
from gongzhi.intake.models import SourceRecord
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area

pytestmark = pytest.mark.shared_data
EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"
AT = datetime(2026, 3, 2, tzinfo=UTC)
EXPORTED_AT = datetime(2016, 1, 13, 3, 23, tzinfo=UTC)  # 22:23 in Boston


@pytest.fixture
def boston(shared_data):
    return shared_data / "boston_311_2015" / "cases_to_october.csv.gz"


@pytest.fixture
def ready(db):
    for procedure in read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=AT)
    catalogue.load_categories(rows=read_categories(), by=SYSTEM, at=AT)


def mapping(name):
    return read_mapping((EXAMPLES / f"{name}.mapping.yaml").read_text(encoding="utf-8"))


def bring(file, name, tmp_path):
    return import_cases(file, mapping=mapping(name), rejects=tmp_path / "rejects.csv", by=SYSTEM, at=AT)


def test_every_row_of_the_year_is_read_and_its_trees_are_few(boston):
    source = source_of(boston)
    check_columns(mapping("boston_2015"), columns(source))
    found = survey(source, mapping("boston_2015"))
    assert (found.rows, len(found.first)) == (96_916, 96_916)
    assert len(found.paths["organisation"]) == 147
    assert len(found.paths["category"]) == 158
    wards = {path[1].code for path in found.paths["area"] if len(path) > 1}
    assert len(wards) == 22


@pytest.mark.slow
def test_the_whole_year_goes_in_and_agrees_with_the_city(ready, boston, tmp_path):
    done = bring(boston, "boston_2015", tmp_path)
    assert done.rows == 96_916 == done.opened + done.rejected
    assert done.rejected == 0
    assert Matter.objects.count() == SourceRecord.objects.count() == 96_916
    report = on_time(source="boston-311", as_of=EXPORTED_AT, visible_to=SYSTEM)
    assert report.judged == 74_639
    assert report.agreement >= 0.9999
    assert [one.reason for one in report.disagreements] == ["due_soon"]


def test_the_first_thousands_go_in_with_wards_queues_and_types(ready, boston, tmp_path):
    part = tmp_path / "part.csv"
    source = source_of(boston)
    import csv

    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns(source))
        writer.writeheader()
        writer.writerows(line.values for line in lines(source) if isinstance(line, Line) and line.row < 2_002)
    done = bring(part, "boston_2015", tmp_path)
    assert (done.rows, done.opened, done.rejected) == (2_000, 2_000, 0)
    levels = Counter(Area.objects.values_list("level", flat=True))
    assert (levels["city"], levels["street"]) == (1, 22)
    assert Organisation.objects.filter(kind="bureau", name="PWDx").exists()
    report = on_time(source="boston-311", as_of=EXPORTED_AT, visible_to=SYSTEM)
    assert report.agreement == 1
    assert bring(part, "boston_2015", tmp_path).present == 2_000


def test_the_chinese_stream_goes_in_through_the_same_door(ready, shared_data, tmp_path):
    done = bring(shared_data / "citizen_messages" / "stream_4326.csv.gz", "citizen_messages", tmp_path)
    assert (done.rows, done.opened, done.rejected) == (4_326, 4_326, 0)
    told = Counter(Matter.objects.values_list("category__code", flat=True))
    assert told["990201"] < 4_326 / 2, "most messages name something the categories know"
