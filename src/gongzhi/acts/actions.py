"""The one way an act comes into being."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.acts import events
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.acts.inserting import Rows, insert_rows
from gongzhi.acts.origin import origin
from gongzhi.kernel import clock, ids

CHANNEL = "gongzhi_acts"
SALT_BYTES = 16

_ACT = ("id", "at", "by", "under", "verb", "subject_kind", "subject_id", "area_path", "origin", "request")
_CONTENT = ("act_id", "type", "version", "payload", "salt")
_series = ids.Series()


F = TypeVar("F", bound=Callable[..., Any])


def unrecorded(reason: str) -> Callable[[F], F]:
    """Marks an action that changes rows and records no act, with the reason (a cache, an upload in pieces). The
    architecture tests refuse silent actions without it.
    """
    if not reason:
        raise ValueError("say why no act is recorded")
    return lambda action: action


def record(
    *,
    verb: str,
    subject: Subject,
    by: Actor,
    at: datetime,
    event: object,
    area_path: str = "",
    under: str = "",
) -> UUID:
    """Record one act in the transaction of the rows it explains; returns its id. The id's time is now, `at` is when
    it happened. Raises RuntimeError outside a transaction, TypeError for an unregistered event, ValueError for a
    naive `at` or a payload without a canonical form.
    """
    draft = Draft(verb=verb, subject=subject, by=by, at=at, event=event, area_path=area_path, under=under)
    return record_many([draft])[0]


def record_many(drafts: Sequence[Draft]) -> list[UUID]:
    """Record acts in the order given; returns their ids, which ascend. One statement."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction of the rows it explains: open one first")
    if not drafts:
        return []
    taken = _series.take(clock.now(), len(drafts))
    insert_rows(
        Rows("acts_act", _ACT, map(_act, taken, drafts)),
        Rows("acts_content", _CONTENT, map(_content, taken, drafts, _salts(len(drafts)))),
        Rows("acts_pending", ("act_id",), ((id_,) for id_ in taken)),
        notify=CHANNEL,
    )
    return taken


def _act(id_: UUID, draft: Draft) -> tuple[Any, ...]:
    if draft.at.tzinfo is None:
        raise ValueError("an act's `at` needs a time zone")
    subject, by = draft.subject, draft.by
    return (
        id_,
        draft.at,
        by.reference,
        draft.under,
        draft.verb,
        subject.kind,
        str(subject.id),
        draft.area_path,
        origin(),
        by.request_id,
    )


def _salts(count: int) -> Iterator[str]:
    drawn = secrets.token_hex(SALT_BYTES * count)
    letters = 2 * SALT_BYTES
    return (f"\\x{drawn[at : at + letters]}" for at in range(0, len(drawn), letters))


def _content(id_: UUID, draft: Draft, salt: str) -> tuple[Any, ...]:
    known = events.of(draft.event)
    return (id_, known.type, known.version, str(events.dump(draft.event)), salt)
