"""From the facts of matters to counted facts: SQL groups alike cases, the arithmetic stays in `rates`.

A case is judged once in a period: by its last completed judgement there, a call-back that reached the person or the
person's own appraisal. It counts for the unit that led it then. A judgement whose appeal was granted does not count; nor,
under formulas that say so, a case that was excluded (剔除) for that unit: it is published as excluded instead. A case the
person took back after dispatch stays in the frame: judged when somebody asked, else counted as withdrawn.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import branches, kept_columns, sees_all, visible
from gongzhi.indicators.grouping import By, key_sql
from gongzhi.indicators.rates import Facts
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.matters.models import Matter

SAID = """
    WITH said AS (
        SELECT 'call_back' AS kind, matter_id, at, organisation_id, contacted, solved, level, pressed
        FROM matters_callback
        WHERE at >= %(since)s AND at < %(until)s AND ended_at IS NULL AND outcome = 'reached'
        UNION ALL
        SELECT 'appraisal', matter_id, at, organisation_id, contacted, solved, level, pressed
        FROM matters_appraisal
        WHERE at >= %(since)s AND at < %(until)s AND ended_at IS NULL
    ), appealed AS (
        SELECT matter_id, organisation_id, about, at FROM matters_appealrequest
        WHERE decision = 'granted' AND ended_at IS NULL
    ), upheld AS (
        SELECT * FROM said s WHERE NOT EXISTS (
            SELECT 1 FROM appealed a WHERE a.matter_id = s.matter_id AND a.organisation_id = s.organisation_id
            AND a.about = s.kind AND a.at >= s.at)
    ), judged AS (
        SELECT DISTINCT ON (matter_id) *, false AS withdrawn FROM upheld ORDER BY matter_id, at DESC
    )"""  # `judged`: one row per case of the period
_JUDGED = """, framed AS (
        SELECT * FROM judged UNION ALL
        SELECT 'withdrawal', w.matter_id, w.at, w.organisation_id, NULL, NULL, NULL, NULL, true FROM matters_withdrawal w
        WHERE w.at >= %(since)s AND w.at < %(until)s AND w.ended_at IS NULL AND w.organisation_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM judged j WHERE j.matter_id = w.matter_id)
    )
    SELECT {key} AS key,
        CASE WHEN j.contacted IS NULL THEN '' WHEN NOT j.contacted THEN 'none'
             WHEN (SELECT r.stopped_at IS NULL AND r.due_at < j.at OR r.stopped_at > r.due_at
                   FROM matters_clockrun r
                   WHERE r.matter_id = coalesce((SELECT g.into_id FROM matters_merge g WHERE g.matter_id = j.matter_id
                                                 AND g.ended_at IS NULL), j.matter_id) AND r.code = 'response' AND r.started_at <= j.at
                   ORDER BY r.started_at DESC LIMIT 1)
                  AND NOT EXISTS (SELECT 1 FROM appealed a WHERE a.matter_id = j.matter_id
                                  AND a.organisation_id = j.organisation_id AND a.about = 'deadline') THEN 'late'
             ELSE 'in_time' END AS response,
        CASE j.solved WHEN true THEN 'yes' WHEN false THEN 'no' ELSE '' END AS solved,
        coalesce(j.level::text, '') AS level,
        coalesce(e.ground, '') AS exclusion,
        j.withdrawn,
        {category} AS category,
        count(*)
    FROM framed j JOIN matters_matter m ON m.id = j.matter_id
    LEFT JOIN LATERAL (
        SELECT x.ground FROM matters_exclusionrequest x
        WHERE x.matter_id = j.matter_id AND x.organisation_id = j.organisation_id
        AND x.decision = 'granted' AND x.ended_at IS NULL LIMIT 1
    ) e ON true {join}
    {seen}
    GROUP BY 1, 2, 3, 4, 5, 6, 7"""


def counted(
    *, visible_to: Actor, since: date, until: date, by: By, depth: int = 1, by_category: bool = False
) -> dict[str, list[Facts]]:
    """Alike cases judged on days since <= day < until (Chinese days), by key. One query. by_category: alike also in their
    category, for formulas with a difficulty."""
    try:
        seen, parameters = seen_sql(visible_to)
    except EmptyResultSet:
        return {}
    key, join = key_sql(by, depth, organisation="j.organisation_id")
    values: dict[str, Any] = {"since": start_of(since), "until": start_of(until), **parameters}
    category = "(SELECT k.code FROM catalogue_category k WHERE k.id = m.category_id)" if by_category else "''"
    found: dict[str, list[Facts]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute((SAID + _JUDGED).format(key=key, join=join, seen=seen, category=category), values)
        for name, response, solved, level, exclusion, withdrawn, code, cases in cursor.fetchall():
            found[name].append(Facts(response, solved, level, exclusion, cases, withdrawn, code))
    return found


def seen_sql(actor: Actor) -> tuple[str, dict[str, Any]]:
    """A WHERE clause on `m` for what the actor may see or audit, with named parameters. Raises EmptyResultSet for
    nothing: auditors read figures, too."""
    verbs = {verb: conditions for verb in ("view", "audit") if (conditions := branches(actor, verb, Matter))}
    if not verbs:
        raise EmptyResultSet
    if any(not condition for conditions in verbs.values() for condition in conditions):
        return "", {}
    parts: list[str] = []
    named: dict[str, Any] = {}
    everything = [verb for verb in verbs if sees_all(actor, Matter, verb)]
    if everything:  # save what complains of the reader
        about = kept_columns(actor, Matter, everything[0])
        parts = [f"(m.{column} = ANY(%(kept_{column})s)) IS NOT TRUE" for column, _ in sorted(about)]
        return f"WHERE ({' AND '.join(parts)})", {f"kept_{column}": list(values) for column, values in about}
    for verb in verbs:
        rows = visible(Matter.objects.all(), actor, verb=verb)
        text, values = rows.values("pk").query.sql_with_params()
        names = [f"seen_{verb}{index}" for index, _ in enumerate(values)]
        named |= dict(zip(names, values, strict=True))
        parts.append(f"m.id IN ({text % tuple(f'%({name})s' for name in names)})")
    return f"WHERE ({' OR '.join(parts)})", named


def start_of(day: date) -> datetime:
    """Midnight of a Chinese day."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
