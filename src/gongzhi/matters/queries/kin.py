"""Matters beside one: pieces it was split into, what it was split from, the same person's earlier and later ones."""

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.access.prepared import fetch
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.rows import Kin
from gongzhi.matters.queries.selecting import rows_of

OF_THE_REPORTER = ("piece", "whole")
_KIN = """
SELECT 'piece' AS relation, into_id AS id FROM matters_split WHERE matter_id = %(matter)s AND ended_at IS NULL
UNION SELECT 'whole', matter_id FROM matters_split WHERE into_id = %(matter)s AND ended_at IS NULL
UNION SELECT relation, other_id FROM matters_link WHERE matter_id = %(matter)s AND ended_at IS NULL
UNION SELECT CASE relation WHEN 'repeat' THEN 'repeated' ELSE relation END, matter_id FROM matters_link
    WHERE other_id = %(matter)s AND ended_at IS NULL
ORDER BY 1, 2 LIMIT 100"""


def kin(matter: Matter, *, visible_to: Actor, as_reporter: bool) -> tuple[Kin, ...]:
    """Only those the reader may see. The reporter, also one who follows by a code, reads the pieces of the own report."""
    pairs = [(relation, id_) for relation, id_ in fetch(_KIN, {"matter": matter.id})]
    if as_reporter:
        shown = {id_ for relation, id_ in pairs if relation in OF_THE_REPORTER}
        pairs = [(relation, id_) for relation, id_ in pairs if relation in OF_THE_REPORTER]
    elif pairs:
        rows = visible(Matter.objects.filter(id__in=[id_ for _, id_ in pairs]), visible_to)
        shown = set(rows.values_list("id", flat=True))
    else:
        return ()
    found = {row.id: row for row in rows_of(list(shown))} if shown else {}
    return tuple(
        Kin(relation, id_, found[id_].number, found[id_].title, found[id_].state)
        for relation, id_ in pairs
        if id_ in found
    )
