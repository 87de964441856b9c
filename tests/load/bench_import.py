"""A year of a city's cases goes in with all its acts: read, judged, placed, stored, with the source's words beside.

The real file where it is (the folder of shared data), else one of the same shape made up.
"""

import csv
import os
import random
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.load.harness import Row
from tests.load.scratch import scratch

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GONGZHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
REAL = SHARED / "boston_311_2015" / "cases_to_october.csv.gz"
MAPPING = ROOT / "docs" / "examples" / "boston_2015.mapping.yaml"
AT = datetime(2026, 3, 2, tzinfo=UTC)
GOAL_PER_SECOND = 1_600


def rows(quick: bool) -> Iterable[Row]:
    """Quick: 10,000 rows. Baseline: the bytes of the same rows through COPY into one plain table without index."""
    with tempfile.TemporaryDirectory() as folder, scratch():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _publish()
        file = Path(folder) / "cases.csv"
        count = _write(file, 10_000 if quick else 100_000)
        baseline = _plain(file, count)
        where = "the city's file" if REAL.exists() else "made up"
        done, seconds = _import(file, Path(folder))
        assert done.opened + done.rejected == count
        yield Row.at_least(
            f"import, acts included ({count:,} cases, {where})",
            done.opened / seconds,
            "/s",
            goal=GOAL_PER_SECOND,
            baseline=baseline,
        )
        again, seconds = _import(file, Path(folder))
        assert again.opened == 0
        yield Row("the same again, adding nothing", count / seconds, "/s")


def _publish() -> None:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.catalogue import actions
    from gongzhi.catalogue.shipped import read_procedures

    for procedure in read_procedures():
        actions.publish_procedure(procedure=procedure, by=SYSTEM, at=AT)


def _import(file: Path, folder: Path):  # type: ignore[no-untyped-def]
    from gongzhi.access.actor import SYSTEM
    from gongzhi.intake.imports.mapping import read_mapping
    from gongzhi.intake.imports.runs import import_cases

    mapping = read_mapping(MAPPING.read_text(encoding="utf-8"))
    began = time.perf_counter()
    done = import_cases(file, mapping=mapping, rejects=folder / "rejects.csv", by=SYSTEM, at=AT)
    return done, time.perf_counter() - began


def _plain(file: Path, count: int) -> float:
    from django.db import connection

    from gongzhi.acts.copying import copy_rows

    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        names = [f"c{number}" for number, _ in enumerate(next(reader))]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bench_plain ({', '.join(f'{name} text' for name in names)})")
        began = time.perf_counter()
        copy_rows("bench_plain", names, reader)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_plain")
    return count / seconds


def _write(file: Path, most: int) -> int:
    from gongzhi.intake.imports.lines import Line, columns, lines, source_of

    with file.open("w", encoding="utf-8", newline="") as stream:
        if not REAL.exists():
            return _invented(csv.writer(stream), most)
        source = source_of(REAL)
        writer = csv.DictWriter(stream, columns(source))
        writer.writeheader()
        count = 0
        for line in lines(source):
            if count < most and isinstance(line, Line):
                writer.writerow(line.values)
                count += 1
    return count


def _invented(writer, most: int) -> int:  # type: ignore[no-untyped-def]
    chance = random.Random(5)
    writer.writerow(
        [
            "CASE_ENQUIRY_ID",
            "OPEN_DT",
            "TARGET_DT",
            "CLOSED_DT",
            "OnTime_Status",
            "CASE_STATUS",
            "CLOSURE_REASON",
            "CASE_TITLE",
            "SUBJECT",
            "REASON",
            "TYPE",
            "QUEUE",
            "Department",
            "Location",
            "neighborhood",
            "ward",
            "precinct",
            "land_usage",
            "Property_Type",
            "LATITUDE",
            "LONGITUDE",
            "Source",
            "Geocoded_Location",
        ]
    )
    start = datetime(2015, 1, 1)  # noqa: DTZ001 (written as the city writes it, without a zone)
    for number in range(most):
        opened = start + timedelta(minutes=4 * number)
        closed = opened + timedelta(hours=chance.randrange(1, 900))
        kind, ward = chance.randrange(150), chance.randrange(1, 23)
        times = [f"{at:%m/%d/%Y %I:%M:%S %p}" for at in (opened, opened + timedelta(days=14), closed)]
        lat, lon = 42.3 + chance.random() / 10, -71.1 + chance.random() / 10
        writer.writerow(
            [
                *(101_000_000_000 + number, *times, "ONTIME", "Closed", "Case Resolved " * 4, f"Kind {kind}"),
                *(f"Office {kind % 16}", f"Reason {kind % 50}", f"Kind {kind}", f"Queue {kind}", "PWDx"),
                *(f"{number % 900} Beacon St  Boston  MA  02108", "Downtown", f"Ward {ward}"),
                *(f"{ward}{number % 12 + 1:02}.0", "R1", "Address", f"{lat:.4f}", f"{lon:.4f}"),
                *("Constituent Call", f"({lat:.4f}, {lon:.4f})"),
            ]
        )
    return most
