"""What desks choose from: categories, areas, organisations; in tree order, indented by depth."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Generic, TypeVar
from uuid import UUID

from django.utils import translation

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.catalogue import snapshot as catalogue
from gongzhi.catalogue.snapshot import CategoryTree
from gongzhi.grants import queries as grants
from gongzhi.kernel.clock import now
from gongzhi.parties import queries as parties
from gongzhi.places import snapshot as places
from gongzhi.places.index import PlaceIndex
from gongzhi.places.levels import DEPTH
from gongzhi.web.forms import Option

_AREAS_MAX = 600
_COLLEAGUES_MAX = 2_000
_ORGANISATIONS_MAX = 1_000
_INDENT = "　"
Snapshot = TypeVar("Snapshot")


class _Same(Generic[Snapshot]):
    """A snapshot by identity: rooms hand out the same object as long as nothing changed."""

    def __init__(self, shared: Snapshot) -> None:
        self.shared = shared

    def __hash__(self) -> int:
        return id(self.shared)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.shared is self.shared


def language() -> str:
    return translation.get_language() or "zh-hans"


def wording() -> str:
    """The key of titles that come as data in both languages."""
    return "en" if language().startswith("en") else "zh-hans"


def tree() -> CategoryTree:
    return catalogue.current()


def categories() -> Sequence[Option]:
    return _categories(_Same(catalogue.current()), language())


@lru_cache(maxsize=8)
def _categories(tree: "_Same[CategoryTree]", said: str) -> tuple[Option, ...]:
    options: list[Option] = []

    def walk(parent: str) -> None:
        for node in sorted(tree.shared.below(parent), key=lambda node: node.code):
            options.append(Option(node.code, _INDENT * (node.level - 1) + node.title(said)))
            walk(node.code)

    walk("")
    return tuple(options)


def category_title(code: str) -> str:
    node = catalogue.current().get(code)
    return node.title(language()) if node else code


def areas(*, finest: str = "community") -> Sequence[Option]:
    """Areas down to a level; public by law (网格名称、范围公布)."""
    return _areas(_Same(places.at_hand()), finest)


@lru_cache(maxsize=8)
def _areas(index: "_Same[PlaceIndex]", finest: str) -> tuple[Option, ...]:
    found = [area for area in index.shared.areas.values() if DEPTH[area.level] <= DEPTH[finest]]
    top = min((DEPTH[area.level] for area in found), default=0)
    return tuple(
        Option(area.path, _INDENT * (DEPTH[area.level] - top) + area.name)
        for area in sorted(found, key=lambda area: area.path)[:_AREAS_MAX]
    )


def area_title(path: str, *, parts: int = 2) -> str:
    """The last names of the chain: 桃源街道 桃源路社区."""
    return " ".join(area.name for area in places.at_hand().line(path)[-parts:])


def organisations(actor: Actor) -> Sequence[Option]:
    rows = parties.organisations(visible_to=actor)[:_ORGANISATIONS_MAX]
    return [Option(str(row.id), _INDENT * (row.path.count("/") - 1) + row.name) for row in rows]


def colleagues(actor: Actor) -> Sequence[Option]:
    """People who hold a role in one of the actor's organisations now, by name; for a desk, which stands in none, everybody
    who holds a role of staff."""
    own = {held.organisation_id for held in actor.held if held.organisation_id}
    rows = grants.valid(now()).filter(organisation_id__in=own) if own else grants.valid(now())
    ids = set(rows.exclude(role="resident").values_list("account_id", flat=True)[:_COLLEAGUES_MAX])
    names = parties.account_names(ids)
    return [Option(str(id_), name) for id_, name in sorted(names.items(), key=lambda entry: entry[1])]


def organisation_name(id_: str) -> str:
    """The name behind an organisation's id; organisations are public."""
    try:
        found = parties.organisations(visible_to=ANONYMOUS, at_work=False).filter(pk=UUID(id_)).first()
    except ValueError:
        return id_
    return found.name if found else id_
