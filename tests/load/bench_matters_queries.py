"""Reads at size: inbox, filtered list, counts, map, case page and Chinese search at 10⁴, 10⁵ and 10⁶ matters, 5 % of them
open, eight readers at once, for the busiest viewer and for the rarest one."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.load.harness import Row
from tests.load.scratch import scratch

READERS = 8
STREETS, COMMUNITIES, GRIDS = 20, 10, 10
ORGANISATIONS = 50
SHARE_OPEN = 20  # one in twenty
P95_MS_MAX, SEARCH_MS_MAX, GROWTH_MAX = 50, 100, 2
_CASE: list[str] = []  # the number of the case page
FILL = """
WITH n AS (SELECT n, %(span)s::float8 * (n - %(low)s) / %(count)s AS back FROM generate_series(%(low)s, %(high)s) n)
INSERT INTO matters_matter (id, number, kind, category_id, procedure_id, state, stage, area_path, lon, lat, cell,
    lead_id, reporter_id, channel, urgency, confidential, opened_at, due_at, closed_at, version, origin, external_id)
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid,
    'B' || lpad(n::text, 9, '0'), 'case', %(category)s, %(procedure)s,
    CASE WHEN n %% {share} = 0 THEN (ARRAY['reported','accepted','assigned','handling','handling','calling_back'])[1 + (n / {share}) %% 6]
        ELSE 'closed' END,
    CASE WHEN n %% {share} = 0 THEN (ARRAY['intake','dispatch','dispatch','handling','handling','appraisal'])[1 + (n / {share}) %% 6]
        ELSE 'closed' END,
    '510000/s' || n %% {streets} || '/c' || n %% {streets} || '.' || (n / {streets}) %% {communities} || '/g' || n %% {streets}
        || '.' || (n / {streets}) %% {communities} || '.' || (n / 200) %% {grids} || '/',
    112.8 + (n * 7919 %% 10007) / 40000.0, 28.0 + (n * 104729 %% 10009) / 40000.0, 0, (%(leads)s::uuid[])[1 + n %% {leads}], NULL,
    'phone', 'normal', FALSE, at,
    CASE WHEN n %% {share} = 0 THEN %(now)s::timestamptz + (n %% 200 - 60) * interval '1 hour' END,
    CASE WHEN n %% {share} <> 0 THEN at + interval '2 days' END, 4, '', ''
FROM (SELECT n, %(now)s::timestamptz - interval '3 days' - (back || ' seconds')::interval AS at FROM n) rows
"""
WORDS = """
INSERT INTO matters_mattertext (matter_id, title, text, address, place_state, anonymous, language, source, tokens)
SELECT id, noun || problem, '小区门口的' || noun || problem || '，已经' || n %% 9 || '天，请尽快处理。', road || n %% 300 || '号',
    'located', FALSE, 'zh-hans', '', array_to_tsvector(ARRAY[noun, problem, road, '小区', '门口', '处理', '尽快', 'k' || n])
FROM (SELECT id, n, (%(nouns)s::text[])[1 + n %% 40] AS noun, (%(problems)s::text[])[1 + (n / 40) %% 12] AS problem,
        (%(roads)s::text[])[1 + n %% 97] AS road
    FROM (SELECT id, substr(number, 2)::bigint AS n FROM matters_matter WHERE number LIKE 'B%%'
        AND substr(number, 2)::bigint BETWEEN %(low)s AND %(high)s) m) w
