"""The mandates in force as one immutable table, rebuilt only when mandates or categories changed."""

from functools import lru_cache

from gongzhi.access.once import once
from gongzhi.catalogue import snapshot as catalogue
from gongzhi.catalogue.snapshot import CategoryTree
from gongzhi.mandates.models import Mandate, Revision
from gongzhi.mandates.table import CategoryFacts, Entry, Limit, MandateTable, build
from gongzhi.places.models import Area


def current() -> MandateTable:
    """Two cheap queries (revisions); the table itself is shared by all who ask until something changes."""
    return _table(once("mandates.revision", _revision), _Tree(catalogue.current()))


def _revision() -> int:
    return Revision.objects.values_list("number", flat=True).first() or 0


class _Tree:
    """A tree by identity: the snapshot of categories is the same object as long as nothing changed."""

    def __init__(self, tree: CategoryTree) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tree) and other.tree is self.tree


@lru_cache(maxsize=2)
def _table(number: int, tree: _Tree) -> MandateTable:
    rows = Mandate.objects.filter(ended_at__isnull=True).select_related("organisation", "category")
    entries = [_entry(row) for row in rows]
    paths = {entry.area_path for entry in entries if entry.area_path}
    names = dict(Area.objects.filter(path__in=paths, ended_at__isnull=True).values_list("path", "name"))
    facts = {
        node.code: CategoryFacts(
            node.chain, node.zh, node.en, _limit(node.response), _limit(node.handling), node.leaf
        )
        for node in tree.tree.nodes.values()
        if not node.retired
    }
    return build(version=number, entries=entries, categories=facts, area_names=names)


def _limit(pair: tuple[int, str] | None) -> Limit | None:
    return Limit(*pair) if pair else None


def _entry(row: Mandate) -> Entry:
    return Entry(
        id=row.id,
        item=row.item,
        title=row.title,
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        kind=row.organisation.kind,
        area_path=row.area_path,
        category=row.category.code,
        role=row.role,
        part=row.part,
        basis=row.basis,
        basis_until_on=row.basis_until_on.isoformat() if row.basis_until_on else "",
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        response=Limit(row.response_value, row.response_unit) if row.response_value else None,
        handling=Limit(row.handling_value, row.handling_unit) if row.handling_value else None,
    )
