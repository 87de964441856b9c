"""Two streets, three units, people of every desk: made through the rooms' own actions."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import shipped
from gongzhi.grants import queries as grants
from gongzhi.mandates import actions as mandates
from gongzhi.mandates.importing import MandateRow
from gongzhi.mandates.table import Limit
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account, Organisation
from gongzhi.places import actions as places
from gongzhi.places.models import Area
from gongzhi.web.tests.people import staff

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 112.90, 28.20, 0.02


@dataclass(frozen=True, slots=True)
class World:
    areas: dict[str, Area]
    organisations: dict[str, Organisation]
    accounts: dict[str, Account]

    def actor(self, name: str, at: datetime) -> Actor:
        return grants.actor_of(self.accounts[name].id, at)


def box(column: float, row: float, width: float, height: float) -> dict[str, Any]:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    east, north = west + width * STEP, south + height * STEP
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def build() -> World:
    areas = _areas()
    organisations = _organisations(areas)
    catalogue.load_categories(rows=shipped.read_categories(), by=SYSTEM, at=START)
    for procedure in shipped.read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=START)
    mandates.load(rows=_mandates(), by=SYSTEM, at=START)
    return World(areas, organisations, _people(areas, organisations))


def _areas() -> dict[str, Area]:
    made: dict[str, Area] = {}

    def area(code: str, name: str, level: str, above: str, shape: dict[str, Any]) -> None:
        parent = made[above].id if above else None
        made[code] = places.register_area(
            code=code, name=name, level=level, parent_id=parent, geometry=shape, by=SYSTEM, at=START
        )

    area("990101", "云溪区", "district", "", box(0, 0, 4, 2))
    for n, (street, column) in enumerate((("桃源街道", 0), ("望江街道", 2)), start=1):
        code = f"99010100{n}"
        area(code, street, "street", "990101", box(column, 0, 2, 2))
        for m, name in enumerate(("第一社区", "第二社区")):
            area(f"{code}00{m + 1}", f"{street[:2]}{name}", "community", code, box(column, m, 2, 1))
            for g in range(2):
                grid = f"{code}00{m + 1}0{g + 1}"
                area(grid, f"第{'一二'[g]}网格", "grid", f"{code}00{m + 1}", box(column + g, m, 1, 1))
    return made


def _organisations(areas: dict[str, Area]) -> dict[str, Organisation]:
    top = areas["990101"].path
    made = {}
    for code, name, kind, area in (
        ("centre", "云溪区治理中心", "centre", top),
        ("urban", "城市管理局", "bureau", top),
        ("lighting", "市政设施所", "station", top),
        ("street1", "桃源街道办事处", "street", areas["990101001"].path),
    ):
        made[code] = parties.register_organisation(
            code=code, name=name, kind=kind, area_path=area, by=SYSTEM, at=START
        )
    return made


def _mandates() -> list[MandateRow]:
    def row(item: str, title: str, organisation: str, category: str) -> MandateRow:
        return MandateRow(
            item, title, organisation, "", category, "lead", "basic", "云溪区责任清单（2026）", None, None, None,
            Limit(24, "hour"), Limit(5, "work_day"),
        )  # fmt: skip

    return [row("A-01", "市容环境管理", "urban", "01"), row("A-02", "城市照明维护", "lighting", "0201")]


def _people(areas: dict[str, Area], organisations: dict[str, Organisation]) -> dict[str, Account]:
    top, one, two = areas["990101"].path, areas["990101001"].path, areas["990101002"].path
    return {
        "dispatcher": staff("li.qiang", role="dispatcher", area_path=top),
        "neighbour": staff("zhao.min", role="dispatcher", area_path=two),
        "handler": staff("wang.fang", role="handler", organisation_id=organisations["lighting"].id),
        "other_handler": staff("chen.wei", role="handler", organisation_id=organisations["urban"].id),
        "quality": staff("zhou.min", role="quality", area_path=top),
        "leader": staff("he.jun", role="street_leader", area_path=one),
    }


def later(hours: float) -> datetime:
    return START + timedelta(hours=hours)
