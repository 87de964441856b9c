"""The life of a case as lines: one line for an act, with whom it was told to and which files came with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue.procedure import Field, Procedure
from gongzhi.grants.roles import ROLES
from gongzhi.matters.queries import CaseView, TimelineView
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.showing import ShownFile, shown_file
from gongzhi.web.words import exact

_SAID = frozenset(("message", "appraise", "reopen", "open"))
_LATE_RECORDED_SECONDS = 3_600
_TOLD = "notices.send"
_ATTACHED = "files.attach"
_TO_REPORTERS = ("matter.told", "matter.new_date")


@dataclass(frozen=True, slots=True)
class Entry:
    """A timeline entry as the component draws it. told: who was given notice of it, in words."""

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
    told: str
    files: list[ShownFile]
    erased: bool
    late_recorded: bool


def timeline(case: CaseView) -> list[Entry]:
    """Newest first. Notices and files stand with the act they belong to; those whose act is not here, by themselves."""
    procedure = catalogue.procedure(case.procedure_code, case.procedure_version)
    spine = [view for view in case.timeline if view.act.verb not in (_TOLD, _ATTACHED)]
    ids, moments = {str(view.act.id) for view in spine}, {_moment(view) for view in spine}
    told: defaultdict[str, list[str]] = defaultdict(list)
    came: defaultdict[_Moment, list[str]] = defaultdict(list)
    entries = []
    for (
        view
    ) in case.timeline:  # newest first: what belongs to an act was recorded after it, and is met before it
        act, own = view.act, str(view.act.id)
        if act.verb == _TOLD:
            about = str(act.payload.get("act_id", ""))
            told[about if about in ids else own] += _recipients(case, act.payload.get("told", ()))
            if about in ids:
                continue
        elif act.verb == _ATTACHED:
            came[_moment(view)].append(str(act.payload.get("file_id", "")))
            if _moment(view) in moments:
                continue
        entries.append((view, own))
    return [
        _entry(view, procedure, told[own], _files(case, came.pop(_moment(view), [])), moved)
        for (view, own), moved in zip(entries, _moves([view for view, _own in entries]), strict=True)
    ]


def _moves(views: list[TimelineView]) -> list[bool]:
    """Whether each led to another state than the one before it; the oldest shown always did."""
    states = [view.state.zh for view in views]
    older = [next((state for state in states[n + 1 :] if state), "") for n in range(len(states))]
    return [bool(state) and state != before for state, before in zip(states, older, strict=True)]


def mostly_later(entries: list[Entry]) -> bool:
    """A life that was imported or written up afterwards: said once, not at every step."""
    return sum(entry.late_recorded for entry in entries) * 2 > len(entries)


def quietened(entries: list[Entry]) -> list[Entry]:
    """Without the mark at every step where it is said once for all."""
    return [replace(entry, late_recorded=False) for entry in entries] if mostly_later(entries) else entries


_Moment = tuple[datetime, str]


def _moment(view: TimelineView) -> _Moment:
    """A file is attached in the transaction, and so at the instant, of the act it came with."""
    return view.act.at, view.act.by


def _recipients(case: CaseView, told: Iterable[Mapping[str, Any]]) -> list[str]:
    return [_recipient(case, str(one.get("recipient", "")), str(one.get("template", ""))) for one in told]


def _recipient(case: CaseView, reference: str, template: str) -> str:
    """By the template, for who reported is not everybody's to know."""
    kind, _colon, rest = reference.partition(":")
    if kind == "organisation":
        return choices.organisation_name(rest) if rest != str(case.header.lead_id) else case.header.lead
    if kind == "role":
        role = ROLES.get(rest.partition("@")[0])
        return "" if role is None else role.en if choices.language().startswith("en") else role.zh
    return _("诉求人") if template in _TO_REPORTERS else _("承办人")


def _files(case: CaseView, ids: list[str]) -> list[ShownFile]:
    return [shown_file(file) for file in case.files if str(file.id) in ids]


def _entry(
    view: TimelineView, procedure: Procedure, told: list[str], files: list[ShownFile], moved: bool
) -> Entry:
    said = choices.language()
    code = view.act.verb.rpartition(".")[2]
    verb = procedure.verb(code)
    words, notes = _spoken(view.form, verb.form if verb else ())
    state = view.state.in_language(said)
    title = view.titles.in_language(said) or view.act.verb
    delay = (view.act.recorded_at - view.act.at).total_seconds()
    return Entry(
        id=str(view.act.id),
        at=view.act.at,
        recorded_at=view.act.recorded_at,
        what=f"{title} → {state}" if moved else title,
        who=view.by_name,
        post="",
        unit="",
        tone=_tone(code, view.form),
        words=words,
        notes=notes,
        told=_("、").join(dict.fromkeys(name for name in told if name)),
        files=files,
        erased=view.act.erased,
        late_recorded=delay > _LATE_RECORDED_SECONDS,
    )


def _tone(code: str, form: Mapping[str, Any]) -> str:
    if code in _SAID:
        return "said"
    if form.get("decision") in ("refused", "failed") or code == "rework":
        return "refused"
    return "closing" if code in ("close", "answer_now") else ""


def _spoken(values: Mapping[str, Any], fields: tuple[Field, ...]) -> tuple[str, list[str]]:
    """Words meant for the reporter as a bubble; everything else as lines with their titles."""
    said = choices.language()
    bubble, notes = "", []
    for entry in fields:
        value = values.get(entry.code)
        if value in (None, "", []) or entry.kind == "files" or entry.code in _unsaid(said):
            continue
        text = _value(entry, value)
        if entry.public and entry.kind == "long_text":
            bubble = text
        else:
            notes.append(_("%(title)s：%(value)s") % {"title": entry.titles.in_language(said), "value": text})
    return bubble, notes


def _unsaid(language: str) -> tuple[str, str]:
    """What a superior's order says for programs, and its name in the other language."""
    return "superior", "title_zh" if language.startswith("en") else "title_en"


def _value(entry: Field, value: object) -> str:
    said = choices.language()
    if entry.kind == "choice" and (choice := entry.choice(str(value))):
        return choice.titles.in_language(said)
    if entry.kind == "category":
        return choices.category_title(str(value))
    if entry.kind == "organisation":
        return choices.organisation_name(str(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _instant(str(value)) if entry.code == "due_at" else str(value)


def _instant(text: str) -> str:
    try:
        return exact(datetime.fromisoformat(text))
    except ValueError:
        return text
