"""The category tree in memory, immutable: what intake and routing read for every report without asking the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from gongzhi.access.once import once
from gongzhi.access.prepared import fetch
from gongzhi.catalogue.models import Category, CategoryEdition
from gongzhi.catalogue.suggestion import Suggestion, Words, suggest, words_of

Limit = tuple[int, str]  # value, unit code of the calendar


@dataclass(frozen=True, slots=True)
class Node:
    """chain: codes from itself up to level 1, the order in which routing asks (special before general)."""

    id: UUID
    code: str
    parent: str
    level: int
    kind: str
    zh: str
    en: str
    chain: tuple[str, ...]
    evidence_required: bool
    verification_required: bool
    sign_off_required: bool
    public_space: bool
    response: Limit | None
    handling: Limit | None
    retired: bool
    leaf: bool

    def title(self, language: str) -> str:
        return (self.en or self.zh) if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """edition: the number of the loading it shows, 0 when none has been loaded."""

    edition: int
    nodes: Mapping[str, Node]
    words: Words

    def get(self, code: str) -> Node | None:
        """None for a code never loaded; retired categories are still found (old matters carry them)."""
        return self.nodes.get(code)

    def below(self, code: str = "") -> list[Node]:
        """Children in order of code, retired ones left out. "" = level 1."""
        return [node for node in self.nodes.values() if node.parent == code and not node.retired]

    def suggest(self, text: str, *, limit: int = 3) -> list[Suggestion]:
        """Categories the words of `text` point to, best first; empty when no keyword occurs."""
        return suggest(self.words, text, limit=limit)


def current() -> CategoryTree:
    """The tree in force: one cheap query for its number, rebuilt only when the number moved."""
    return _tree(once("catalogue.revision", _revision))


def _revision() -> int:
    rows = fetch("SELECT number FROM catalogue_revision ORDER BY id LIMIT 1")
    return int(rows[0][0]) if rows else 0


@lru_cache(maxsize=2)
def _tree(revision: int) -> CategoryTree:
    edition = CategoryEdition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    rows = list(Category.objects.select_related("parent").order_by("level", "code"))
    chains: dict[str, tuple[str, ...]] = {}
    for row in rows:
        chains[row.code] = (row.code, *(chains[row.parent.code] if row.parent else ()))
    parents = {row.parent.code for row in rows if row.parent and not row.retired_at}
    nodes = {row.code: _node(row, chains[row.code], row.code not in parents) for row in rows}
    live = [row for row in rows if row.retired_at is None]
    words = words_of((row.code, row.level, (row.titles["zh-hans"], *row.keywords)) for row in live)
    return CategoryTree(edition, MappingProxyType(nodes), words)


def _node(row: Category, chain: tuple[str, ...], leaf: bool) -> Node:
    return Node(
        id=row.id,
        code=row.code,
        parent=row.parent.code if row.parent else "",
        level=row.level,
        kind=row.kind,
        zh=row.titles["zh-hans"],
        en=row.titles.get("en", ""),
        chain=chain,
        evidence_required=row.evidence_required,
        verification_required=row.verification_required,
        sign_off_required=row.sign_off_required,
        public_space=row.public_space,
        response=(row.response_value, row.response_unit) if row.response_value else None,
        handling=(row.handling_value, row.handling_unit) if row.handling_value else None,
        retired=row.retired_at is not None,
        leaf=leaf,
    )
