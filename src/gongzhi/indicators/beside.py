"""What stands beside the rates so that they can be believed: how many ratings replaced another one, how many were asked
for. A fact, no verdict: a rating may well rise because the work was done again."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.indicators.grouping import By, key_sql
from gongzhi.indicators.judged import SAID, seen_sql, start_of

_BESIDE = """
    SELECT {key} AS key, count(*),
        count(*) FILTER (WHERE b.level <> j.level OR b.solved <> j.solved),
        count(*) FILTER (WHERE j.level > b.level),
        count(*) FILTER (WHERE j.pressed
            OR EXISTS (SELECT 1 FROM matters_callback p WHERE p.matter_id = j.matter_id AND p.pressed
                AND p.organisation_id IS NOT DISTINCT FROM j.organisation_id AND p.at <= j.at)
            OR EXISTS (SELECT 1 FROM matters_appraisal p WHERE p.matter_id = j.matter_id AND p.pressed
                AND p.organisation_id IS NOT DISTINCT FROM j.organisation_id AND p.at <= j.at))
    FROM judged j JOIN matters_matter m ON m.id = j.matter_id
    LEFT JOIN LATERAL (
        SELECT a.level, a.solved FROM matters_appraisal a
        WHERE a.matter_id = j.matter_id AND a.ended_at IS NOT NULL AND a.at < j.at
        AND a.organisation_id IS NOT DISTINCT FROM j.organisation_id ORDER BY a.at DESC LIMIT 1
    ) b ON true {join}
    {seen}
    GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class Beside:
    """Of the judged cases: changed (改评): the judgement that counts says other than an ended appraisal before it; raised:
    and is higher; pressed (催评): the person says that somebody asked for a better one."""

    judged: int
    changed: int
    raised: int
    pressed: int


NOTHING = Beside(0, 0, 0, 0)


def beside(*, visible_to: Actor, since: date, until: date, by: By, depth: int = 1) -> dict[str, Beside]:
    """By key, for cases judged on days since <= day < until. One query."""
    try:
        seen, parameters = seen_sql(visible_to)
    except EmptyResultSet:
        return {}
    key, join = key_sql(by, depth, organisation="j.organisation_id")
    with connection.cursor() as cursor:
        cursor.execute(
            (SAID + _BESIDE).format(key=key, join=join, seen=seen),
            {"since": start_of(since), "until": start_of(until), **parameters},
        )
        return {name: Beside(*numbers) for name, *numbers in cursor.fetchall()}
