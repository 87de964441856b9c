"""Indexing words behind the intake."""

from django.db import connection, transaction

from gongzhi.matters.queries import words

BATCH = 500


def index_words(*, limit: int = BATCH) -> int:
    """Give the newest unindexed words their tsvector; returns how many. Several workers share the work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT matter_id, title, address, text FROM matters_mattertext WHERE tokens IS NULL
            ORDER BY matter_id LIMIT %s FOR UPDATE SKIP LOCKED""",
            [limit],
        )
        rows = cursor.fetchall()
        if not rows:
            return 0
        vectors = [
            words.vector(
                list(
                    dict.fromkeys(
                        words.tokens(f"{title} {address} {text}") + words.pairs(f"{title} {address}".lower())
                    )
                )
            )
            for _, title, address, text in rows
        ]
        cursor.execute(
            """UPDATE matters_mattertext t SET tokens = v.tokens::tsvector
            FROM unnest(%s::uuid[], %s::text[]) AS v(id, tokens) WHERE t.matter_id = v.id""",
            [[row[0] for row in rows], vectors],
        )
    return len(rows)
