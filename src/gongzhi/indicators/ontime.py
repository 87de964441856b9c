"""On time or not, by our own clocks, beside what the source of an import said: the proof that an import is faithful."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Upper

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.intake.models import SourceRecord
from gongzhi.matters.models import ClockRun

ON_TIME = ("ONTIME", "ON TIME", "按时", "按期")
OVERDUE = ("OVERDUE", "LATE", "超期", "逾期")
PROMISE = "handling"  # the clock that holds the deadline an import brought along
SOON = timedelta(hours=1)
REASONS = {
    "due_soon": (
        "时限在统计时刻之后一小时内到期，来源系统已按超期记录",
        "due within the hour after the date of the report; the source counted it as late already",
    ),
    "closed_since": (
        "在统计时刻之后办结，来源系统的记录晚于统计时刻",
        "closed after the date of the report; the source's word is younger than the report",
    ),
    "source_on_time": (
        "按办结时间与时限计算已超期，来源系统记为按时",
        "late by its times; the source says on time",
    ),
    "source_overdue": (
        "按办结时间与时限计算未超期，来源系统记为超期",
        "on time by its times; the source says late",
    ),
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """reason: a code of REASONS. ours and theirs: True = on time."""

    number: str
    external_id: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    ours: bool
    theirs: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OnTime:
    """judged: cases with a target and a status we can read. agreed + len(disagreements) = judged, when all are listed."""

    as_of: datetime
    cases: int
    judged: int
    on_time: int
    agreed: int
    without_target: int
    without_status: int
    disagreements: Sequence[Disagreement]

    @property
    def agreement(self) -> float | None:
        """Share of judged cases where both say the same; None when nothing can be judged."""
        return self.agreed / self.judged if self.judged else None


def on_time(*, source: str, as_of: datetime, visible_to: Actor, disagreements_max: int = 1_000) -> OnTime:
    """Judge the imported cases of a source as they stood at `as_of`: on time when closed, or still open, by the target.

    Our own deadline and closing time decide; the source's word is only compared. Two queries.
    """
    cases = _judged(visible(SourceRecord.objects.filter(source=source), visible_to), as_of)
    compared = Q(due__isnull=False) & (Q(theirs=True) | Q(theirs=False))
    counts = cases.aggregate(
        cases=Count("pk"),
        judged=Count("pk", filter=compared),
        on_time=Count("pk", filter=compared & Q(ours=True)),
        agreed=Count("pk", filter=compared & Q(ours=F("theirs"))),
        without_target=Count("pk", filter=Q(due__isnull=True)),
        without_status=Count("pk", filter=Q(due__isnull=False, theirs__isnull=True)),
    )
    differing = cases.filter(compared).exclude(ours=F("theirs")).order_by("external_id")
    rows = differing.values_list(
        *("matter__number", "external_id", "matter__opened_at", "due", "matter__closed_at"),
        *("ours", "theirs"),
    )
    return OnTime(
        as_of=as_of,
        disagreements=[
            Disagreement(
                number,
                external_id,
                opened_at,
                due_at,
                closed_at,
                ours,
                theirs,
                _reason(due_at, closed_at, theirs, as_of),
            )
            for number, external_id, opened_at, due_at, closed_at, ours, theirs in rows[:disagreements_max]
        ],
        **counts,
    )


def _judged(records: QuerySet[SourceRecord], as_of: datetime) -> Any:
    word = Upper("status")
    promise = ClockRun.objects.filter(matter=OuterRef("pk"), code=PROMISE).order_by("started_at")
    known_end = Case(
        When(matter__closed_at__lte=as_of, then=F("matter__closed_at")),
        default=Value(as_of),
        output_field=DateTimeField(),
    )
    return records.annotate(word=word, end=known_end, due=Subquery(promise.values("due_at")[:1])).annotate(
        ours=Case(When(end__lte=F("due"), then=True), default=False),
        theirs=Case(When(word__in=ON_TIME, then=True), When(word__in=OVERDUE, then=False), default=None),
    )


def _reason(due_at: datetime, closed_at: datetime | None, theirs: bool, as_of: datetime) -> str:
    if closed_at is not None and closed_at > as_of:
        return "closed_since"
    if not theirs and closed_at is None and as_of < due_at <= as_of + SOON:
        return "due_soon"
    return "source_on_time" if theirs else "source_overdue"
