"""From closings to claims that lasted or did not: SQL finds what came back, the rule stays in `durable`.

A case counts once in a period, by its first judged closing there: doing it again does not wash the first claim away. It
counts for the unit that was judged. What came back is any later report of the same category at the same place, whoever
reads the figure: confidential reports and complaints about those who handle are left out for everybody, so that a figure
tells nobody of them.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.indicators.durable import Closing, Durability
from gongzhi.indicators.grouping import By, key_sql
from gongzhi.indicators.judged import seen_sql, start_of

_METRES_PER_DEGREE = 111_320.0
# Points are compared within their own and the two neighbouring bands of latitude, as broad as a place is wide.
_CLOSINGS = """
    WITH judged AS (
        SELECT DISTINCT ON (c.matter_id) c.matter_id, c.at, c.ended_at AS reopened_at, s.organisation_id, s.solved
        FROM matters_closure c JOIN LATERAL (
            SELECT * FROM (
                SELECT 'call_back' AS kind, at, organisation_id, solved FROM matters_callback
                WHERE matter_id = c.matter_id AND outcome = 'reached' AND (ended_at IS NULL OR ended_at >= c.at)
                UNION ALL
                SELECT 'appraisal', at, organisation_id, solved FROM matters_appraisal
                WHERE matter_id = c.matter_id AND (ended_at IS NULL OR ended_at >= c.at)
            ) said
            WHERE solved IS NOT NULL AND at < coalesce(c.ended_at, 'infinity'::timestamptz)
            AND NOT EXISTS (SELECT 1 FROM matters_closure p WHERE p.matter_id = c.matter_id
                AND p.ended_at > said.at AND p.ended_at <= c.at)
            AND NOT EXISTS (SELECT 1 FROM matters_appealrequest a WHERE a.matter_id = c.matter_id
                AND a.decision = 'granted' AND a.ended_at IS NULL
                AND a.organisation_id = said.organisation_id AND a.about = said.kind AND a.at >= said.at)
            ORDER BY at DESC LIMIT 1
        ) s ON true
        WHERE c.at >= %(since)s AND c.at < %(until)s ORDER BY c.matter_id, c.at
    ), closed AS (
        SELECT j.*, m.category_id, m.lon, m.lat, floor(m.lat / %(band)s)::bigint AS band,
            CASE WHEN g.level IN ('grid', 'micro_grid') THEN m.area_path END AS grid
        FROM judged j JOIN matters_matter m ON m.id = j.matter_id LEFT JOIN places_area g ON g.id = m.area_id
        {seen}
    ), later AS (
        SELECT n.id, n.category_id, n.area_path, n.lon, n.lat, floor(n.lat / %(band)s)::bigint AS band, n.opened_at
        FROM matters_matter n
        WHERE n.opened_at > %(since)s AND n.opened_at <= least(%(now)s, %(until)s + %(longest)s * interval '1 day')
        AND NOT n.confidential AND NOT EXISTS (SELECT 1 FROM matters_complaint k WHERE k.matter_id = n.id)
    ), back AS (
        SELECT matter_id, min(opened_at) AS at FROM (
            SELECT c.matter_id, n.opened_at FROM closed c CROSS JOIN (VALUES (-1), (0), (1)) beside (band)
            JOIN later n ON n.category_id = c.category_id AND n.band = c.band + beside.band
            WHERE c.solved AND n.opened_at > c.at AND n.opened_at <= c.at + %(longest)s * interval '1 day'
            AND n.id <> c.matter_id
            AND power((n.lat - c.lat) * %(degree)s, 2)
                + power((n.lon - c.lon) * %(degree)s * cos(radians(c.lat)), 2) <= power(%(near)s, 2)
            UNION ALL
            SELECT c.matter_id, n.opened_at FROM closed c
            JOIN later n ON n.category_id = c.category_id AND n.area_path = c.grid
            WHERE c.solved AND n.opened_at > c.at AND n.opened_at <= c.at + %(longest)s * interval '1 day'
            AND n.id <> c.matter_id AND (c.lat IS NULL OR n.lat IS NULL)
        ) found GROUP BY 1
    ), visited AS (
        SELECT c.matter_id, min(e.at) AS at FROM closed c JOIN sampling_member s ON s.matter_id = c.matter_id
        JOIN sampling_frame f ON f.id = s.frame_id AND f.kind = 'revisit' JOIN sampling_task t ON t.member_id = s.id
        JOIN sampling_entry e ON e.task_id = t.id AND NOT e.solved
        WHERE c.solved AND e.at > c.at AND e.at <= %(now)s AND NOT EXISTS (
            SELECT 1 FROM sampling_task u JOIN sampling_entry v ON v.task_id = u.id
            WHERE u.member_id = s.id AND v.solved AND (u.seat = 3 OR t.seat <> 3))
        GROUP BY 1
    )
    SELECT {key} AS key, c.solved, floor(extract(epoch FROM %(now)s - c.at) / 86400)::int,
        ceil(extract(epoch FROM least(c.reopened_at, b.at, v.at) - c.at) / 86400)::int,
        CASE least(c.reopened_at, b.at, v.at) WHEN c.reopened_at THEN 'reopened' WHEN b.at THEN 'recurred'
             WHEN v.at THEN 'revisited' ELSE '' END,
        coalesce((SELECT x.ground FROM matters_exclusionrequest x WHERE x.matter_id = c.matter_id
            AND x.organisation_id = c.organisation_id AND x.decision = 'granted' AND x.ended_at IS NULL LIMIT 1), ''),
        count(*)
    FROM closed c JOIN matters_matter m ON m.id = c.matter_id LEFT JOIN back b ON b.matter_id = c.matter_id
    LEFT JOIN visited v ON v.matter_id = c.matter_id {join}
    GROUP BY 1, 2, 3, 4, 5, 6"""


def closings(
    *, visible_to: Actor, since: date, until: date, now: datetime, by: By, depth: int, version: Durability
) -> dict[str, list[Closing]]:
    """Alike judged closings of days since <= day < until (Chinese days) as they stand at `now`, by key. One query."""
    try:
        seen, parameters = seen_sql(visible_to)
    except EmptyResultSet:
        return {}
    key, join = key_sql(by, depth, organisation="c.organisation_id")
    values: dict[str, Any] = {
        "since": start_of(since),
        "until": min(start_of(until), now),
        "now": now,
        "near": version.near_metres,
        "degree": _METRES_PER_DEGREE,
        "band": version.near_metres / _METRES_PER_DEGREE,
        "longest": max(version.windows_days),
        **parameters,
    }
    found: dict[str, list[Closing]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSINGS.format(key=key, join=join, seen=seen), values)
        for name, solved, age, failed, reason, exclusion, cases in cursor.fetchall():
            found[name].append(Closing(solved, age, failed, reason, exclusion, cases))
    return found
