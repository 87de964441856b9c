"""A year of 100,000 cases under a proposed list; beside it the plain way, case by case through the ORM (a sample of it)."""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.load import bench_matters_queries as filled
from tests.load.harness import Row
from tests.load.scratch import scratch

SECONDS_MAX = 120
SAMPLE = 2_000
RUNS = """
INSERT INTO matters_clockrun (id, matter_id, code, started_at, limit_value, limit_unit, always, bearer_id, pauses, extensions,
    due_at, promised, stopped_at, steps)
SELECT gen_random_uuid(), id, 'handling', opened_at, 5, 'work_day', FALSE, lead_id,
    CASE WHEN closed_at IS NULL THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_array(opened_at + interval '1 day', closed_at)) END,
    '[]', NULL, TRUE, closed_at, '[]' FROM matters_matter WHERE number LIKE 'B%%'
"""
RETURNS = """
INSERT INTO matters_returnrequest (id, matter_id, at, by, organisation_id, reason, decision, decided_at, decided_by, ruling)
SELECT gen_random_uuid(), id, opened_at, 'account:h', (%(leads)s::uuid[])[1 + abs(hashtext(number)::bigint) %% cardinality(%(leads)s::uuid[])],
    '非职责', 'granted', opened_at, 'account:d', '' FROM matters_matter WHERE number LIKE 'B%%' AND abs(hashtext(number)::bigint) %% 10 = 0
"""
KINDS = """
UPDATE matters_matter SET category_id = (%(categories)s::uuid[])[1 + abs(hashtext(id::text)::bigint) %% cardinality(%(categories)s::uuid[])]
WHERE number LIKE 'B%%'
"""


def rows(quick: bool) -> Iterable[Row]:
    """Quick: 10,000 cases."""
    count = 10_000 if quick else 100_000
    with scratch() as connection:
        town = filled.plant()
        _fill(connection, town, count)
        proposal = _mandates(town)
        seconds, trial = _replayed(town, proposal)
        plain = _plainly(town) * trial.cases / SAMPLE
        yield Row.at_most(
            f"a year of {trial.cases:,} cases, {trial.result['moved']:,} with another lead; baseline: the ORM, from {SAMPLE:,}",
            seconds,
            "s",
            baseline=plain,
            goal=SECONDS_MAX,
        )


def _fill(connection: Any, town: Any, count: int) -> None:
    from gongzhi.catalogue.models import ProcedureVersion
    from gongzhi.matters.tests.town import AT, _category

    kinds = [_category(f"k{n:02d}", f"第{n}类").id for n in range(40)]
    leads = [town.organisations[f"unit{n}"].id for n in range(filled.ORGANISATIONS)]
    values = {
        "low": 0, "high": count - 1, "count": count, "span": 350 * 86_400, "now": AT, "leads": leads,
        "category": kinds[0], "categories": kinds, "procedure": ProcedureVersion.objects.get(code="case").id,
    }  # fmt: skip
    sql = filled.FILL.format(
        share=filled.SHARE_OPEN, streets=filled.STREETS, communities=filled.COMMUNITIES, grids=filled.GRIDS,
        leads=filled.ORGANISATIONS,
    ).replace("SELECT n, %(span)s", "SELECT n::bigint AS n, %(span)s")  # fmt: skip
    with connection.cursor() as cursor:
        for text in (sql, KINDS, RUNS, RETURNS):
            cursor.execute(text, values)
        cursor.execute("VACUUM ANALYZE matters_matter, matters_clockrun, matters_returnrequest")


def _mandates(town: Any) -> Any:
    """In force: a unit for each kind in each street; proposed: every fourth goes to another one, with three days."""
    from gongzhi.access.actor import SYSTEM
    from gongzhi.lab.proposals import Proposal
    from gongzhi.mandates import actions
    from gongzhi.mandates.importing import MandateRow
    from gongzhi.mandates.table import Limit
    from gongzhi.matters.tests.town import AT

    def row(street: int, kind: int, unit: int, days: int) -> MandateRow:
        return MandateRow(
            f"I{street}-{kind}", "事项", f"unit{unit % filled.ORGANISATIONS}", f"510000/s{street}/", f"k{kind:02d}", "lead",
            "basic", "清单", None, None, None, None, Limit(days, "work_day"),
        )  # fmt: skip

    keys = [(street, kind) for street in range(filled.STREETS) for kind in range(40)]
    actions.load(rows=[row(s, k, s + k, 5) for s, k in keys], by=SYSTEM, at=AT - timedelta(days=400))
    proposed = [row(s, k, s + k + (k % 4 == 0), 3 if k % 4 == 0 else 5) for s, k in keys]
    return Proposal(mandates=tuple(proposed), files={"mandates": "0" * 64})


def _replayed(town: Any, proposal: Any) -> tuple[float, Any]:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.lab import actions
    from gongzhi.matters.tests.town import AT

    began = time.perf_counter()
    since = AT.date() - timedelta(days=364)
    trial = actions.replay(proposal=proposal, since=since, until=AT.date(), by=SYSTEM, at=AT)
    return time.perf_counter() - began, trial


def _plainly(town: Any) -> float:
    """One case after the other: three queries, two routes, two deadlines each."""
    from gongzhi.calendar.deadlines import deadline
    from gongzhi.mandates import rules, snapshot
    from gongzhi.matters.clocks import question
    from gongzhi.matters.models import ClockRun, Matter, ReturnRequest
    from gongzhi.matters.tests.town import AT
    from gongzhi.timetable import queries as timetable

    chosen = list(Matter.objects.order_by("id").values_list("id", flat=True)[:SAMPLE])
    began = time.perf_counter()
    for id_ in chosen:
        matter = Matter.objects.select_related("category", "lead").get(id=id_)
        list(ReturnRequest.objects.filter(matter=matter, decision="granted"))
        for run in ClockRun.objects.filter(matter=matter, code="handling"):
            for _ in range(2):
                rules.route(snapshot.current(), matter.category.code, matter.area_path, AT)
                asked = question(run, timetable.current())
                if asked is not None:
                    deadline(asked)
    return time.perf_counter() - began
