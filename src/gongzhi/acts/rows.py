"""Reading evidence in bulk, by id and by position."""

from collections.abc import Sequence
from uuid import UUID

from gongzhi.access.prepared import fetch
from gongzhi.acts import events
from gongzhi.acts.drafts import Sequenced, Subject
from gongzhi.acts.entries import ACT, CONTENT, Content, Sealed

# The bounds let the planner leave out all months but one or two.
_ACTS = (
    f"SELECT {', '.join(ACT)} FROM acts_act WHERE id = ANY(%s::uuid[]) AND id BETWEEN %s::uuid AND %s::uuid"  # noqa: S608
)
_CONTENTS = f"SELECT {', '.join(CONTENT)} FROM acts_content WHERE act_id = ANY(%s::uuid[])"  # noqa: S608
_LEAVES = (
    "SELECT position, act_id FROM acts_leaf WHERE position > %s::bigint ORDER BY position LIMIT %s::bigint"
)


def acts_of(ids: Sequence[UUID]) -> dict[UUID, Sealed]:
    if not ids:
        return {}
    return {row[0]: Sealed(*row) for row in fetch(_ACTS, [list(ids), min(ids), max(ids)])}


def contents_of(ids: Sequence[UUID]) -> dict[UUID, Content]:
    return {row[0]: Content(*row) for row in fetch(_CONTENTS, [list(ids)])}


def positions_after(position: int, limit: int) -> list[tuple[int, UUID]]:
    """(position, act id) of the next leaves, in order."""
    return [(place, act_id) for place, act_id in fetch(_LEAVES, [position, limit])]


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
