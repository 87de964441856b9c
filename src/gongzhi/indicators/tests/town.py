"""Matters and judgements written straight into their tables: figures read rows, whoever wrote them."""

import itertools
from datetime import UTC, datetime, timedelta

from gongzhi.catalogue.models import Category, ProcedureVersion
from gongzhi.kernel import ids
from gongzhi.matters.models import (
    AppealRequest,
    Appraisal,
    CallBack,
    ClockRun,
    Closure,
    ExclusionRequest,
    Matter,
)
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in China
_numbers = itertools.count(1)


def at(days, hours=0):
    return START + timedelta(days=days, hours=hours)


def organisation(code):
    return Organisation.objects.create(
        id=ids.uuid7(START),
        code=code,
        name=f"{code}中队",
        kind="station",
        path=f"{code}/",
        registered_at=START,
    )


def category(code, parent=None):
    return Category.objects.create(
        id=ids.uuid7(START),
        code=code,
        parent=parent,
        level=parent.level + 1 if parent else 1,
        titles={"zh-hans": f"{code}类", "en": code},
    )


def procedure():
    return ProcedureVersion.objects.get_or_create(
        code="indicators_tests",
        version=1,
        defaults={
            "id": ids.uuid7(START),
            "digest": "0" * 64,
            "body": {},
            "published_at": START,
            "published_by": "system",
        },
    )[0]


def matter(*, category, lead=None, opened_at=START, closed_at=None, **more):
    return Matter.objects.create(
        id=ids.uuid7(opened_at),
        number=f"T{next(_numbers):08d}",
        kind="case",
        category=category,
        procedure=procedure(),
        state="closed" if closed_at else "handling",
        stage="closed" if closed_at else "handling",
        lead=lead,
        channel="web",
        opened_at=opened_at,
        closed_at=closed_at,
        **{"area_path": "", **more},
    )


def clock(matter, *, started_at, due_at, stopped_at=None, code="handling", promised=True):
    return ClockRun.objects.create(
        id=ids.uuid7(started_at),
        matter=matter,
        code=code,
        started_at=started_at,
        due_at=due_at,
        stopped_at=stopped_at,
        promised=promised,
    )


def called(matter, when, *, outcome="reached", **said):
    return CallBack.objects.create(
        id=ids.uuid7(when),
        matter=matter,
        at=when,
        by="account:q",
        organisation=matter.lead,
        outcome=outcome,
        **said,
    )


def appraised(matter, when, **said):
    values = {"level": 5, "contacted": True, "solved": True, **said}
    return Appraisal.objects.create(
        id=ids.uuid7(when), matter=matter, at=when, by="account:r", organisation=matter.lead, **values
    )


def excluded(matter, when, *, decision="granted"):
    return _asked(ExclusionRequest, matter, when, decision, ground="unlawful")


def appealed(matter, when, *, about, decision="granted"):
    return _asked(AppealRequest, matter, when, decision, about=about)


def _asked(kind, matter, when, decision, **own):
    decided = {"decided_at": when, "decided_by": "account:s"} if decision else {}
    return kind.objects.create(
        id=ids.uuid7(when),
        matter=matter,
        at=when,
        by="account:h",
        organisation=matter.lead,
        reason="见附件",
        decision=decision,
        **decided,
        **own,
    )


def reopened(matter, closed_at, until):
    return Closure.objects.create(
        id=ids.uuid7(closed_at), matter=matter, at=closed_at, by="system", ended_at=until
    )


def grid(code):
    return Area.objects.create(
        id=ids.uuid7(START), code=code, name=code, level="grid", path=f"{code}/", registered_at=START
    )
