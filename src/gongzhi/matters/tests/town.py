"""A small town for this room's tests: two streets, three units, the shipped procedure and everybody of its cast."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.calendar.holidays import YearTable
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import queries as procedures
from gongzhi.catalogue import shipped
from gongzhi.catalogue.models import Category
from gongzhi.catalogue.procedure import Procedure
from gongzhi.kernel import ids
from gongzhi.mandates.reasons import Reason
from gongzhi.mandates.rules import Route
from gongzhi.mandates.table import Limit
from gongzhi.matters import actions
from gongzhi.matters.models import Matter
from gongzhi.matters.reports import Opened, Performed, Report
from gongzhi.parties.models import Account, Organisation, Person
from gongzhi.places.models import Area
from gongzhi.timetable.models import HolidayYear

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in China
D, EAST, WEST = "510000/", "510000/510000001/", "510000/510000002/"
GRID = f"{EAST}510000001001/51000000100101/"
CAST = {
    "dispatcher": Held("dispatcher", D),
    "east_dispatcher": Held("dispatcher", EAST),
    "west_dispatcher": Held("dispatcher", WEST),
    "quality": Held("quality", D),
    "window": Held("window", EAST),
    "grid_worker": Held("grid_worker", GRID),
    "community_worker": Held("community_worker", EAST),
    "street_leader": Held("street_leader", EAST),
    "supervisor": Held("supervisor", D),
    "auditor": Held("auditor", D),
    "integrator": Held("integrator"),
}
MEMBERS = {
    "handler": ("handler", "bureau"),
    "colleague": ("handler", "bureau"),
    "head": ("unit_head", "bureau"),
    "stranger": ("handler", "other"),
    "helper": ("handler", "third"),
    "fireman": ("handler", "fire"),
}


@dataclass(slots=True)
class Town:
    procedure: Procedure
    organisations: dict[str, Organisation]
    categories: dict[str, Category]
    actors: dict[str, Actor]
    grid: Area
    clock: datetime = AT
    taken: list[Performed] = field(default_factory=list)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    def later(self, **delta: float) -> datetime:
        self.clock += timedelta(**delta)
        return self.clock

    def report(self, **given: Any) -> Report:
        category = self.categories[given.pop("category", "lamp")]
        values: dict[str, Any] = {
            "category_id": category.id,
            "category": category.code,
            "title": "路灯不亮",
            "text": "麓谷小区门口的路灯坏了三天，晚上看不见路。",
            "address": "麓谷大道 12 号",
            "channel": "web",
            "procedure": self.procedure,
            "route": self.route(),
            "area_id": self.grid.id,
            "area_path": GRID,
            "place_state": "located",
            "lon": 112.9,
            "lat": 28.2,
            "reporter": self["reporter"].party_id,
        }
        return Report(**{**values, **given})

    def route(self, organisation: str = "bureau") -> Route:
        return Route(
            state="led",
            organisation_id=self.organisations[organisation].id,
            mandate_id=None,
            reason=Reason(
                "led",
                {
                    "item": "路灯",
                    "area": "",
                    "zh": "路灯",
                    "en": "Lamps",
                    "organisation": organisation,
                    "basis": "条例第三条",
                },
            ),
            response=Limit(24, "hour"),
            handling=Limit(5, "work_day"),
        )

    def open(self, **given: Any) -> Opened:
        [opened] = actions.open_many([self.report(**given)], by=self["reporter"], at=self.clock)
        return opened

    def open_several(self, count: int, **given: Any) -> list[Opened]:
        reports = [self.report(**given) for _ in range(count)]
        return actions.open_many(reports, by=self["reporter"], at=self.clock)

    def do(self, number: str, verb: str, who: str, **form: Any) -> Performed:
        done = actions.perform(number=number, verb=verb, form=form, by=self[who], at=self.later(minutes=1))
        self.taken.append(done)
        return done

    def road(self, number: str, *, until: str) -> None:
        """Take a reported matter along the main road until it is in a state."""
        bureau = str(self.organisations["bureau"].id)
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("accept", "dispatcher", {}),
            ("dispatch", "dispatcher", {"organisation": bureau, "reason": "属地管理"}),
            ("sign", "handler", {}),
            ("contact", "handler", {"outcome": "reached"}),
            ("answer", "handler", {"result": "solved", "reply": "已更换灯具。"}),
            ("call_back", "quality", {"outcome": "reached", "solved": True, "contacted": True, "level": "5"}),
            ("close", "quality", {}),
        ]
        for verb, who, form in steps:
            if Matter.objects.get(number=number).state == until:
                return
            self.do(number, verb, who, **form)
        assert Matter.objects.get(number=number).state == until

    def matter(self, number: str) -> Matter:
        return Matter.objects.get(number=number)


def build() -> Town:
    for procedure in shipped.read_procedures():
        catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=AT)
    organisations = {code: _organisation(code) for code in ("bureau", "other", "street", "third", "fire")}
    categories = {
        "lamp": _category("lamp", "路灯"),
        "rubbish": _category("rubbish", "暴露垃圾", evidence_required=True, verification_required=True),
    }
    actors = {name: _actor(name, held) for name, held in CAST.items()}
    for name, (role, code) in MEMBERS.items():
        actors[name] = _actor(name, Held(role, organisation_id=organisations[code].id))
    for name in ("reporter", "neighbour"):
        actors[name] = _actor(name, Held("resident"))
    actors["system"] = SYSTEM
    _holidays()
    return Town(procedures.procedure("case"), organisations, categories, actors, _areas())


def _organisation(code: str) -> Organisation:
    return Organisation.objects.create(
        id=ids.uuid7(AT),
        code=code,
        name=f"{code}局",
        kind="street" if code == "street" else "bureau",
        path=f"{code}/",
        area_path=EAST if code == "street" else "",
        registered_at=AT,
    )


def _category(code: str, name: str, **flags: bool) -> Category:
    return Category.objects.create(
        id=ids.uuid7(AT), code=code, level=1, titles={"zh-hans": name, "en": code}, **flags
    )


def _actor(name: str, held: Held) -> Actor:
    person = Person.objects.create(id=ids.uuid7(AT), registered_at=AT)
    account = Account.objects.create(
        id=ids.uuid7(AT), username=name.replace("_", "."), person=person, created_at=AT, password="!"
    )
    return Actor(kind="account", id=account.id, party_id=person.id, held=(held,))


def _areas() -> Area:
    parent, path, code = None, "", ""
    for level, digits in (("district", "510000"), ("street", "001"), ("community", "001"), ("grid", "01")):
        code += digits
        path += f"{code}/"
        parent = Area.objects.create(
            id=ids.uuid7(AT),
            code=code,
            name=f"{level}{digits}",
            level=level,
            parent=parent,
            path=path,
            registered_at=AT,
        )
    return parent


def _holidays() -> None:
    for year in (2025, 2026):
        table = YearTable(year, frozenset(), frozenset(), "test")
        HolidayYear.objects.create(
            id=ids.uuid7(AT),
            year=year,
            edition=1,
            days_off=[],
            make_up_days=[],
            source=table.source,
            loaded_at=AT,
        )


def organisation_id(town: Town, code: str) -> UUID:
    return town.organisations[code].id
