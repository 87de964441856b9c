"""Taking back what an act said. That it happened, its place and its proof stay."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import ProgrammingError, connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.acts import actions
from gongzhi.acts.drafts import Subject
from gongzhi.acts.events import event
from gongzhi.kernel.refusals import NotAllowed, NotFound


@event("acts.content_erased", version=1)
@dataclass(frozen=True, slots=True)
class ContentErased:
    """act: the one whose content is gone; ground: code of the legal ground."""

    act: UUID
    ground: str


def erase(*, act_id: UUID, by: Actor, at: datetime, ground: str) -> None:
    """Erase the content of a sealed act, leave a tombstone and record that it was done.

    Works only in a process connected as the role `eraser`. Raises NotAllowed otherwise, NotFound when there is no
    content (any more).
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT acts_erase(%s, %s, %s)", [act_id, by.reference, ground])
            if not cursor.fetchone()[0]:
                raise NotFound("acts.no_content", "没有可清除的内容，可能已经清除过。")
            actions.record(
                verb="acts.erase",
                subject=Subject("acts.act", act_id),
                by=by,
                at=at,
                event=ContentErased(act_id, ground),
            )
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        raise NotAllowed(
            "acts.eraser_only", "只有以清除角色（eraser）连接数据库的进程才能清除记录内容。"
        ) from error
