"""A large town: 24,000 grids and 32,000 workers go in; points and texts are placed; people are found by number."""

import json
import math
import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tests.load.harness import Row
from tests.load.scratch import scratch

AT = datetime(2026, 3, 2, tzinfo=UTC)
WEST, SOUTH, STEP = 112.5, 27.9, 0.004


def rows(quick: bool) -> Iterable[Row]:
    """Quick: a tenth of the town."""
    grids, workers = (2400, 3200) if quick else (24_000, 32_000)
    with scratch():
        from django.core.management import call_command

        for room in ("places", "grants"):
            call_command("migrate", room, verbosity=0)
        yield from importing(grids)
        yield from looking_up(grids)
        yield from enrolling(grids, workers)
        yield from registering(6000 if quick else 30_000)


def town(grids: int) -> list[dict[str, Any]]:
    """Ragged quadrangles side by side, 12 to a community, 120 to a street, in one district; a name to every third."""
    chance = random.Random(5)
    side = math.ceil(math.sqrt(grids))
    corner = {
        (x, y): (
            WEST + (x + chance.uniform(-0.2, 0.2)) * STEP,
            SOUTH + (y + chance.uniform(-0.2, 0.2)) * STEP,
        )
        for x in range(side + 1)
        for y in range(side + 1)
    }
    made: list[dict[str, Any]] = [feature(None, code="430102", name="岳麓区", level="district")]
    for n in range(grids):
        street, community = f"430102{n // 120:03}", f"430102{n // 120:03}{n // 12 % 10:03}"
        if n % 120 == 0:
            made.append(feature(None, code=street, name=f"第{n // 120}街道", level="street", parent="430102"))
        if n % 12 == 0:
            name = f"第{n // 12}社区"
            made.append(feature(None, code=community, name=name, level="community", parent=street))
        x, y = n % side, n // side
        ring = [corner[x, y], corner[x + 1, y], corner[x + 1, y + 1], corner[x, y + 1], corner[x, y]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        code = f"{community}{n % 12:02}"
        made.append(feature(shape, code=code, name=f"{name}第{n % 12}网格", level="grid", parent=community))
        if n % 3 == 0:
            made.append(feature(None, name=f"阳光{n}号花园", kind="estate", area=code))
    return made


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def importing(grids: int) -> Iterable[Row]:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.places import snapshot
    from gongzhi.places.importing import import_areas

    features = town(grids)
    content = json.dumps({"type": "FeatureCollection", "features": features})
    for what in ("first import", "again, nothing new"):
        began = time.perf_counter()
        result = import_areas(content, by=SYSTEM, at=AT, source="bench")
        assert not result.rejects, result.rejects[:3]
        assert result.total == len(features)
        yield Row(f"areas and names, {what}", len(features) / (time.perf_counter() - began), "/s")
    began = time.perf_counter()
    index = snapshot.load()
    assert len(index.shaped) == grids
    yield Row.at_most(f"place index of {grids:,} grids built in", time.perf_counter() - began, "s", goal=5)


def looking_up(grids: int) -> Iterable[Row]:
    import shapely

    from gongzhi.places import snapshot

    index, side = snapshot.current(), math.ceil(math.sqrt(grids))
    chance = np.random.default_rng(2)
    lons = WEST + chance.random(200_000) * STEP * side
    lats = SOUTH + chance.random(200_000) * STEP * side
    index.locate_points(lons, lats)
    forms = shapely.from_geojson([area.geometry for area in index.shaped])
    plain = rate(100, lambda n: np.flatnonzero(shapely.contains_xy(forms, lons[n], lats[n])))
    began = time.perf_counter()
    found = index.locate_points(lons, lats)
    many = len(found) / (time.perf_counter() - began)
    assert (found >= 0).mean() > 0.9
    yield Row.at_least("points to grids, many at once", many, "/s", goal=100_000, baseline=plain)
    single = rate(20_000, lambda n: index.locate_point(lons[n], lats[n]))
    yield Row.at_least("points to grids, one by one", single, "/s", goal=10_000, baseline=plain)
    texts = [
        f"您好，我要反映阳光{n * 3 % grids}号花园3号楼二单元门口路灯不亮，晚上出行不便，请尽快处理。"
        for n in range(1000)
    ]
    names = list(index.gazetteer.names)
    scan = rate(50, lambda n: [name for name in names if name in texts[n]])
    read = rate(10_000, lambda n: index.locate_text(texts[n % 1000]))
    assert index.place_text(texts[5]).state == "located"
    yield Row.at_least("texts to places", read, "/s", goal=5000, baseline=scan)


def enrolling(grids: int, workers: int) -> Iterable[Row]:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.grants.queries import actor_of
    from gongzhi.grants.staff import StaffRow, enrol_many
    from gongzhi.parties.models import Account
    from gongzhi.places import snapshot

    codes = [area.code for area in snapshot.current().shaped]
    staff = [
        StaffRow(
            row=n,
            name=f"网格员{n}",
            username=f"worker{n}",
            phone=f"138{n:08}",
            role="grid_worker",
            area=codes[n % grids],
            manages=n < grids,
        )
        for n in range(workers)
    ]
    began = time.perf_counter()
    for start in range(0, workers, 500):
        made = enrol_many(staff[start : start + 500], by=SYSTEM, at=AT)
        assert not made.refused
    yield Row.at_least(
        f"{workers:,} workers enrolled", workers / (time.perf_counter() - began), "/s", goal=500
    )
    ids = list(Account.objects.values_list("id", flat=True)[:500])
    yield Row.at_most("actor of an account", 1000 / rate(500, lambda n: actor_of(ids[n], AT)), "ms", goal=3)


def registering(people: int) -> Iterable[Row]:
    from django.db import transaction

    from gongzhi.access.actor import SYSTEM
    from gongzhi.parties.bulk import NewPerson, find_or_register_many

    for what in ("new", "known"):
        began = time.perf_counter()
        for start in range(0, people, 1000):
            batch = [NewPerson.of(phone=f"139{n:08}", name="张三") for n in range(start, start + 1000)]
            with transaction.atomic():
                find_or_register_many(batch, by=SYSTEM, at=AT)
        speed = people / (time.perf_counter() - began)
        yield Row.at_least(f"people by number, {what}, sealed, with acts", speed, "/s", goal=3000)


def rate(times: int, work: Any) -> float:
    """Calls a second of work(n)."""
    began = time.perf_counter()
    for n in range(times):
        work(n)
    return times / (time.perf_counter() - began)
