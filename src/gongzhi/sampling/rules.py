"""How a sample is drawn, dealt and judged. Pure: the same seed and population give the same sample, anywhere.

Method "sha256-1": cases of a stratum are sorted by SHA-256 of "SEED|CASE ID" (UTF-8, id in lower-case hex with hyphens) and the first
are taken. How many: each stratum one, the rest in proportion, by largest remainder, ties by the name of the stratum.
Looked at twice: one in twenty of all drawn, at least one, first by SHA-256 of "SEED|twice|CASE ID".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from uuid import UUID

METHOD = "sha256-1"
DOUBLED = Fraction(1, 20)
CONTENT_FROM = 3  # the level from which somebody was content: entries on different sides differ


@dataclass(frozen=True, slots=True)
class Found:
    """What one evaluator entered. reached False: nobody was reached, the rest is None."""

    reached: bool
    contacted: bool | None = None
    solved: bool | None = None
    level: int | None = None


def digest(population: Iterable[tuple[UUID, str]]) -> str:
    """SHA-256 of the lines "CASE ID|STRATUM", sorted, each ended by a line feed."""
    lines = sorted(f"{case}|{stratum}\n" for case, stratum in population)
    return sha256("".join(lines).encode()).hexdigest()


def allocate(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: at least one, at most all, together `size` where that is possible."""
    total = sum(strata.values())
    wanted = min(max(size, len(strata)), total)
    shares = {name: Fraction(count * wanted, total) for name, count in strata.items()}
    given = {name: max(1, int(share)) for name, share in shares.items()}
    order = sorted(strata, key=lambda name: (int(shares[name]) - shares[name], name))
    while sum(given.values()) < wanted:
        for name in order:
            if sum(given.values()) < wanted and given[name] < strata[name]:
                given[name] += 1
    while sum(given.values()) > wanted:  # the ones that each stratum has at least come out of the largest
        most = max(sorted(given), key=lambda name: given[name])
        given[most] -= 1
    return given


def draw(population: Mapping[UUID, str], *, seed: str, size: int) -> dict[UUID, int]:
    """The cases drawn, with their place (from 1) in the order of their stratum."""
    strata: dict[str, list[UUID]] = {}
    for case, stratum in population.items():
        strata.setdefault(stratum, []).append(case)
    counts = allocate({name: len(cases) for name, cases in strata.items()}, size) if strata else {}
    return {
        case: place
        for name, cases in strata.items()
        for place, case in enumerate(_sorted(cases, f"{seed}|")[: counts[name]], start=1)
    }


def doubled(drawn: Collection[UUID], *, seed: str) -> frozenset[UUID]:
    """Which of them two people look at."""
    count = max(1, -(-len(drawn) * DOUBLED.numerator // DOUBLED.denominator)) if drawn else 0
    return frozenset(_sorted(drawn, f"{seed}|twice|")[:count])


def deal(
    drawn: Sequence[UUID],
    twice: Collection[UUID],
    evaluators: Sequence[UUID],
    barred: Mapping[UUID, Collection[UUID]],
) -> list[tuple[UUID, int, UUID]]:
    """(case, seat, evaluator) in turn. barred: who must not look at a case. Never the same person in both seats; a seat
    nobody may take stays empty."""
    dealt: list[tuple[UUID, int, UUID]] = []
    turn = 0
    for case in drawn:
        taken: set[UUID] = set(barred.get(case, ()))
        for seat in (1, 2) if case in twice else (1,):
            free = [who for who in (*evaluators[turn:], *evaluators[:turn]) if who not in taken]
            if not free:
                break
            dealt.append((case, seat, free[0]))
            taken.add(free[0])
            turn = (evaluators.index(free[0]) + 1) % len(evaluators)
    return dealt


def differ(one: Found, other: Found) -> bool:
    """Whether two entries say different things about a case. Nobody reached by one of them is no contradiction."""
    if not one.reached or not other.reached:
        return False
    sides = [None if found.level is None else found.level >= CONTENT_FROM for found in (one, other)]
    return (one.solved, one.contacted, sides[0]) != (other.solved, other.contacted, sides[1])


def decided(found: Mapping[int, Found], *, twice: bool) -> Found | None:
    """What counts for a case, by seat; None while it is open. The third decides where two differ."""
    first, second = found.get(1), found.get(2)
    if not twice:
        return first
    if first is None or second is None:
        return None
    if not differ(first, second):
        return first if first.reached else second
    return found.get(3)


def _sorted(cases: Iterable[UUID], prefix: str) -> list[UUID]:
    return sorted(cases, key=lambda case: sha256(f"{prefix}{case}".encode()).digest())
