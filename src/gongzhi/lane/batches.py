"""A batch of reports in one transaction: the work of the committer's thread."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.once import asking_once
from gongzhi.intake import snapshots
from gongzhi.intake.actions import take_in_many
from gongzhi.intake.raw import RawReport
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.lane import once
from gongzhi.lane.once import Answered
from gongzhi.matters.reports import Opened

KNOWN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """who: whose Idempotency-Key it is · key: "" = none · print: fingerprint of the body."""

    raw: RawReport
    by: Actor
    who: str
    key: str
    print: bytes


class Commit:
    """Opens what is new in one transaction; repeated keys get the stored answer, wrong reports their refusal.

    Which mandates, categories, areas and holidays are in force is asked once a second, not once a batch.
    """

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._old_at = 0.0

    def __call__(self, items: Sequence[Item]) -> list[Answered]:
        if time.monotonic() >= self._old_at:
            self._known, self._old_at = {}, time.monotonic() + KNOWN_SECONDS
        with asking_once(self._known):
            return self._commit(items, at=clock.now(), held=snapshots.at_hand())

    def _commit(self, items: Sequence[Item], *, at: datetime, held: Snapshots) -> list[Answered]:
        answers: list[Answered | None] = [None] * len(items)
        with transaction.atomic():
            fresh, twins = once.find(items, answers)
            ordered = sorted(fresh, key=lambda n: items[n].by.reference)
            for by, group in groupby(ordered, key=lambda n: items[n].by):
                numbers = list(group)
                opened = take_in_many(raws=[items[n].raw for n in numbers], by=by, at=at, held=held)
                for n, result in zip(numbers, opened, strict=True):
                    answers[n] = _answered(result)
            once.keep(items, answers, fresh, at=at)
        once.share(answers, twins)
        return [answered for answered in answers if answered is not None]


def _answered(result: Opened | InvalidForm) -> Answered:
    if isinstance(result, InvalidForm):
        return Answered(refusal=result)
    content = {"number": result.number, "follow_code": result.follow_code, "new": result.new}
    return Answered(msgspec.json.encode(content), 201 if result.new else 200)


def is_outage(error: BaseException) -> bool:
    """The database is away or too busy: nobody's report is to blame."""
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()
        return True
    return False
