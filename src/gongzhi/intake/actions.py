"""Taking reports in: prepare outside the transaction, insert inside it."""

from collections.abc import Sequence
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.intake import snapshots
from gongzhi.intake.complaining import accused_of
from gongzhi.intake.preparing import prepare
from gongzhi.intake.raw import RawReport
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.matters import actions as matters
from gongzhi.matters.reports import Opened, Report


def take_in(*, raw: RawReport, by: Actor, at: datetime) -> Opened:
    """One report, opened. Raises InvalidForm with every wrong field."""
    return matters.open_many([_prepared(raw, snapshots.current(), at)], by=by, at=at)[0]


def take_in_many(
    *, raws: Sequence[RawReport], by: Actor, at: datetime, held: Snapshots | None = None
) -> list[Opened | InvalidForm]:
    """Each report's own answer, in order: the matter it became, or what is wrong with it. The good ones are one commit.

    held: what to decide by; None = what is in force at this moment.
    """
    held = held or snapshots.current()
    answers: list[Report | InvalidForm] = []
    for raw in raws:
        try:
            answers.append(_prepared(raw, held, at))
        except InvalidForm as refusal:
            answers.append(refusal)
    good = [answer for answer in answers if isinstance(answer, Report)]
    opened = iter(matters.open_many(good, by=by, at=at) if good else [])
    return [answer if isinstance(answer, InvalidForm) else next(opened) for answer in answers]


def _prepared(raw: RawReport, held: Snapshots, at: datetime) -> Report:
    return prepare(raw, held, at, accused=accused_of(raw, at=at))
