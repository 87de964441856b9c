"""`prepare`: from a raw report to one that `matters` only has to insert. Pure: no database, no clock of its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from gongzhi.intake import judging
from gongzhi.intake.categorising import category
from gongzhi.intake.placing import Place, kept, place, point
from gongzhi.intake.raw import RawReport
from gongzhi.intake.snapshots import KINDS, Snapshots
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.mandates.rules import Route, route
from gongzhi.matters.accused import past
from gongzhi.matters.reports import (
    ADDRESS_LETTERS_MAX,
    CHANNELS,
    TEXT_LETTERS_MAX,
    TITLE_LETTERS_MAX,
    URGENCIES,
    Accused,
    NewReporter,
    Report,
)

LANGUAGES = ("zh-hans", "en")
_TITLE_FROM_TEXT = 40
T = TypeVar("T")


class Judged:
    """Collects what is wrong, field by field, and goes on with the next one."""

    def __init__(self) -> None:
        self.errors: dict[str, Refusal] = {}

    def __call__(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            return call()
        except Invalid as refusal:
            self.errors.setdefault(refusal.field or "form", refusal)
            return otherwise


def prepare(
    raw: RawReport,
    snapshots: Snapshots,
    at: datetime,
    *,
    lead: Route | None = None,
    accused: Accused | None = None,
) -> Report:
    """Judge every field, then categorise, place and route. lead: the route is decided elsewhere (imports).
    accused: whom it complains of; the route goes past them, and while nobody knows who they are only the desk reads it.

    at: now. Raises InvalidForm with every wrong field at once.
    """
    judged = Judged()
    text = judged(lambda: judging.words(raw.text, field="text", longest=TEXT_LETTERS_MAX, lines=True), "?")
    title = judged(lambda: judging.words(raw.title, field="title", longest=TITLE_LETTERS_MAX), "?")
    if not text and not title:
        judged.errors["text"] = Invalid("intake.empty", "请写明要反映的问题。", field="text")
    address = judged(lambda: judging.words(raw.address, field="address", longest=ADDRESS_LETTERS_MAX), "")
    where = judged(lambda: _placed(raw, address, f"{title}\n{text}", snapshots), Place())
    code = judged(lambda: judging.code(raw.category, field="category"), "")
    about = f"{title}\n{text}"
    node = judged(lambda: category(code, text=about, snapshots=snapshots), None)
    opened_at = judged(lambda: judging.instant(raw.opened_at, field="opened_at", now=at), None)
    report: dict[str, Any] = {
        "channel": judged(lambda: judging.listed(raw.channel, CHANNELS, field="channel"), ""),
        "kind": judged(lambda: judging.listed(raw.kind, KINDS, field="kind"), "case"),
        "urgency": judged(lambda: judging.listed(raw.urgency, URGENCIES, field="urgency"), ""),
        "language": judged(lambda: judging.listed(raw.language, LANGUAGES, field="language"), ""),
        "origin": judged(lambda: judging.code(raw.origin, field="origin"), ""),
        "external_id": judged(lambda: judging.code(raw.external_id, field="external_id"), ""),
        "source": judged(lambda: judging.words(raw.source, field="source", longest=200), ""),
        "reporter": judged(lambda: _reporter(raw), None),
    }
    if judged.errors or node is None:
        raise InvalidForm(judged.errors)
    found = lead or route(snapshots.mandates, node.code, where.area_path, opened_at or at)
    return Report(
        **report,
        category_id=node.id,
        category=node.code,
        title=title or _first_words(text),
        text=text or title,
        procedure=snapshots.procedures[raw.kind],
        route=past(found, accused) if accused else found,
        address=address,
        lon=where.lon,
        lat=where.lat,
        area_id=where.area_id,
        area_path=where.area_path,
        place_state=where.state,
        confidential=bool(raw.confidential) or (accused is not None and not accused.named),
        accused=accused,
        anonymous=bool(raw.anonymous),
        opened_at=opened_at,
        file_ids=raw.file_ids,
    )


def _placed(raw: RawReport, address: str, text: str, snapshots: Snapshots) -> Place:
    area = judging.code(raw.area, field="area")
    where = place(at=point(raw, snapshots), area=area, address=address, text=text, snapshots=snapshots)
    return kept(where, taken_in=raw.taken_in, snapshots=snapshots)


def _reporter(raw: RawReport) -> NewReporter | UUID | None:
    if raw.reporter_id is not None:
        return raw.reporter_id
    phone = judging.words(raw.phone, field="phone", longest=40)
    name = judging.words(raw.name, field="name", longest=100)
    return NewReporter.of(phone=phone, name=name) if phone or name else None


def _first_words(text: str) -> str:
    """A title from the first sentence: people who report do not write headlines."""
    line = text.split("\n", 1)[0]
    for mark in "。！？!?；;":
        line = line.split(mark, 1)[0]
    line = line.strip() or text[:_TITLE_FROM_TEXT].strip()
    return line if len(line) <= _TITLE_FROM_TEXT else line[: _TITLE_FROM_TEXT - 1] + "…"
