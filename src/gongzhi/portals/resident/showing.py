"""Matters in the words residents read."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.catalogue import snapshot as catalogue
from gongzhi.matters.queries import CaseView, MatterRow, TimelineView
from gongzhi.matters.queries.public import PublicRow
from gongzhi.parties import queries as parties
from gongzhi.places import snapshot as places
from gongzhi.web import forms
from gongzhi.web.chips import Chip, chip
from gongzhi.web.words import when

_UNITS_MAX = 1_000


def language() -> str:
    return translation.get_language() or "zh-hans"


def area_name(path: str) -> str:
    return " ".join(area.name for area in places.at_hand().line(path)[-2:])


def units(actor: Actor) -> list[forms.Option]:
    """Public bodies at work, in tree order: who may be complained of."""
    rows = parties.organisations(visible_to=actor)[:_UNITS_MAX]
    return [forms.Option(row.code, "\u3000" * (row.path.count("/") - 1) + row.name) for row in rows]


def categories() -> list[forms.Option]:
    """Level two is fine enough to choose from on a phone; leaving it out is normal."""
    tree = catalogue.current()
    return [
        forms.Option(node.code, f"{top.title(language())} · {node.title(language())}")
        for top in tree.below()
        for node in tree.below(top.code)
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One matter in a list."""

    number: str
    title: str
    state: str
    url: str
    chip: Chip
    place: str = ""


def line(row: MatterRow, *, at: datetime) -> Line:
    return Line(
        number=row.number,
        title=row.title,
        state=row.state.public.in_language(language()),
        url=reverse("resident:matter", args=[row.number]),
        chip=_chip(row.due_at, row.opened_at, row.closed_at, row.state.public.in_language(language()), at),
        place=row.address or row.area,
    )


def public_line(row: PublicRow, *, at: datetime) -> Line:
    """Nobody else's words: only the category, the area and how far it is."""
    state = row.state.in_language(language())
    return Line(
        number=row.number,
        title=row.category_titles.in_language(language()),
        state=state,
        url="",
        chip=_chip(row.due_at, row.opened_at, row.closed_at, state, at),
        place=row.area,
    )


def _chip(
    due_at: datetime | None, opened_at: datetime, closed_at: datetime | None, state: str, at: datetime
) -> Chip:
    if closed_at is not None:
        return Chip("done", state, when(closed_at, now=at))
    return chip(due_at=due_at, started_at=opened_at, at=at)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the story: an official act as a plain line, people's words in a bubble."""

    id: str
    at: datetime
    recorded_at: datetime
    what: str
    who: str
    post: str
    unit: str
    tone: str
    words: str
    notes: list[str]
    erased: bool
    late_recorded: bool


def story(view: CaseView) -> list[Entry]:
    """Newest first. Steps the reporter was told nothing about and that carry no public words are left out."""
    return [entry for entry in map(_entry, view.timeline) if entry.what or entry.words]


def _entry(view: TimelineView) -> Entry:
    said = language()
    words = "\n".join(value for value in view.form.values() if isinstance(value, str) and len(value) > 1)
    own = view.act.verb in ("matters.open", "matters.message", "matters.appraise", "matters.reopen")
    return Entry(
        id=str(view.act.id),
        at=view.act.at,
        recorded_at=view.act.recorded_at,
        what=view.tells.in_language(said) or (view.titles.in_language(said) if own else ""),
        who="" if own else view.by_name,
        post="",
        unit="",
        tone="said" if own else "",
        words=words,
        notes=[],
        erased=view.act.erased,
        late_recorded=False,
    )


def offered(view: CaseView) -> list[forms.VerbForm]:
    """What the reporter may do now, the obvious thing first."""
    offers = sorted(view.offers, key=lambda offer: not offer.primary)
    return [
        forms.verb_form(
            code=offer.code,
            title=_title(offer.code) or offer.titles.in_language(language()),
            fields=offer.form,
            language=language(),
            options={},
            primary=number == 0,
            defaults=offer.defaults,
        )
        for number, offer in enumerate(offers)
    ]


def _title(code: str) -> str:
    return {"appraise": _("评价"), "reopen": _("还没解决"), "message": _("补充"), "withdraw": _("撤回")}.get(
        code, ""
    )
