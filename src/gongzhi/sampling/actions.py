"""Freezing a frame: population, draw and tasks in one transaction, with one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.sampling import events, rules
from gongzhi.sampling.evaluators import able, barred
from gongzhi.sampling.models import KINDS, Frame, Member, Task
from gongzhi.sampling.population import closed_cases

TITLE_MAX, SEED_MAX, SIZE_MAX = 120, 80, 2_000
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freezing:
    """since_on <= day < until_on · size: cases to draw, at least one of each street and kind · evaluators: accounts."""

    kind: str
    title: str
    area_path: str
    since_on: date | None
    until_on: date | None
    size: int
    seed: str
    evaluators: tuple[UUID, ...]


@transaction.atomic
def freeze(*, freezing: Freezing, by: Actor, at: datetime) -> Frame:
    """Draw and deal. Raises InvalidForm, NotAllowed; Invalid when nothing was closed in the period."""
    since, until = freezing.since_on, freezing.until_on
    wrong = _wrong(freezing, at)
    if wrong or since is None or until is None:
        raise InvalidForm(wrong)
    frame = Frame(
        id=ids.uuid7(at),
        kind=freezing.kind,
        title=freezing.title.strip(),
        area_path=freezing.area_path,
        since_on=since,
        until_on=until,
        method=rules.METHOD,
        seed=freezing.seed.strip(),
        evaluators=[str(one) for one in freezing.evaluators],
        frozen_at=at,
        by=by.reference,
    )
    require(by, "freeze", frame)
    cases = closed_cases(area_path=frame.area_path, since=since, until=until, at=at)
    if not cases:
        raise Invalid("sampling.nothing", "这段时间没有办结的工单，无法抽样。", field="since_on")
    population = {case.matter_id: case.stratum for case in cases}
    drawn = rules.draw(population, seed=frame.seed, size=freezing.size)
    twice = rules.doubled(drawn.keys(), seed=frame.seed)
    frame.digest = rules.digest(population.items())
    frame.population, frame.drawn = len(population), len(drawn)
    frame.save(force_insert=True)
    members = Member.objects.bulk_create(
        [
            Member(
                id=ids.uuid7(at),
                frame=frame,
                matter_id=case.matter_id,
                unit_id=case.unit_id,
                stratum=case.stratum,
                place=drawn.get(case.matter_id),
                doubled=case.matter_id in twice,
            )
            for case in cases
        ],
        batch_size=2_000,
    )
    _deal(frame, members, drawn, twice, freezing.evaluators, at)
    chosen = rules.digest((case, population[case]) for case in drawn)
    acts.record(
        verb="sampling.freeze",
        subject=Subject("sampling.frame", frame.id),
        by=by,
        at=at,
        area_path=frame.area_path,
        event=events.Frozen(
            frame.kind,
            since.isoformat(),
            until.isoformat(),
            frame.method,
            frame.seed,
            frame.population,
            frame.digest,
            frame.drawn,
            chosen,
            len(twice),
        ),
    )
    return frame


def _deal(
    frame: Frame,
    members: Sequence[Member],
    drawn: dict[UUID, int],
    twice: frozenset[UUID],
    evaluators: tuple[UUID, ...],
    at: datetime,
) -> None:
    member = {one.matter_id: one for one in members}
    barring = barred(kind=frame.kind, matters=list(drawn), evaluators=evaluators, at=at)
    Task.objects.bulk_create(
        Task(id=ids.uuid7(at), member=member[case], seat=seat, evaluator_id=who, at=at)
        for case, seat, who in rules.deal(sorted(drawn), twice, evaluators, barring)
    )


def _wrong(given: Freezing, at: datetime) -> dict[str, Refusal]:
    wrong: dict[str, Refusal] = {}
    if given.kind not in KINDS:
        wrong["kind"] = Invalid("sampling.no_kind", "请选择电话质检或上门复访。", field="kind")
    for field, text, most in (("title", given.title, TITLE_MAX), ("seed", given.seed, SEED_MAX)):
        if not text.strip() or len(text) > most or not text.isprintable():
            wrong[field] = Invalid("sampling.words", "请填写，最多 %(most)s 个字。", field=field, most=most)
    since, until = given.since_on, given.until_on
    today = in_china(at).date()
    if (
        since is None
        or until is None
        or not timedelta() < until - since <= _LONGEST
        or until > today + timedelta(1)
    ):
        wrong["since_on"] = Invalid("sampling.period", "请填写不超过一年、已经过去的期间。", field="since_on")
    if not 1 <= given.size <= SIZE_MAX:
        wrong["size"] = Invalid("sampling.size", "样本数须为 1 至 %(most)s。", field="size", most=SIZE_MAX)
    known = able(given.kind, at)
    if not given.evaluators or any(one not in known for one in given.evaluators):
        wrong["evaluators"] = Invalid("sampling.no_evaluators", "请选择评估人。", field="evaluators")
    return wrong
