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
    """keyword → ((category, level), …); lengths: every length that occurs, so that lookup is a few slices a place."""

    by_word: Mapping[str, tuple[tuple[str, int], ...]]
    lengths: tuple[int, ...]


def words_of(rows: Iterable[tuple[str, int, Iterable[str]]]) -> Words:
    """Rows are (code, level, words). Words of one character are ignored: they occur everywhere."""
    found: dict[str, dict[tuple[str, int], None]] = defaultdict(dict)
    for code, level, words in rows:
        for word in words:
            if len(word.strip()) > 1:
                found[word.strip().lower()][(code, level)] = None
    lengths = tuple(sorted({len(word) for word in found}, reverse=True))
    return Words(MappingProxyType({word: tuple(owners) for word, owners in found.items()}), lengths)


def suggest(words: Words, text: str, *, limit: int) -> list[Suggestion]:
    """Best first; equal scores in order of code, so that the same text always gets the same answer."""
    text = text[:TEXT_MAX].lower()
    hits: dict[str, dict[str, int]] = defaultdict(dict)
    for start in range(len(text)):
        for length in words.lengths:
            word = text[start : start + length]
            for code, level in words.by_word.get(word, ()) if len(word) == length else ():
                hits[code][word] = length * length * (level + 1)
    ranked = [Suggestion(code, sum(found.values()), tuple(found)) for code, found in hits.items()]
    return sorted(ranked, key=lambda entry: (-entry.score, entry.code))[:limit]
