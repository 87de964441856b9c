"""Reading evidence in bulk, by id and by position."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from gongzhi.acts import events
from gongzhi.acts.drafts import Sequenced, Subject
from gongzhi.acts.entries import ACT, CONTENT, Content, Sealed


def acts_of(ids: Sequence[UUID]) -> dict[UUID, Sealed]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        # The bounds let the planner leave out all months but one or two.
        cursor.execute(
            f"SELECT {', '.join(ACT)} FROM acts_act WHERE id = ANY(%s) AND id BETWEEN %s AND %s",  # noqa: S608
            [list(ids), min(ids), max(ids)],
        )
        return {row[0]: Sealed(*row) for row in cursor.fetchall()}


def contents_of(ids: Sequence[UUID]) -> dict[UUID, Content]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(CONTENT)} FROM acts_content WHERE act_id = ANY(%s)",  # noqa: S608
            [list(ids)],
        )
        return {row[0]: Content(*row) for row in cursor.fetchall()}


def positions_after(position: int, limit: int) -> list[tuple[int, UUID]]:
    """(position, act id) of the next leaves, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, act_id FROM acts_leaf WHERE position > %s ORDER BY position LIMIT %s",
            [position, limit],
        )
        return list(cursor.fetchall())


def sequenced(position: int, act: Sealed, content: Content | None) -> Sequenced:
    """Raises ValueError when the content does not fit its event type."""
    said = None if content is None else events.load(content.type, content.version, content.payload)
    return Sequenced(
        position=position,
        id=act.id,
        at=act.at,
        recorded_at=act.recorded_at,
        by=act.by,
        under=act.under,
        verb=act.verb,
        subject=Subject(act.subject_kind, act.subject_id),
        area_path=act.area_path,
        request=act.request,
        type=content.type if content else "",
        event=said,
    )
