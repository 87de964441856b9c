"""A city brings its past year along: every row goes in or says why not, and twice is as good as once.

The whole file of 96,916 rows is imported by the slow tests; this is its beginning, told to the end.
"""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.queries import timeline
from gongzhi.intake.imports.mapping import read_mapping
from gongzhi.intake.imports.runs import import_cases
from gongzhi.matters.models import Matter
from gongzhi.notices.models import Notice
from gongzhi.web.tests.people import signed_in, staff
from tests.journeys.people import Town

pytestmark = pytest.mark.shared_data
AT = datetime(2026, 3, 2, tzinfo=UTC)
MAPPING = Path(__file__).parents[2] / "docs" / "examples" / "boston_2015.mapping.yaml"
ROWS = 1_500


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def beginning(shared_data: Path, tmp_path: Path) -> Path:
    """The first rows of the real file, and one that cannot be right."""
    source = shared_data / "boston_311_2015" / "cases_to_october.csv.gz"
    if not source.exists():
        pytest.skip(f"no {source}")
    file = tmp_path / "year.csv"
    with gzip.open(source, "rt", encoding="utf-8", newline="") as read, file.open("w", newline="") as write:
        rows = csv.DictReader(read)
        assert rows.fieldnames
        out = csv.DictWriter(write, rows.fieldnames)
        out.writeheader()
        taken = list(islice(rows, ROWS))
        out.writerows(taken)
        out.writerow({**taken[0], "CASE_ENQUIRY_ID": "no-such-1", "OPEN_DT": "yesterday"})
    return file


def test_a_year_goes_in_once_and_is_found_at_the_desk(town: Town, beginning: Path, tmp_path: Path) -> None:
    mapping, rejects = read_mapping(MAPPING.read_text(encoding="utf-8")), tmp_path / "rejects.csv"
    first = import_cases(beginning, mapping=mapping, rejects=rejects, by=SYSTEM, at=AT)
    assert (first.opened, first.rejected) == (ROWS, 1)
    assert "yesterday" in rejects.read_text(encoding="utf-8")

    again = import_cases(beginning, mapping=mapping, rejects=rejects, by=SYSTEM, at=AT)
    assert (again.opened, again.present) == (0, ROWS)
    assert Matter.objects.count() == ROWS

    # Lives are replayed at their own times, and nobody is told about the past.
    states = Counter(Matter.objects.values_list("stage", flat=True))
    assert states["closed"] > ROWS / 2
    old = Matter.objects.filter(stage="closed").order_by("opened_at").first()
    assert old
    acts = timeline("matters.matter", old.id)
    assert {"matters.open", "matters.close"} <= {act.verb for act in acts}
    assert all(act.at.year < 2017 for act in acts)
    assert not Notice.objects.exists()

    # A dispatcher of the imported city finds one again by its number.
    desk = signed_in(staff("li.boston", role="dispatcher", area_path=old.area_path.split("/")[0] + "/"))
    assert desk.get(f"/desk/cases/{old.number}/").status_code == 200
    assert desk.get("/desk/statistics/").status_code == 200
