"""The one write: replay a proposal and keep what came of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue import queries as catalogue
from gongzhi.indicators import formulas
from gongzhi.indicators.grouping import classes_of
from gongzhi.indicators.judged import counted
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid
from gongzhi.lab import events, proposals, rating, reading, replaying, results
from gongzhi.lab.cases import Case, Rules
from gongzhi.lab.models import Trial
from gongzhi.lab.policies import KEEPERS, REPLAY
from gongzhi.lab.proposals import Proposal
from gongzhi.mandates import snapshot
from gongzhi.mandates.table import Limit
from gongzhi.parties.models import Organisation
from gongzhi.timetable import queries as timetable

DAYS_MAX = 2 * 366


def replay(
    *,
    proposal: Proposal,
    since: date,
    until: date,
    by: Actor,
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Trial:
    """Cases opened on Chinese days since <= day < until, under the rules in force and under the proposed ones. Reads and
    computes outside any transaction; interrupted, nothing is kept. Raises NotAllowed, Invalid."""
    require_to(by, REPLAY)
    if not timedelta() < until - since <= timedelta(days=DAYS_MAX):
        raise Invalid(
            "lab.period", "推演期间须在 1 天至 %(days)s 天之间，且结束日期晚于开始日期。", field="until", days=DAYS_MAX
        )  # fmt: skip
    area = next((held.area_path for held in by.held if held.role in KEEPERS), "")
    asked = max((row.valid_from for row in proposal.mandates or () if row.valid_from), default=at)
    before = _in_force()
    asked = max(asked, at)
    after = Rules(
        proposals.table(proposal, before.table, at=asked),
        proposals.holidays(proposal, before.holidays),
        before.hours,
        before.handling,
    )
    past = reading.cases(visible_to=by, since=since, until=until, area_path=area)
    outcome = replaying.replay(
        past, before=before, after=after, at=asked, progress=lambda done: progress(done, len(past))
    )
    names = dict(Organisation.objects.values_list("id", "name"))
    result = {
        **results.of(outcome, names),
        "asked_at": asked.isoformat(),
        "rates": _rates(proposal, since, until, by, names),
    }
    facts = results.digest([_plain(case) for case in past])
    inputs = {
        "area": area, "since": since.isoformat(), "until": until.isoformat(), "asked": asked.isoformat(),
        "proposed": dict(proposal.files), "whole": proposal.whole, "mandates": before.table.version, "cases": facts,
    }  # fmt: skip
    return _keep(proposal, since, until, area, results.digest(inputs), result, by, at)


@transaction.atomic
def _keep(
    proposal: Proposal, since: date, until: date, area: str, digest: str, result: dict[str, Any], by: Actor, at: datetime
) -> Trial:  # fmt: skip
    trial = Trial.objects.create(
        id=ids.uuid7(at),
        at=at,
        by=by.reference,
        area_path=area,
        since=since,
        until=until,
        proposed=dict(proposal.files),
        digest=digest,
        cases=result["cases"],
        result=result,
    )
    acts.record(
        verb="lab.replay",
        subject=Subject("lab.trial", trial.id),
        by=by,
        at=at,
        area_path=area,
        event=events.Replayed(since.isoformat(), until.isoformat(), digest, result["cases"], result["moved"]),
    )
    return trial


def _in_force() -> Rules:
    times, clock = timetable.current(), catalogue.procedure("case").clock("handling")
    return Rules(snapshot.current(), times.holidays, times.hours, Limit(clock.value, clock.unit))


def _rates(
    proposal: Proposal, since: date, until: date, by: Actor, names: dict[UUID, str]
) -> dict[str, list[dict[str, Any]]]:
    """Of cases judged in the period, by rates that are proposed anew."""
    cut = {
        code: formulas.segments(formulas.published()[code], since, until)
        for code in sorted(proposal.formulas)
    }
    days = sorted({(s.since, s.until) for segments in cut.values() for s in segments})
    facts = {
        (a, b): counted(visible_to=by, since=a, until=b, by="organisation", by_category=True) for a, b in days
    }
    classes = classes_of(sorted({key for found in facts.values() for key in found}))
    called = {str(id_): name for id_, name in names.items()}
    return {
        code: results.rated(
            rating.standings(facts, segments, classes),
            rating.standings(facts, rating.under(proposal.formulas[code], segments), classes),
            called,
        )
        for code, segments in cut.items()
    }


def _plain(case: Case) -> list[object]:
    run = case.run
    return [
        case.category,
        case.area_path,
        str(case.lead or ""),
        sorted(map(str, case.returned)),
        repr(run) if run else "",
    ]
