"""`plant`: every step asks what is missing and does only that."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from gongzhi.cli.demo.folder import folder, personas
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

SETTLED_BEFORE = timedelta(days=120)  # the town was set up that long before its matters are told


def plant(at: datetime | None = None, *, say: Callable[[str], None] = print) -> None:
    """Plant the demo district as of `at` (default: now). Raises Trouble outside demo mode. Needs Django set up."""
    if os.environ.get("GONGZHI_DEMO") != "1":
        raise Trouble(
            "demo.not_wanted",
            "没有处于演示模式（GONGZHI_DEMO=1），不种入演示数据。",
            "Not in demo mode (GONGZHI_DEMO=1): nothing is planted.",
        )
    from django.db import transaction

    now = at or clock.now()
    with transaction.atomic():
        _plant(now, say)


def _plant(now: datetime, say: Callable[[str], None]) -> None:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.catalogue import actions as catalogue
    from gongzhi.catalogue import shipped
    from gongzhi.cli.demo import incident, stories, together, town
    from gongzhi.mandates import actions as mandates
    from gongzhi.mandates import importing, queries
    from gongzhi.places.importing import import_areas
    from gongzhi.timetable import actions as timetable
    from gongzhi.timetable import reading

    then = now - SETTLED_BEFORE
    for year in reading.read_years(reading.SHIPPED.read_text(encoding="utf-8")):
        timetable.load_year(table=year, by=SYSTEM, at=then)
    catalogue.load_categories(rows=shipped.read_categories(), by=SYSTEM, at=then)
    for procedure in shipped.read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=then)
    say("演示：日历、类别、程序 · demo: calendar, categories, procedure")
    areas = (folder() / "areas.geojson").read_text(encoding="utf-8")
    found = import_areas(areas, by=SYSTEM, at=then, source="demo/areas.geojson")
    say(f"演示：区域与地名 {found.total} · demo: areas and names")
    people = town.settle(at=then)
    say(f"演示：人员 {people} · demo: people")
    text = (folder() / "mandates.csv").read_text(encoding="utf-8")
    rows, rejects = importing.read(importing.parse(text, name="mandates.csv"), queries.known())
    if rejects:
        raise rejects[0].problem
    if not queries.entries():
        mandates.load(rows=rows, by=SYSTEM, at=then)
    say(f"演示：责任清单 {len(rows)} · demo: mandates")
    town.offer(personas())
    town.go_on_leave(now=now)
    told = stories.tell(now=now)
    told += incident.happen(now=now)
    together.meet(now=now)
    say(f"演示：诉求 {told} · demo: cases")
