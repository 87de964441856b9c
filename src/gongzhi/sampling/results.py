"""What supervisors and auditors read: frames, figures per unit, where evaluators differ, the draw done again."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.kernel.refusals import NotFound
from gongzhi.sampling import rules
from gongzhi.sampling.models import Frame, Member, Task
from gongzhi.sampling.rules import Found

_LISTED_MAX = 100


@dataclass(frozen=True, slots=True)
class UnitResult:
    """asked: cases decided and reached · solved: of them."""

    unit: str
    drawn: int
    asked: int
    solved: int
    contacted: int
    content: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """found: by seat. decided: the third has."""

    number: str
    title: str
    found: dict[int, Found]
    decided: bool


@dataclass(frozen=True, slots=True)
class FrameView:
    frame: Frame
    strata: list[tuple[str, int, int]]
    units: list[UnitResult]
    disagreements: list[Disagreement]
    tasks: int
    entered: int
    doubled: int


def frames(*, visible_to: Actor) -> list[tuple[Frame, int, int]]:
    """Newest first, with how many tasks there are and how many are entered. One query."""
    rows = visible(Frame.objects.all(), visible_to).order_by("-frozen_at", "-id")[:_LISTED_MAX]
    frames = list(rows)
    counts = {
        frame_id: (tasks, entered)
        for frame_id, tasks, entered in Task.objects.filter(member__frame__in=[f.id for f in frames])
        .values_list("member__frame_id")
        .annotate(tasks=Count("id"), entered=Count("entry"))
    }
    return [(frame, *counts.get(frame.id, (0, 0))) for frame in frames]


def frame(*, visible_to: Actor, frame_id: UUID) -> FrameView:
    """Raises NotFound. The same number of queries however large it is."""
    found = visible(Frame.objects.filter(id=frame_id), visible_to).first()
    if found is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    members = Member.objects.filter(frame=found)
    strata = members.values_list("stratum").annotate(
        population=Count("id"), taken=Count("id", filter=Q(place__isnull=False))
    )
    drawn = list(
        members.filter(place__isnull=False)
        .select_related("matter", "matter__words", "unit")
        .order_by("unit__name", "matter_id")
    )
    entries: dict[UUID, dict[int, Found]] = defaultdict(dict)
    seats = 0
    rows = Task.objects.filter(member__frame=found).select_related("entry")
    for one in rows:
        seats += 1
        if hasattr(one, "entry"):
            said = one.entry
            entries[one.member_id][one.seat] = Found(
                said.outcome == "reached", said.contacted, said.solved, said.level
            )
    return FrameView(
        found,
        sorted(strata),
        _units(drawn, entries),
        _disagreements(drawn, entries),
        seats,
        sum(len(one) for one in entries.values()),
        sum(one.doubled for one in drawn),
    )


def verified(*, visible_to: Actor, frame_id: UUID) -> bool:
    """Draw again from the kept population: whether digest and sample are those that were frozen. Raises NotFound."""
    found = visible(Frame.objects.filter(id=frame_id), visible_to).first()
    if found is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    rows = list(Member.objects.filter(frame=found).values_list("matter_id", "stratum", "place", "doubled"))
    population = {matter: stratum for matter, stratum, _, _ in rows}
    again = rules.draw(population, seed=found.seed, size=found.drawn)
    kept = {matter: place for matter, _, place, _ in rows if place is not None}
    twice = frozenset(matter for matter, _, _, doubled in rows if doubled)
    return (
        found.method == rules.METHOD
        and rules.digest(population.items()) == found.digest
        and again == kept
        and rules.doubled(kept.keys(), seed=found.seed) == twice
    )


def _units(drawn: list[Member], entries: dict[UUID, dict[int, Found]]) -> list[UnitResult]:
    groups: dict[str, list[Member]] = defaultdict(list)
    for one in drawn:
        groups[one.unit.name if one.unit else ""].append(one)
    results = []
    for name, members in sorted(groups.items(), key=lambda group: (group[0] == "", group[0])):
        judged = [rules.decided(entries.get(one.id, {}), twice=one.doubled) for one in members]
        reached = [found for found in judged if found is not None and found.reached]
        results.append(
            UnitResult(
                name,
                len(members),
                len(reached),
                sum(found.solved is True for found in reached),
                sum(found.contacted is True for found in reached),
                sum((found.level or 0) >= rules.CONTENT_FROM for found in reached),
            )
        )
    return results


def _disagreements(drawn: list[Member], entries: dict[UUID, dict[int, Found]]) -> list[Disagreement]:
    listed = []
    for one in drawn:
        found = entries.get(one.id, {})
        if 1 in found and 2 in found and rules.differ(found[1], found[2]):
            listed.append(Disagreement(one.matter.number, one.matter.words.title, found, 3 in found))
    return listed
