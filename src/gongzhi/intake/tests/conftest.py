from datetime import UTC, datetime
from types import MappingProxyType
from uuid import uuid4

import pytest

from gongzhi.catalogue.shipped import read_categories, read_procedures
from gongzhi.catalogue.snapshot import CategoryTree, Node
from gongzhi.catalogue.suggestion import words_of
from gongzhi.intake.snapshots import Snapshots
from gongzhi.mandates.table import CategoryFacts, Entry, build
from gongzhi.places.index import AreaRow, PlaceIndex

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LIGHTS = "020101"
BUREAU = uuid4()


def square(west: float, south: float, side: float) -> str:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return '{"type":"Polygon","coordinates":[' + str(ring) + "]}"


def town() -> PlaceIndex:
    """A district with one street, one community and two grids side by side."""
    return PlaceIndex(
        [
            AreaRow(uuid4(), "430104", "岳麓区", "district", "430104/", square(112.90, 28.10, 0.10)),
            AreaRow(uuid4(), "S1", "桔子洲街道", "street", "430104/S1/", square(112.92, 28.12, 0.04)),
            AreaRow(uuid4(), "C1", "阳光社区", "community", "430104/S1/C1/", square(112.92, 28.12, 0.02)),
            AreaRow(uuid4(), "G1", "第一网格", "grid", "430104/S1/C1/G1/", square(112.92, 28.12, 0.01)),
            AreaRow(uuid4(), "G2", "第二网格", "grid", "430104/S1/C1/G2/", square(112.93, 28.12, 0.01)),
        ]
    )


def tree(*, retired: str = "") -> CategoryTree:
    """The shipped categories without a database."""
    rows = read_categories()
    chains: dict[str, tuple[str, ...]] = {}
    nodes = {}
    for row in rows:
        chains[row.code] = (row.code, *chains.get(row.parent, ()))
        nodes[row.code] = Node(
            uuid4(),
            row.code,
            row.parent,
            row.level,
            row.kind,
            row.zh,
            row.en,
            chains[row.code],
            row.evidence,
            row.verification,
            row.sign_off,
            row.public_space,
            row.response,
            row.handling,
            row.code == retired,
            True,
        )
    words = words_of((row.code, row.level, (row.zh, *row.keywords)) for row in rows)
    return CategoryTree(1, MappingProxyType(nodes), words)


def world(*, retired: str = "", places: PlaceIndex | None = None) -> Snapshots:
    places = town() if places is None else places
    categories = tree(retired=retired)
    facts = {node.code: CategoryFacts(node.chain, node.zh, node.en) for node in categories.nodes.values()}
    lead = Entry(
        *(
            uuid4(),
            "M1",
            "路灯维护",
            BUREAU,
            "城管局",
            "bureau",
            "430104/",
            LIGHTS,
            "lead",
            "basic",
            "条例第三条",
            "",
        ),
        *(datetime(2020, 1, 1, tzinfo=UTC), None, None, None),
    )
    return Snapshots(
        places,
        build(version=7, entries=[lead], categories=facts),
        categories,
        {procedure.kind: procedure for procedure in read_procedures()},
        {area.code: area for area in places.areas.values()},
    )


@pytest.fixture(scope="session")
def snapshots() -> Snapshots:
    return world()


@pytest.fixture
def at() -> datetime:
    return AT
