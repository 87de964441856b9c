"""A batch of reports in one transaction: the work of the committer's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from gongzhi.access.actor import Actor
from gongzhi.intake.actions import take_in_many
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.lane import once
from gongzhi.lane.once import Answered


@dataclass(frozen=True, slots=True)
class Item:
    """who: whose Idempotency-Key it is · key: "" = none · print: fingerprint of the body."""

    raw: RawReport
    by: Actor
    who: str
    key: str
    print: bytes


def commit(items: Sequence[Item]) -> list[Answered]:
    """Open what is new in one transaction; repeated keys get the stored answer, wrong reports their refusal."""
    at = clock.now()
    answers: list[Answered | None] = [None] * len(items)
    with transaction.atomic():
        fresh, twins = once.find(items, answers)
        ordered = sorted(fresh, key=lambda n: items[n].by.reference)
        for by, group in groupby(ordered, key=lambda n: items[n].by):
            numbers = list(group)
            opened = take_in_many(raws=[items[n].raw for n in numbers], by=by, at=at)
            for n, result in zip(numbers, opened, strict=True):
                if isinstance(result, InvalidForm):
                    answers[n] = Answered(refusal=result)
                else:
                    content = {"number": result.number, "follow_code": result.follow_code, "new": result.new}
                    answers[n] = Answered(msgspec.json.encode(content), 201 if result.new else 200)
        once.keep(items, answers, fresh, at=at)
    once.share(answers, twins)
    return [answered for answered in answers if answered is not None]


def is_outage(error: BaseException) -> bool:
    """The database is away or too busy: nobody's report is to blame."""
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()
        return True
    return False
