"""Everything `prepare` decides by, as it is at one moment: immutable, shared, taken once per batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue import snapshot as categories
from gongzhi.catalogue.procedure import Procedure
from gongzhi.catalogue.snapshot import CategoryTree
from gongzhi.mandates import snapshot as mandates
from gongzhi.mandates.table import MandateTable
from gongzhi.places import snapshot as places
from gongzhi.places.index import AreaRow, PlaceIndex

KINDS = ("case",)


@dataclass(frozen=True, slots=True)
class Snapshots:
    """procedures: kind → the newest published procedure; areas: code → area in force."""

    places: PlaceIndex
    mandates: MandateTable
    categories: CategoryTree
    procedures: Mapping[str, Procedure]
    areas: Mapping[str, AreaRow]


def current() -> Snapshots:
    """Exact: four small queries when nothing has changed. For forms, API and imports."""
    return _taken(places.current())


def at_hand() -> Snapshots:
    """The same without ever waiting for a new index of places: for the hot path."""
    return _taken(places.at_hand())


def _taken(index: PlaceIndex) -> Snapshots:
    return Snapshots(
        places=index,
        mandates=mandates.current(),
        categories=categories.current(),
        procedures=MappingProxyType({kind: catalogue.procedure(kind) for kind in KINDS}),
        areas=_by_code(index),
    )


@lru_cache(maxsize=2)
def _by_code(index: PlaceIndex) -> Mapping[str, AreaRow]:
    return MappingProxyType({area.code: area for area in index.areas.values()})
