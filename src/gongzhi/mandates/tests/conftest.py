from datetime import UTC, datetime

import pytest

from gongzhi.access.actor import Actor, Held
from gongzhi.kernel import ids
from gongzhi.mandates.table import CategoryFacts, Entry, Limit, build

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)
D, S, C = "510000/", "510000/001/", "510000/001/001/"
CATEGORIES = {
    "01": CategoryFacts(("01",), "市容环境", "City appearance", leaf=False),
    "0101": CategoryFacts(("0101", "01"), "环境卫生", "Cleaning", leaf=False),
    "010101": CategoryFacts(
        ("010101", "0101", "01"), "暴露垃圾", "Rubbish", Limit(24, "hour"), Limit(3, "work_day")
    ),
    "010102": CategoryFacts(("010102", "0101", "01"), "建筑垃圾", "Waste"),
    "02": CategoryFacts(("02",), "公用设施", "Facilities", leaf=False),
    "020101": CategoryFacts(("020101", "02"), "路灯", "Lamps"),
}


@pytest.fixture
def at():
    return AT


@pytest.fixture
def administrator():
    return Actor(kind="account", id=ids.uuid7(AT), held=(Held(role="system_admin"),))


@pytest.fixture
def organisation_ids():
    return {name: ids.uuid7(AT) for name in ("bureau", "other", "street", "community", "power")}


@pytest.fixture
def entry(organisation_ids):
    def make(who, category, area=D, *, role="lead", part="basic", until=None, **more):
        kind = who if who in ("street", "community") else "bureau"
        values = {
            "id": ids.uuid7(AT),
            "item": f"{who}-{category}",
            "title": "清理",
            "organisation_id": organisation_ids[who],
            "organisation": who,
            "kind": kind,
            "area_path": area,
            "category": category,
            "role": role,
            "part": part,
            "basis": "某条例第三条",
            "basis_until_on": "",
            "valid_from": OLD,
            "valid_until": until,
            "response": None,
            "handling": None,
        }
        return Entry(**{**values, **more})

    return make


@pytest.fixture
def table():
    def make(*entries):
        return build(
            version=7, entries=entries, categories=CATEGORIES, area_names={D: "青禾区", S: "临江街道"}
        )

    return make