"""
CELLS = """
INSERT INTO matters_cellchange (cell, area_path, lead_id, change)
SELECT cell, area_path, lead_id, 1 FROM matters_matter WHERE closed_at IS NULL AND number LIKE 'B%%'
"""
NOUNS = [f"{a}{b}" for a in "路树井墙灯" for b in "灯木盖面杆牌道口"]
PROBLEMS = ["不亮", "破损", "倒伏", "缺失", "松动", "漏水", "堵塞", "异响", "占道", "脏污", "塌陷", "冒烟"]


def rows(quick: bool) -> Iterable[Row]:
    """Quick: up to 10⁵."""
    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    with scratch():
        town = plant()
        first: dict[str, float] = {}
        for low, high in zip((0, *sizes[:-1]), sizes, strict=True):
            grow(town, low, high)
            for name, (read, goal) in reads(town).items():
                p95 = measured(read)
                if high == sizes[0]:
                    first[name] = p95
                last = high == sizes[-1]
                yield Row.at_most(
                    f"{name}, {high:,} matters, {READERS} readers: p95",
                    p95,
                    "ms",
                    goal=goal if last else None,
                    baseline=first[name] if last and goal == P95_MS_MAX else None,
                    ratio=GROWTH_MAX if last and goal == P95_MS_MAX else None,
                )


def plant() -> Any:
    """The small town of the tests with fifty organisations, and one matter of the rarest viewer."""
    from gongzhi.access.actor import Held
    from gongzhi.matters.tests import town as towns
    from gongzhi.parties.models import Organisation

    town = towns.build()
    for number in range(ORGANISATIONS):
        town.organisations[f"unit{number}"] = Organisation.objects.create(
            id=towns.ids.uuid7(towns.AT),
            code=f"unit{number}",
            name=f"第{number}中队",
            kind="station",
            path=f"unit{number}/",
            registered_at=towns.AT,
        )
    busy = Held("handler", organisation_id=town.organisations["unit1"].id)
    town.actors["busy_unit"] = towns._actor("busy_unit", busy)
    return town


def grow(town: Any, low: int, high: int) -> None:
    """Matters low to high - 1, straight into the tables, then the rarest viewer's own and a busy case."""
    from django.db import connection

    from gongzhi.catalogue.models import ProcedureVersion
    from gongzhi.matters import map
    from gongzhi.matters.tests.town import AT

    began = time.perf_counter()
    values = {
        "low": low,
        "high": high - 1,
        "count": high - low,
        "span": 3 * 365 * 86_400,
        "now": AT,
        "category": town.categories["lamp"].id,
        "procedure": ProcedureVersion.objects.get(code="case").id,
        "leads": [town.organisations[f"unit{n}"].id for n in range(ORGANISATIONS)],
        "nouns": NOUNS,
        "problems": PROBLEMS,
        "roads": [f"第{n}路" for n in range(97)],
    }
    sql = FILL.format(
        share=SHARE_OPEN, streets=STREETS, communities=COMMUNITIES, grids=GRIDS, leads=ORGANISATIONS
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute(WORDS, values)
        cursor.execute("SELECT id, lon, lat FROM matters_matter WHERE cell = 0 AND closed_at IS NULL")
        places = [(id_, map.cell_of(lon, lat)) for id_, lon, lat in cursor.fetchall()]
        cursor.execute(
            "UPDATE matters_matter m SET cell = p.cell FROM unnest(%s::uuid[], %s::bigint[]) p(id, cell) WHERE m.id = p.id",
            [[id_ for id_, _ in places], [cell for _, cell in places]],
        )
        cursor.execute("TRUNCATE matters_cellchange, matters_cellcount")
        cursor.execute(CELLS)
        while map.fold(limit=100_000):
            pass
        if not _CASE:
            _CASE.append(town.open().number)
            town.road(_CASE[0], until="calling_back")
        for table in ("matters_matter", "matters_mattertext", "matters_cellcount"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    print(f"   ({high:,} matters after {time.perf_counter() - began:.0f} s)", flush=True)


def reads(town: Any) -> dict[str, tuple[Callable[[], object], float]]:
    from gongzhi.matters import queries
    from gongzhi.matters.queries import Box, Filters
    from gongzhi.matters.tests.town import AT

    whole, near = Box(112.7, 27.9, 113.2, 28.4), Box(112.90, 28.10, 112.93, 28.13)
    found: dict[str, tuple[Callable[[], object], float]] = {}
    viewers = {
        "district desk": "dispatcher",
        "busy unit": "busy_unit",
        "rarest unit": "handler",
        "rarest grid": "grid_worker",
    }
    for title, who in viewers.items():
        actor = town[who]

        def inbox(actor: Any = actor) -> object:
            return (
                queries.page(visible_to=actor, filters=Filters(open=True), at=AT),
                queries.counts(visible_to=actor, at=AT),
            )

        def listed(actor: Any = actor) -> object:
            filters = Filters(state="handling", category="lamp", overdue=True)
            return queries.page(visible_to=actor, filters=filters, at=AT)

        def newest(actor: Any = actor) -> object:
            return queries.page(visible_to=actor, filters=Filters(), at=AT, order="newest")

        def clustered(actor: Any = actor) -> object:
            return (
                queries.clusters(visible_to=actor, box=whole, zoom=11, at=AT),
                queries.clusters(visible_to=actor, box=near, zoom=16, at=AT),
            )

        def case(actor: Any = actor) -> object:
            return queries.case(visible_to=actor, number=_CASE[0], at=town.clock)

        found |= {
            f"inbox with counts, {title}": (inbox, P95_MS_MAX),
            f"list with filter, {title}": (listed, P95_MS_MAX),
            f"newest first, {title}": (newest, P95_MS_MAX),
            f"map, two zooms, {title}": (clustered, P95_MS_MAX),
        }
        if who != "busy_unit":
            found[f"case page, {title}"] = (case, P95_MS_MAX)
        for text in ("路灯不亮", "小区", "k4321", "门口的井盖松"):

            def sought(actor: Any = actor, text: str = text) -> object:
                return queries.search(visible_to=actor, text=text)

            found[f"search “{text}”, {title}"] = (sought, SEARCH_MS_MAX)
    return found


def measured(read: Callable[[], object]) -> float:
    """p95 in milliseconds over all readers, each a process of its own."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    times, warm = context.Queue(), context.Barrier(READERS)
    readers = [context.Process(target=_reader, args=(read, times, warm)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    collected = [one for _ in readers for one in times.get(timeout=300)]
    for reader in readers:
        reader.join()
    return statistics.quantiles(collected, n=20)[-1]


def _reader(read: Callable[[], object], times: Any, warm: Any) -> None:
    """Nobody is timed while another still loads what a fresh process loads once."""
    found = []
    for _ in range(3):
        read()
    warm.wait(120)
    for _ in range(12):
        began = time.perf_counter()
        read()
        found.append((time.perf_counter() - began) * 1000)
    times.put(found)
