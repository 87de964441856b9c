"""Finding by words: Chinese words in a tsvector, pieces by trigrams, and what is not indexed yet by reading it.

A common word is met soon while walking over what the reader sees first, and who sees little has soon walked over all of
it; a rare word is looked up in the index then (`CANDIDATES_MAX` at most). So neither ever reads all of what it matches.
"""

import contextlib
import re
from collections.abc import Sequence
from uuid import UUID

import rjieba
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from gongzhi.access.actor import Actor
from gongzhi.access.hot import chosen
from gongzhi.access.statements import Statement
from gongzhi.kernel import numbers
from gongzhi.matters.models import Matter, MatterText
from gongzhi.matters.queries.selecting import keys

WALKS = (4_000, 40_000)  # matters walked over before the index is asked, and after it knew too many
CANDIDATES_MAX = 3_000
QUERY_LETTERS_MAX = 100
_WORDS_MAX = 12
_PIECE_LETTERS_MIN = 3
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_BODY = r"(title || E'\n' || address || E'\n' || text)"


def tokens(text: str) -> list[str]:
    """The words of a text, small letters, each once; long words also as the short ones inside them."""
    found: dict[str, None] = {}
    for word in rjieba.cut_for_search(text.lower()):
        for plain in _WORD.findall(word):
            found[plain[:60]] = None
    return list(found)


def pairs(text: str) -> list[str]:
    """Every two Chinese letters that stand together: short pieces of titles and addresses are found, too."""
    chinese = re.findall(r"[\u3400-\u9fff]+", text)
    return list(dict.fromkeys(run[at : at + 2] for run in chinese for at in range(len(run) - 1)))


def vector(words: list[str]) -> str:
    """As PostgreSQL reads a tsvector. Words hold letters and digits only."""
    return " ".join(f"'{word}'" for word in words)


def hits(
    rows: QuerySet[Matter], actor: Actor, text: str, *, order: Sequence[str], limit: int, verb: str = "view"
) -> list[UUID]:
    """The first of `rows` this reader may see, in `order`, whose title, address or text has all words of `text`, or
    `text` as it stands; a number finds its matter."""
    with contextlib.suppress(ValueError):
        numbered = rows.filter(number=numbers.parse(text[:40]))
        return keys(chosen(numbered, actor, order=order, limit=limit, verb=verb))
    wanted = _wanted(text)
    if not wanted:
        return []
    condition, params = _condition(wanted)
    for walked in WALKS:
        visible = chosen(rows, actor, order=order, limit=walked, verb=verb)
        if visible is None:
            return []
        seen, found = _met(visible, condition, params, limit)
        if len(found) == limit or seen < walked:
            return found
        candidates = _candidates(condition, params) if walked == WALKS[0] else None
        if candidates is not None:
            few = rows.filter(id__in=RawSQL("SELECT unnest(%s::uuid[])", [candidates]))
            return keys(chosen(few, actor, order=order, limit=limit, verb=verb))
    return keys(chosen(matching(rows, text), actor, order=order, limit=limit, verb=verb))


def matching(rows: QuerySet[Matter], text: str) -> QuerySet[Matter]:
    """Those of a few rows whose words match, judged one by one."""
    wanted = _wanted(text)
    if not wanted:
        return rows.none()
    condition, params = _condition(wanted)
    texts = MatterText.objects.filter(matter=OuterRef("pk")).extra(where=[condition], params=params)  # noqa: S610 (constant text)
    return rows.filter(Exists(texts))


def _wanted(text: str) -> str:
    """What is searched for; "" when there is no word in it."""
    wanted = " ".join(text.split())[:QUERY_LETTERS_MAX]
    return wanted if _WORD.search(wanted.lower()) else ""


def _met(visible: Statement, condition: str, params: list[str], limit: int) -> tuple[int, list[UUID]]:
    """How many were walked over, and the first of them that match. OFFSET 0 keeps it a walk: text by text, in order."""
    sql, given = visible
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH walked AS MATERIALIZED ({sql})
            SELECT (SELECT count(*) FROM walked), ARRAY(
                SELECT walked.id FROM walked CROSS JOIN LATERAL (
                    SELECT title, address, text, tokens FROM matters_mattertext WHERE matter_id = walked.id OFFSET 0
                ) words WHERE {condition} LIMIT {limit:d})""",  # noqa: S608 (by the ORM, constant text)
            [*given, *params],
        )
        seen, found = cursor.fetchone()
    return seen, found


def _condition(wanted: str) -> tuple[str, list[str]]:
    query = " & ".join(f"'{word}'" for word in tokens(wanted)[:_WORDS_MAX])
    if pairs(wanted) == [wanted]:  # two letters that may be no word of their own
        query = f"({query}) | '{wanted}'"
    condition, params = "(tokens @@ %s::tsquery AND tokens IS NOT NULL)", [query]
    if len(wanted) >= _PIECE_LETTERS_MIN:
        condition += f" OR ({_BODY} ILIKE %s AND tokens IS NOT NULL)"
        params.append(_like(wanted))
    parts = [_like(part) for part in wanted.split()[:_WORDS_MAX]]
    each = " AND ".join([f"{_BODY} ILIKE %s"] * len(parts))
    return f"{condition} OR (tokens IS NULL AND {each})", [*params, *parts]


def _like(piece: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", piece) + "%"


def _candidates(condition: str, params: list[str]) -> list[UUID] | None:
    """Every match when there are few; None when there are many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT matter_id FROM matters_mattertext WHERE {condition} LIMIT %s",  # noqa: S608 (constant text)
            [*params, CANDIDATES_MAX + 1],
        )
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= CANDIDATES_MAX else None
