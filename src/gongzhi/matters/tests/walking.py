"""A walker over the written table: random people do random things to a few matters while time passes.

Everything it does goes through the doors everybody uses: the case page says what is offered, `perform` does it. After
every step the matter must be whole (`wholeness`), and the reporter told whatever changed before their eyes.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from gongzhi.access.actor import SYSTEM
from gongzhi.access.decisions import may
from gongzhi.calendar.holidays import YearTable
from gongzhi.catalogue.procedure import Field
from gongzhi.files import actions as files
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal
from gongzhi.matters import actions, loading, queries, rules
from gongzhi.matters.tests import wholeness
from gongzhi.matters.tests.town import Town
from gongzhi.timetable import actions as timetable
from gongzhi.timetable import queries as timetables

MATTERS_MAX = 3
# Whoever does nothing but talk, or leaves at the first corner, gets nowhere: such verbs come up less often.
TALK, ASIDE, LEADS_ON = 1, 3, 12
TALKING = {"message", "note", "link", "unlink", "urge", "order_urged", "amend_order"}
LEAVING = {
    "answer_now", "divert", "gather", "merge", "order_cancelled", "order_closed", "recall_dispatch", "transfer", "withdraw",
}  # fmt: skip
SPECIAL = {"title_zh": "市 12345", "title_en": "City 12345", "superior": "city_12345"}
# What the case page offered can still be refused, but only for what the form says.
FOR_THE_FORM = (Invalid, Conflict)
NOT_FOR_THE_FORM = {
    "matters.wrong_state",
    "matters.not_yours",
    "matters.same_person",
    "matters.same_organisation",
}


@dataclass
class Walk:
    """seed decides everything. done: verb → times; refused: code of the refusal → times."""

    town: Town
    seed: int
    numbers: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    last: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        day = self.chance.choice((2, 40, 120, 200, 285, 292))  # the last two walk over the year's end
        self.town.clock = datetime(2026, 3, 2, 1, 0, tzinfo=UTC) + timedelta(days=day)
        self._photos: dict[str, str] = {}
        self._pages: dict[str, wholeness.Page] = {}  # as each reporter saw it last
        self._open()

    def go(self, steps: int) -> None:
        """Exactly so many steps, refused ones included."""
        for _ in range(steps):
            try:
                self._step()
            except Exception as error:
                error.add_note(self.last)
                raise

    def _step(self) -> None:
        self._time_passes()
        if len(self.numbers) < MATTERS_MAX and self.chance.random() < 0.05:
            self._open()
        number = self.chance.choice(self.numbers)
        if self.chance.random() < 0.12:
            self._not_offered(number)
        else:
            self._offered(number)
        self.steps += 1

    def _come_and_go(self) -> None:
        """New matters come; one that is over is left alone after a while."""
        chance = self.chance
        if len(self.numbers) < MATTERS_MAX and chance.random() < 0.05:
            self._open()
        oldest = self.numbers[0]
        if self.town.matter(oldest).closed_at and chance.random() < 0.08:
            self.numbers.remove(oldest)
            self._open()

    def _open(self) -> None:
        chance = self.chance
        reporter = chance.choice(["reporter", "neighbour", None])
        opened = self.town.open(
            category=chance.choice(["lamp", "lamp", "rubbish"]),
            reporter=self.town[reporter].party_id if reporter else None,
            confidential=chance.random() < 0.15,
            anonymous=chance.random() < 0.15,
            urgency=chance.choice(["normal", "normal", "emergency"]),
        )
        self.numbers.append(opened.number)

    def _time_passes(self) -> None:
        chance = self.chance
        kind = chance.random()
        hours = (
            chance.uniform(0, 1.5)
            if kind < 0.7
            else chance.uniform(1, 30)
            if kind < 0.97
            else chance.uniform(30, 200)
        )
        before = self.town.clock
        now = self.town.later(hours=hours)
        if chance.random() < 0.2:
            actions.due_escalations(at=now)
        if in_china(before).year < in_china(now).year == 2027:
            self._year_published(now)

    def _year_published(self, now: datetime) -> None:
        before = {number: (wholeness.read(number), self._page(number)) for number in self.numbers}
        table = YearTable(
            2027, frozenset({now.date() + timedelta(days=1)}), frozenset(), "国办发明电〔2026〕9号"
        )
        timetable.load_year(table=table, by=SYSTEM, at=now)
        actions.recompute(year=2027, by=SYSTEM, at=now)
        for number in self.numbers:
            self.last = f"walk {self.seed}, step {self.steps}: 2027 published, {number}"
            rows, (old, seen) = wholeness.read(number), before[number]
            wholeness.assert_whole(self.town, rows, now)
            wholeness.assert_told(seen, self._fresh_page(number, rows), rows, since=old, at=now)

    def _page(self, number: str) -> wholeness.Page:
        return self._pages.get(number) or self._fresh_page(number, wholeness.read(number))

    def _fresh_page(self, number: str, rows: wholeness.Rows) -> wholeness.Page:
        self._pages[number] = wholeness.seen_by_reporter(rows, self.town.clock)
        return self._pages[number]

    def _offered(self, number: str) -> None:
        """Somebody does one of the things that their page of the case offers."""
        rows = wholeness.read(number)
        people = self.chance.sample(sorted(self.town.actors), len(self.town.actors))
        who = next((name for name in people if self._may_act(name, rows)), None)
        if who is None:
            return
        offers = self._offers(who, number)
        [offer] = self.chance.choices(offers, [self._weight(offer) for offer in offers])
        refusal = self._try(who, number, offer.code, offer.form)
        if refusal is not None:
            assert isinstance(refusal, FOR_THE_FORM), refusal
            assert refusal.code not in NOT_FOR_THE_FORM, refusal

    def _not_offered(self, number: str) -> None:
        who = self.chance.choice(sorted(self.town.actors))
        offered = {offer.code for offer in self._offers(who, number)}
        others = [verb for verb in self.town.procedure.verbs if verb.from_states and verb.code not in offered]
        verb = self.chance.choice(others)
        refusal = self._try(who, number, verb.code, verb.form)
        assert isinstance(refusal, NotFound | NotAllowed | Conflict | Invalid), refusal

    def _may_act(self, who: str, rows: wholeness.Rows) -> bool:
        """What the judge alone says, cheaper than a page. The page must then agree."""
        actor, at = self.town[who], self.town.clock
        doer = loading.doer_of(actor, rows.matter, rows.facts, by_post=False)
        if not any(rules.may_ever(doer, verb) for verb in self.town.procedure.verbs_from(rows.matter.state)):
            return False
        if not may(actor, "view", rows.matter):
            return False
        situation = loading.situation_of(
            rows.matter, rows.facts, at=at, timetable=timetables.current(), reader=actor
        )
        return bool(rules.offers(situation, doer))

    def _offers(self, who: str, number: str) -> list[queries.VerbOffer]:
        try:
            view = queries.case(
                visible_to=self.town[who], number=number, at=self.town.clock, timeline_limit=1
            )
        except NotFound:
            return []
        return list(view.offers)

    def _weight(self, offer: queries.VerbOffer) -> int:
        if offer.code in TALKING or offer.code in LEAVING:
            return TALK
        return LEADS_ON if offer.primary else ASIDE

    def _try(self, who: str, number: str, verb: str, form: tuple[Field, ...]) -> Refusal | None:
        filled = {
            one.code: self._filled(one, who) for one in form if one.required or self.chance.random() < 0.6
        }
        self.last = (
            f"walk {self.seed}, step {self.steps}: {who} {verb} {filled} on {number} at {self.town.clock}"
        )
        before, seen = wholeness.read(number), self._page(number)
        try:
            actions.perform(number=number, verb=verb, form=filled, by=self.town[who], at=self.town.clock)
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            assert wholeness.read(number).same(before)
            return refusal
        self.done[verb] += 1
        after = wholeness.read(number)
        wholeness.assert_whole(self.town, after, self.town.clock)
        wholeness.assert_explained(self.town, after, self.town.clock)
        wholeness.assert_stepped(before, after, verb)
        wholeness.assert_told(seen, self._fresh_page(number, after), after, since=before, at=self.town.clock)
        return None

    def _filled(self, one: Field, who: str) -> Any:
        chance, town = self.chance, self.town
        if one.code == "due_at":
            return (town.clock + timedelta(hours=chance.randint(1, 240))).isoformat()
        if one.code in SPECIAL:
            return SPECIAL[one.code]
        if one.kind in ("choice", "fact"):
            return chance.choice([choice.code for choice in one.choices] or [str(town.grid.id)])
        if one.kind == "integer":
            return chance.randint(one.value_min or 1, min(one.value_max or 9, 9))
        if one.kind == "boolean":
            return chance.random() < 0.5
        if one.kind == "organisation":
            return str(chance.choice(list(town.organisations.values())).id)
        if one.kind == "organisations":
            some = chance.sample(sorted(town.organisations), chance.choice([1, 1, 2]))
            return [str(town.organisations[name].id) for name in some]
        if one.kind == "account":
            return str(town[chance.choice(["handler", "colleague", "helper", "street_leader"])].id)
        if one.kind == "matter":
            return chance.choice(self.numbers)
        if one.kind == "category":
            return chance.choice(sorted(town.categories))
        if one.kind == "area":
            return chance.choice(town.grid.path.strip("/").split("/"))
        if one.kind == "date":
            return (in_china(town.clock).date() + timedelta(days=chance.randint(1, 60))).isoformat()
        if one.kind == "position":
            return chance.choice(["112.9001,28.2001", "113.5,28.9"])
        if one.kind == "files":
            return [self._photo(who)]
        return chance.choice(["现场看过，正在办理。", "已更换灯具。", "请尽快处理"])

    def _photo(self, who: str) -> str:
        if who not in self._photos:
            content = BytesIO()
            Image.new("RGB", (8, 8), "navy").save(content, "PNG")
            content.seek(0)
            kept = files.keep(
                stream=content, name="现场.png", purpose="evidence", by=self.town[who], at=self.town.clock
            )
            self._photos[who] = str(kept.id)
        return self._photos[who]
