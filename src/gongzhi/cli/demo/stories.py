"""What was reported in the demo district and what became of it, in the order of time, through the ordinary actions."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.cli.demo import pictures
from gongzhi.cli.demo.folder import read
from gongzhi.files import actions as files
from gongzhi.grants import queries as grants
from gongzhi.intake import snapshots
from gongzhi.intake.preparing import prepare
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters import actions as matters
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Account, Organisation

ORIGIN = "demo"
_COMMUNITY = 2  # place of the community in an area path


@dataclass(slots=True)
class Told:
    """One story while it is told."""

    story: Mapping[str, Any]
    steps: list[Mapping[str, Any]]
    lead: str
    number: str = ""
    state: str = ""
    verifier: str = ""


class Teller:
    """Tells stories as of `now`. A queue by time, because one matter is merged into another that is still open."""

    def __init__(self, now: datetime) -> None:
        self.now, self.book, self.held = now, read("matters.yaml"), snapshots.current()
        rows = Account.objects.filter(person__isnull=False).values_list("username", "id", "person_id")
        self.accounts: dict[str, tuple[UUID, UUID]] = {name: (id_, person) for name, id_, person in rows}
        self.units = dict(Organisation.objects.values_list("code", "id"))
        self.numbers: dict[str, str] = {}
        self.actors: dict[str, Actor] = {}
        self.queue: list[tuple[datetime, int, Told]] = []
        self.turn = count()

    def tell(self) -> int:
        known = dict(Matter.objects.filter(origin=ORIGIN).values_list("external_id", "number"))
        self.numbers |= known
        for story in self.book["matters"]:
            if story["id"] not in known:
                steps = [*self.book["roads"][story["road"]], *story.get("then", ())]
                self._later(self._opening(story["at"]), Told(story, steps, story.get("lead", "")))
        told = 0
        while self.queue:
            at, _, one = heapq.heappop(self.queue)
            if one.number:
                self._step(one, at)
            else:
                self._open(one, at)
                told += 1
            if one.steps:
                self._later(at + timedelta(hours=float(one.steps[0]["after"])), one)
        return told

    def _later(self, at: datetime, one: Told) -> None:
        if at < self.now:
            heapq.heappush(self.queue, (at, next(self.turn), one))

    def _opening(self, text: str) -> datetime:
        days, clock = text.split()
        hour, minute = map(int, clock.split(":"))
        at = in_china(self.now).replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(
            days=int(days)
        )
        return at if at < self.now - timedelta(minutes=5) else at - timedelta(days=1)

    def _open(self, one: Told, at: datetime) -> None:
        story, by = one.story, ANONYMOUS
        fields = (
            "text",
            "category",
            "address",
            "channel",
            "phone",
            "name",
            "urgency",
            "anonymous",
            "lon",
            "lat",
        )
        given = {name: story[name] for name in fields if name in story}
        if "reporter" in story:
            given["reporter_id"] = self.accounts[story["reporter"]][1]
            by = self._actor(story["reporter"], at)
        if "taken_by" in story:
            by = self._actor(story["taken_by"], at)
        raw = RawReport(**given, opened_at=at, origin=ORIGIN, external_id=story["id"])
        report = prepare(raw, self.held, self.now)
        [opened] = matters.open_many([report], by=by, at=at)
        one.number = self.numbers[story["id"]] = opened.number
        parts = report.area_path.split("/")
        one.verifier = self.book["verifiers"].get(parts[_COMMUNITY], "") if len(parts) > _COMMUNITY else ""

    def _step(self, one: Told, at: datetime) -> None:
        if one.state == "verifying" and one.steps[0]["do"] != "verify":
            one.steps.insert(0, self.book["steps"]["verify"])
        step = one.steps.pop(0)
        verb = step["do"]
        if verb == "verify" and one.state != "verifying":  # the category does not demand it
            return
        one.lead = step.get("lead", one.lead)
        form = {**step.get("form", {}), **one.story.get("words", {}).get(verb, {})}
        by = self._actor(self._who(step["by"], one), at)
        self._name_units(form)
        if "review_in" in form:
            form["review_on"] = (in_china(at) + timedelta(days=form.pop("review_in"))).date().isoformat()
        if verb == "merge":
            form["into"] = self.numbers[form["into"]]
        elif verb == "dispatch":
            form["organisation"] = str(self.units[one.lead])
        elif verb in ("answer", "submit", "verify"):
            picture = pictures.after(one.story["id"])
            kept = files.keep(stream=picture, name="现场照片.jpg", purpose="evidence", by=by, at=at)
            form["evidence"] = [str(kept.id)]
        try:
            one.state = matters.perform(number=one.number, verb=verb, form=form, by=by, at=at).state
        except Refusal as refusal:
            refusal.add_note(f"demo/matters.yaml: {one.story['id']}, {verb}")
            raise

    def _name_units(self, form: dict[str, Any]) -> None:
        """Codes of units become what the forms take."""
        if "unit" in form:
            form["unit"] = str(self.units[form["unit"]])
        if "organisations" in form:
            form["organisations"] = [str(self.units[code]) for code in form["organisations"]]

    def _who(self, name: str, one: Told) -> str:
        cast = {
            "desk": "desk.he",
            "quality": "quality.tang",
            "lead": self.book["leads"].get(one.lead, ""),
            "head": self.book["heads"].get(one.lead, ""),
            "verifier": one.verifier,
            "reporter": one.story.get("reporter", ""),
        }
        return str(cast.get(name, name))

    def _actor(self, username: str, at: datetime) -> Actor:
        """Rights do not change while the stories are told: asked once each."""
        if username not in self.actors:
            self.actors[username] = grants.actor_of(self.accounts[username][0], at)
        return self.actors[username]


def tell(*, now: datetime) -> int:
    """Open the matters that are not there yet and let their steps happen; returns how many were new."""
    return Teller(now).tell()
