"""Finding by words: Chinese words in a tsvector, pieces by trigrams, and what is not indexed yet by reading it.

A rare word is looked up in the index first (`CANDIDATES_MAX` at most) and judged afterwards; a common one is met soon
enough while walking the newest matters, so neither ever reads all of what it matches.
"""

import re
from uuid import UUID

import rjieba
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from gongzhi.matters.models import Matter, MatterText

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


def matching(rows: QuerySet[Matter], text: str) -> QuerySet[Matter]:
    """Only matters whose title, address or text has all words of `text`, or `text` as it stands."""
    wanted = " ".join(text.split())[:QUERY_LETTERS_MAX]
    if not _WORD.search(wanted.lower()):
        return rows.none()
    condition, params = _condition(wanted)
    candidates = _candidates(condition, params)
    if candidates is not None:
        return rows.filter(id__in=candidates)
    words = MatterText.objects.filter(matter=OuterRef("pk")).extra(where=[condition], params=params)  # noqa: S610 (constant text)
    return rows.filter(Exists(words))


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
