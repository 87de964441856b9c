"""The town the security tests live in: everybody who can sign in, and random matters in every state."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from PIL import Image

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor
from gongzhi.catalogue.procedure import Field
from gongzhi.files import actions as files
from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters import actions, queries
from gongzhi.matters.models import Matter
from gongzhi.matters.queries import Filters
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.portals.centre.tests.world import START, World
from gongzhi.web.tests.people import account, staff

STREET = "990101001"
GRID_ONE, GRID_TWO = f"{STREET}00101", "99010100200101"
ANYBODY = "anonymous"


@dataclass
class House:
    world: World
    accounts: dict[str, Account]
    at: datetime
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def personas(self) -> list[str]:
        return [*self.accounts, ANYBODY]

    @property
    def roles(self) -> list[str]:
        """One persona of each role, and nobody."""
        twins = ("neighbour", "other_handler", "far_grid_worker", "street_clerk", "other_resident")
        return [name for name in self.personas if name not in twins]

    def actor(self, name: str) -> Actor:
        """As the middleware makes it."""
        if name == ANYBODY:
            return ANONYMOUS
        if name not in self.actors:
            self.actors[name] = self.world.actor(name, self.at)
        return self.actors[name]

    def client(self, name: str, **headers: str) -> Client:
        made = Client(headers={"accept": "text/html", **headers})
        if name != ANYBODY:
            made.force_login(self.accounts[name])
        return made

    def report(
        self, text: str = "路灯不亮三天了", *, column: float = 0.5, row: float = 0.5, **more: Any
    ) -> Matter:
        """column 0 to 2 lies in the first street, 2 to 4 in the second; below 0 outside of everything."""
        given = {
            "text": text,
            "lon": worlds.WEST + column * worlds.STEP,
            "lat": worlds.SOUTH + row * worlds.STEP,
            "address": "桃源路 18 号",
            **more,
        }
        opened = intake.take_in(raw=RawReport(**given), by=SYSTEM, at=self.at)
        return Matter.objects.get(id=opened.id)

    def offered(self, name: str, matter: Matter) -> list[queries.VerbOffer]:
        view = queries.case(visible_to=self.actor(name), number=matter.number, at=self.at, timeline_limit=1)
        return list(view.offers)

    def form(
        self, fields: tuple[Field, ...], by: Actor, *, chance: random.Random | None = None
    ) -> dict[str, Any]:
        return {one.code: self._filled(one, by, chance) for one in fields}

    def _filled(self, one: Field, by: Actor, chance: random.Random | None) -> Any:
        if one.kind == "choice":
            return (chance.choice(one.choices) if chance else one.choices[0]).code
        if one.kind == "integer":
            return one.value_min or 1
        if one.kind == "boolean":
            return chance.random() < 0.8 if chance else one.code != "designated"
        if one.kind == "files":
            return [self.picture(by)]
        if one.kind == "organisation":
            return str(self.world.organisations["lighting"].id)
        if one.kind == "organisations":
            return [str(self.world.organisations["street1"].id)]
        if one.kind == "matter":
            return self.target
        if one.kind == "category":
            return "0201"
        if one.kind in ("account", "fact") and not one.required:
            return ""  # another field of the form says it
        if one.kind == "area":
            return self.world.areas["990101001"].code
        if one.kind == "position":
            return "112.9,28.2"
        if one.kind == "date":
            return (self.at + timedelta(days=30)).date().isoformat()
        return "路灯已经看过，正在办理。"

    target: str = ""  # an open matter others may be merged into

    def picture(self, by: Actor) -> str:
        content = BytesIO()
        Image.new("RGB", (8, 8), "navy").save(content, "PNG")
        content.seek(0)
        kept = files.keep(stream=content, name="现场.png", purpose="evidence", by=by, at=self.at)
        return str(kept.id)

    def step(self, name: str, matter: Matter, verb: str, **form: Any) -> Any:
        return actions.perform(number=matter.number, verb=verb, form=form, by=self.actor(name), at=self.at)

    def walk(self, matter: Matter, steps: int, chance: random.Random) -> None:
        """Do what is offered to anybody, at random, every other time what leads on; what guards refuse is passed over."""
        for _ in range(steps):
            name = chance.choice(_BUSY)
            try:
                offers = [one for one in self.offered(name, matter) if one.code not in _IDLE]
                if not offers:
                    continue
                onward = [one for one in offers if one.primary] if chance.random() < 0.5 else []
                offer = chance.choice(onward or offers)
                self.step(name, matter, offer.code, **self.form(offer.form, self.actor(name), chance=chance))
            except Refusal:
                continue

    def numbers(
        self, name: str, *, order: queries.Order = "newest", limit: int = 7, **given: Any
    ) -> list[str]:
        """Every page of a list."""
        found: list[str] = []
        after = ""
        while True:
            page = queries.page(
                visible_to=self.actor(name),
                filters=Filters(**given),
                at=self.at,
                order=order,
                after=after,
                limit=limit,
            )
            found += [row.number for row in page.rows]
            if not (after := page.next):
                return found


_IDLE = ("note", "message", "link", "unlink")  # they leave a matter where it is
_BUSY = (
    "dispatcher",
    "handler",
    "handler",
    "other_handler",
    "quality",
    "grid_worker",
    "supervisor",
    "resident",
)


def build() -> House:
    world = worlds.build()
    organisations = {name: row.id for name, row in world.organisations.items()}
    paths = {code: area.path for code, area in world.areas.items()}
    given: dict[str, dict[str, Any]] = {
        "window": {"area_path": paths[STREET]},
        "grid_worker": {"area_path": paths[GRID_ONE]},
        "community_worker": {"area_path": paths[f"{STREET}001"]},
        "unit_head": {"organisation_id": organisations["lighting"]},
        "supervisor": {"area_path": paths["990101"]},
        "auditor": {"area_path": paths["990101"]},
        "evaluator": {"area_path": paths["990101"]},
        **{role: {} for role in ("integrator", "system_admin", "security_admin", "audit_admin")},
    }
    accounts = dict(world.accounts)
    for role, scope in given.items():
        accounts[role] = staff(f"{role.replace('_', '.')}.one", role=role, **scope)
    accounts["far_grid_worker"] = staff("far.grid", role="grid_worker", area_path=paths[GRID_TWO])
    accounts["street_clerk"] = staff(
        "street.clerk", role="community_worker", organisation_id=organisations["street1"]
    )
    for name, phone in (("resident", "13811110001"), ("other_resident", "13811110002")):
        accounts[name] = resident(name, phone)
    accounts["nobody"] = account("nobody.special")
    world.accounts.update(accounts)
    return House(world, accounts, clock.now())


def resident(name: str, phone: str, *, called: str = "居民甲") -> Account:
    person = parties.register_person(name=called, contacts=[("phone", phone)], by=SYSTEM, at=START)
    return parties.create_account(
        username=name.replace("_", "."), password=None, person_id=person.id, by=SYSTEM, at=START
    )


def people(house: House, count: int, seed: int) -> list[Matter]:
    """A random world: places inside and outside, confidential ones, every state the walk reaches."""
    chance = random.Random(seed)
    house.target = house.report("垃圾成堆，路灯也坏了").number
    made = []
    now = house.at
    for n in range(count):
        house.at = now - timedelta(hours=chance.randint(1, 200))
        reporter = chance.choice(["resident", "other_resident", "", "handler"])
        party = house.actor(reporter).party_id if reporter else None
        matter = house.report(
            chance.choice(["路灯不亮", "路灯下垃圾成堆", "路灯杆歪了，楼道也堵"]) + f"，第{n}件",
            column=chance.choice([0.3, 0.7, 1.4, 2.5, 3.5, -50]),
            row=chance.choice([0.4, 1.5]),
            reporter_id=party,
            phone="" if party or chance.random() < 0.3 else f"1390000{n:04}",
            confidential=chance.random() < 0.25,
            anonymous=chance.random() < 0.2,
        )
        house.at += timedelta(minutes=5)
        house.walk(matter, chance.choice([0, 4, 14, 30]), chance)
        made.append(Matter.objects.get(id=matter.id))
    house.at = now
    return made


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def contents(without: tuple[str, ...] = ()) -> Mapping[str, tuple[int, str]]:
    """Every table: how many rows, and a digest of all they hold."""
    found = {}
    with connection.cursor() as cursor:
        for name in tables():
            if name not in without:
                cursor.execute(
                    f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {name} t"
                )
                found[name] = cursor.fetchone()
    return found


def clear_text() -> Iterator[tuple[str, str]]:
    """(table, row as text) of the whole database; bytes also as the letters they may hold."""
    with connection.cursor() as cursor:
        for name in tables():
            cursor.execute(f"SELECT t::text FROM {name} t")
            yield from ((name, row) for (row,) in cursor.fetchall())


NEVER = UUID(int=7)
