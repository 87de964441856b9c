"""Runs reactions behind the sequencer: each at its own pace, in order, past its own poison."""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from gongzhi.acts.entries import Content, Sealed
from gongzhi.acts.models import DeadLetter, ReactionCursor
from gongzhi.acts.reactions import Reaction, registered
from gongzhi.acts.rows import acts_of, contents_of, positions_after, sequenced
from gongzhi.acts.sequencer import sequence_all
from gongzhi.kernel import clock

log = logging.getLogger("gongzhi.acts")
BATCH = 200
ATTEMPTS_MAX = 8
_FIRST_PAUSE = timedelta(seconds=30)


def react_once(reaction: Reaction, *, limit: int = BATCH, strict: bool = False) -> int:
    """Deal with the next `limit` positions; returns how many were passed. 0 when done or another worker is at it.

    The batch, its rows and its cursor commit together. strict: let an error through instead of a dead letter.
    """
    with transaction.atomic():
        position = _claim(reaction.name)
        if position is None:
            return 0
        leaves = positions_after(position, limit)
        if not leaves:
            return 0
        acts = acts_of([act_id for _, act_id in leaves])
        wanted = [(p, id_) for p, id_ in leaves if id_ in acts and reaction.wants(acts[id_].verb)]
        contents = contents_of([id_ for _, id_ in wanted])
        try:
            with transaction.atomic():  # one call for all: nearly every batch has no poison in it
                if wanted:
                    reaction.react([sequenced(p, acts[id_], contents.get(id_)) for p, id_ in wanted])
        except Exception:
            if strict or not connection.is_usable():
                raise
            _one_by_one(reaction, [(p, acts[id_], contents.get(id_)) for p, id_ in wanted])
        ReactionCursor.objects.filter(reaction=reaction.name).update(position=leaves[-1][0])
    return len(leaves)


def _one_by_one(reaction: Reaction, wanted: Sequence[tuple[int, Sealed, Content | None]]) -> None:
    """Each act in a savepoint of its own; the poison goes to the dead letters."""
    buried = 0
    for position, act, content in wanted:
        try:
            with transaction.atomic():
                reaction.react([sequenced(position, act, content)])
        except Exception:
            if not connection.is_usable():
                raise
            _bury(reaction.name, position, act.id, loudly=not buried)
            buried += 1
    if buried > 1:
        log.error("reaction %s: %d dead letters among %d acts", reaction.name, buried, len(wanted))


def react_all(*, strict: bool = False) -> int:
    """Every reaction until none has anything left; returns how many positions were passed."""
    passed = 0
    for reaction in list(registered().values()):
        while step := react_once(reaction, strict=strict):
            passed += step
    return passed


def settle(*, strict: bool = True) -> None:
    """Sequence and react, and sequence what reactions recorded, until all is quiet. For tests and commands; the
    platform itself does this in the worker. Raises RuntimeError when reactions keep answering each other.
    """
    for _ in range(100):
        if not sequence_all() + react_all(strict=strict):
            return
    raise RuntimeError("reactions keep recording new acts")


def retry(letter: DeadLetter, *, at: datetime) -> bool:
    """Try a dead letter again; True when it is settled now. Safe beside other workers."""
    reaction = registered().get(letter.reaction)
    with transaction.atomic():
        locked = (
            DeadLetter.objects.select_for_update(skip_locked=True)
            .filter(pk=letter.pk, settled_at__isnull=True)
            .first()
        )
        if locked is None or reaction is None:
            return False
        act = acts_of([locked.act_id])[locked.act_id]
        content = contents_of([locked.act_id]).get(locked.act_id)
        try:
            with transaction.atomic():
                reaction.react([sequenced(locked.position, act, content)])
        except Exception:
            if not connection.is_usable():
                raise
            locked.error, locked.failed_at = _reason(), at
            locked.attempts += 1
        else:
            locked.settled_at = at
        locked.save()
        return locked.settled_at is not None


def retry_due(*, at: datetime) -> int:
    """Retry letters whose pause (30 s, doubling) is over, up to 8 attempts; returns how many were settled."""
    waiting = DeadLetter.objects.filter(settled_at__isnull=True, attempts__lt=ATTEMPTS_MAX).order_by(
        "failed_at"
    )
    due = [one for one in waiting[:100] if one.failed_at + _FIRST_PAUSE * 2 ** (one.attempts - 1) <= at]
    return sum(retry(letter, at=at) for letter in due)


def _claim(name: str) -> int | None:
    """Lock the reaction's cursor, making it on first sight; None when another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position FROM acts_reaction_cursor WHERE reaction = %s FOR UPDATE SKIP LOCKED", [name]
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO acts_reaction_cursor (reaction, position) VALUES (%s, -1) ON CONFLICT DO NOTHING",
                [name],
            )
            return -1 if cursor.rowcount else None
        return int(row[0])


def _bury(reaction: str, position: int, act_id: UUID, *, loudly: bool) -> None:
    """loudly: with its traceback in the log; a reaction that fails at everything would fill the disk."""
    if loudly:
        log.exception("reaction %s could not deal with act %s at position %d", reaction, act_id, position)
    DeadLetter.objects.get_or_create(
        reaction=reaction,
        position=position,
        defaults={"act_id": act_id, "error": _reason(), "failed_at": clock.now()},
    )


def _reason() -> str:
    """The end of the traceback, without values of variables; text of exceptions may still quote a payload."""
    return traceback.format_exc(limit=-8)[-4000:].replace("\x00", "")
