"""Finding names of the town in free text: several candidates with reasons, never a silent guess. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongzhi.places import naming

TEXT_LENGTH_MAX = 2000
CANDIDATES_MAX = 8
_WEIGHTS = {"building": 1.3, "poi": 1.2, "estate": 1.2, "alias": 1.0, "area": 1.0, "road": 0.8, "short": 0.5}


@dataclass(frozen=True, slots=True)
class Name:
    """kind: a code of levels.NAME_KINDS, "area" for an official name, "short" for one without its suffix."""

    text: str
    kind: str
    area_path: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the text may mean. names: what in the text says so; against: names of the text that lie elsewhere.

    lon, lat: of the most precise name, None when only an area is known.
    """

    area_path: str
    lon: float | None
    lat: float | None
    score: float
    names: tuple[Name, ...]
    against: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """ "阳光花园(estate)+桔子洲街道(area)" and, where the text contradicts itself, " ≠ 东湖路"."""
        told = "+".join(f"{name.text}({name.kind})" for name in self.names)
        return told + (f" ≠ {'、'.join(self.against)}" if self.against else "")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by normalised text, and by their first two characters the lengths worth trying, longest first."""

    names: dict[str, tuple[Name, ...]]
    lengths: dict[str, tuple[int, ...]] = field(repr=False)

    @classmethod
    def of(cls, names: Iterable[Name]) -> "Gazetteer":
        """Names shorter than two characters are left out: they are found in everything."""
        by_text: defaultdict[str, list[Name]] = defaultdict(list)
        for name in names:
            text = naming.normalised(name.text)
            if len(text) >= 2:
                by_text[text].append(name)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for text in by_text:
            lengths[text[:2]].add(len(text))
        return cls(
            {text: tuple(found) for text, found in by_text.items()},
            {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()},
        )

    def found_in(self, text: str) -> list[tuple[Name, ...]]:
        """Leftmost longest names in order of appearance, without overlap; each may stand for several places."""
        line = naming.normalised(text[:TEXT_LENGTH_MAX])
        found, position = [], 0
        while position < len(line) - 1:
            step = self._length_at(line, position)
            if step:
                found.append(self.names[line[position : position + step]])
            position += step or 1
        return found

    def candidates(self, text: str) -> list[Candidate]:
        """Best first, at most eight. Empty: the text names nothing known."""
        found = self.found_in(text)
        places = {(name.area_path, name.lon, name.lat): name for names in found for name in names}
        judged = (_judge(name, found) for name in places.values())
        best: dict[str, Candidate] = {}
        for candidate in sorted(
            judged, key=lambda c: (-c.score, c.lon is None, -len(c.area_path), c.area_path)
        ):
            best.setdefault(candidate.area_path, candidate)
        kept = list(best.values())
        return [c for c in kept if not _is_wider(c, kept)][:CANDIDATES_MAX]

    def _length_at(self, line: str, position: int) -> int:
        if position and line[position].isdigit() and line[position - 1].isdigit():
            return 0
        for length in self.lengths.get(line[position : position + 2], ()):
            end = position + length
            if end > len(line) or line[position:end] not in self.names:
                continue
            if end < len(line) and line[end].isdigit() and line[end - 1].isdigit():
                continue  # "88" must not answer for "881"
            return length
        return 0


def decided(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one candidate that may be taken without asking: alone, or clearly ahead and uncontradicted."""
    if not candidates:
        return None
    first = candidates[0]
    if first.against or all(name.kind == "short" for name in first.names):
        return None
    if len(candidates) == 1 or first.score >= 1.2 * candidates[1].score:
        return first
    return None


def _judge(place: Name, found: Sequence[tuple[Name, ...]]) -> Candidate:
    """Support: every name in the text one of whose places lies in line with this one (above, same or below)."""
    support, against = [], []
    for names in found:
        agreeing = [name for name in names if _in_line(name.area_path, place.area_path)]
        if place in names:
            support.append(place)
        elif agreeing:
            support.append(max(agreeing, key=lambda name: len(name.area_path)))
        else:
            against.append(names[0].text)
    score = sum(_WEIGHTS.get(name.kind, 1.0) * len(naming.normalised(name.text)) for name in support)
    return Candidate(place.area_path, place.lon, place.lat, round(score, 3), tuple(support), tuple(against))


def _in_line(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _is_wider(candidate: Candidate, all_of: Sequence[Candidate]) -> bool:
    """A street is no answer of its own when one of its estates is named, too."""
    return any(
        other.area_path != candidate.area_path
        and other.area_path.startswith(candidate.area_path)
        and other.score >= candidate.score
        for other in all_of
    )
