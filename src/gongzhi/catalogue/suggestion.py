"""Categorise by rule: which category do the words of a report point to? Pure, explained, no learning.

Score of a category = Σ over distinct keywords found of (length in characters)² × level weight; longer and deeper words
say more. The reason is the words themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

TEXT_MAX = 2000  # characters looked at; what it is about is said early


@dataclass(frozen=True, slots=True)
class Suggestion:
    """words: the keywords found, which are the reason. score is comparable within one text only."""

    code: str
    score: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """First two characters → the keywords that begin so, each with its ((category, level), …): one lookup a place."""

    by_start: Mapping[str, tuple[tuple[str, tuple[tuple[str, int], ...]], ...]]


def words_of(rows: Iterable[tuple[str, int, Iterable[str]]]) -> Words:
    """Rows are (code, level, words). Words of one character are ignored: they occur everywhere."""
    found: dict[str, dict[tuple[str, int], None]] = defaultdict(dict)
    for code, level, words in rows:
        for word in words:
            if len(word.strip()) > 1:
                found[word.strip().lower()][(code, level)] = None
    starts: dict[str, list[tuple[str, tuple[tuple[str, int], ...]]]] = defaultdict(list)
    for word in sorted(found, key=len, reverse=True):
        starts[word[:2]].append((word, tuple(found[word])))
    return Words(MappingProxyType({start: tuple(entries) for start, entries in starts.items()}))


def suggest(words: Words, text: str, *, limit: int) -> list[Suggestion]:
    """Best first; equal scores in order of code, so that the same text always gets the same answer."""
    text = text[:TEXT_MAX].lower()
    hits: dict[str, dict[str, int]] = defaultdict(dict)
    for place in range(len(text) - 1):
        for word, owners in words.by_start.get(text[place : place + 2], ()):
            if text.startswith(word, place):
                for code, level in owners:
                    hits[code][word] = len(word) ** 2 * (level + 1)
    ranked = [Suggestion(code, sum(found.values()), tuple(found)) for code, found in hits.items()]
    return sorted(ranked, key=lambda entry: (-entry.score, entry.code))[:limit]
