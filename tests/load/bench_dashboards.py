"""The page of statistics over 10⁶ judged cases: weekly curves, curves by category and the three rates of every unit.

Cold: the first time this process asks. Warm: the same page again while nothing has happened since.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from statistics import median
from typing import Any

from tests.load.bench_matters_queries import FILL, ORGANISATIONS, SHARE_OPEN, plant
from tests.load.harness import Row
from tests.load.scratch import scratch

COLD_MS_MAX, WARM_MS_MAX = 2_000, 100
STREETS, COMMUNITIES, GRIDS, CATEGORIES = 20, 10, 10, 40
YEARS = 3
CALLED = """
INSERT INTO matters_callback (id, matter_id, at, by, organisation_id, outcome, contacted, solved, level, note, pressed)
SELECT gen_random_uuid(), id, closed_at - interval '1 hour', 'account:q', lead_id, 'reached', n %% 17 <> 0, n %% 7 <> 0,
    5 - (n %% 11) / 4, '', n %% 211 = 5
FROM (SELECT *, substr(number, 2)::bigint AS n FROM matters_matter WHERE number LIKE 'B%%' AND closed_at IS NOT NULL) m
"""
APPRAISED = """
INSERT INTO matters_appraisal (id, matter_id, at, by, organisation_id, contacted, solved, level, comment, pressed)
SELECT gen_random_uuid(), id, closed_at + interval '1 day', 'account:r', lead_id, n %% 13 <> 0, n %% 3 <> 0, 1 + n %% 5, '', FALSE
FROM (SELECT *, substr(number, 2)::bigint AS n FROM matters_matter WHERE number LIKE 'B%%' AND closed_at IS NOT NULL) m
WHERE n %% 5 = 1
"""
CLOCKS = """
INSERT INTO matters_clockrun (id, matter_id, code, started_at, limit_value, limit_unit, always, bearer_id, pauses, extensions,
    due_at, promised, stopped_at, steps)
SELECT gen_random_uuid(), m.id, c.code, opened_at, c.value, c.unit, FALSE, lead_id, '[]', '[]',
    opened_at + c.within, c.promised, opened_at + c.within * (0.3 + (n %% 10) / 12.0), '[]'
FROM (SELECT *, substr(number, 2)::bigint AS n FROM matters_matter WHERE number LIKE 'B%%' AND closed_at IS NOT NULL) m,
    (VALUES ('response', 24, 'hour', interval '1 day', FALSE), ('handling', 5, 'work_day', interval '7 days', TRUE))
        c(code, value, unit, within, promised)
"""
CLOSED = """
INSERT INTO matters_closure (id, matter_id, at, by, organisation_id, outcome, note)
SELECT gen_random_uuid(), id, closed_at, 'account:q', lead_id, '', '' FROM matters_matter
WHERE number LIKE 'B%%' AND closed_at IS NOT NULL
"""
EXCLUDED = """
INSERT INTO matters_exclusionrequest (id, matter_id, at, by, organisation_id, ground, reason, evidence, decision, decided_at,
    decided_by, ruling)
SELECT gen_random_uuid(), id, closed_at, 'account:h', lead_id, 'unlawful', '', '[]', 'granted', closed_at + interval '1 day',
    'account:s', ''
FROM matters_matter WHERE number LIKE 'B%%' AND closed_at IS NOT NULL AND substr(number, 2)::bigint %% 97 = 3
"""


def rows(quick: bool) -> Iterable[Row]:
    """Quick: 10⁵ cases. Baseline of the cold page: counting the same judgements without telling them apart."""
    size = 100_000 if quick else 1_000_000
    with scratch() as connection:
        town = plant()
        _grow(connection, town, size)
        until = date(2026, 3, 3)
        periods = {
            f"all {YEARS} years": until - timedelta(weeks=52 * YEARS),
            "the last quarter": until - timedelta(weeks=13),
        }
        for reader in ("supervisor", "street_leader"):
            for title, since in periods.items():
                first = f"statistics of {title}, {reader}, {size:,} cases"
                cold, warm, parts = _measured(town[reader], since, until)
                counting = _timed(lambda since=since: _count(connection, since))
                print("   " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in parts.items()), flush=True)
                yield Row.at_most(f"{first}: cold", cold, "ms", goal=COLD_MS_MAX, baseline=counting)
                yield Row.at_most(f"{first}: warm", warm, "ms", goal=WARM_MS_MAX)


def _grow(connection: Any, town: Any, size: int) -> None:
    from gongzhi.catalogue.models import ProcedureVersion
    from gongzhi.matters.tests.town import AT, _category

    began = time.perf_counter()
    categories = [_category(f"kind{n}", f"第{n}类").id for n in range(CATEGORIES)]
    values = {
        "low": 0,
        "high": size - 1,
        "count": size,
        "span": YEARS * 365 * 86_400,
        "now": AT,
        "category": categories[0],
        "procedure": ProcedureVersion.objects.get(code="case").id,
        "leads": [town.organisations[f"unit{n}"].id for n in range(ORGANISATIONS)],
        "categories": categories,
    }
    fill = FILL.format(
        share=SHARE_OPEN, streets=STREETS, communities=COMMUNITIES, grids=GRIDS, leads=ORGANISATIONS
    ).replace("%(category)s,", f"(%(categories)s::uuid[])[1 + (n / 7) %% {CATEGORIES}],")
    fill = fill.replace("'510000/s'", "CASE WHEN n %% 3 = 0 THEN '510000/510000001/s' ELSE '510000/s' END")
    fill = fill.replace(
        "generate_series(%(low)s, %(high)s)", "generate_series(%(low)s::bigint, %(high)s::bigint)"
    )
    with connection.cursor() as cursor:
        for statement in (fill, CALLED, APPRAISED, CLOCKS, CLOSED, EXCLUDED):
            cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")
    print(f"   ({size:,} judged cases after {time.perf_counter() - began:.0f} s)", flush=True)


def _measured(actor: Any, since: date, until: date) -> tuple[float, float, dict[str, float]]:
    from gongzhi.indicators import lasting, queries
    from gongzhi.indicators.remembered import remembered

    now = datetime.combine(until, time_of_day(4), tzinfo=UTC)
    reads: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
        "weeks": (queries.weekly, {}),
        "weeks by category": (queries.weekly, {"by": "category", "limit": 12}),
        "rates by unit": (queries.rates, {}),
        "durably solved": (lasting.durably_solved, {"now": now}),
    }

    def asked(name: str) -> None:
        ask, more = reads[name]
        remembered(ask, visible_to=actor, since=since, until=until, **more)

    cold = {name: _timed(lambda name=name: asked(name)) for name in reads}
    warm = [sum(_timed(lambda name=name: asked(name)) for name in reads) for _ in range(3)]
    return sum(cold.values()), median(warm), cold


def _count(connection: Any, since: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM matters_callback c JOIN matters_matter m ON m.id = c.matter_id WHERE c.at >= %s",
            [since],
        )


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000
