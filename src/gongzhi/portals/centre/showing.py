"""Matters as the desk shows them: rows and cases turned into words, chips and forms."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.access.actor import Actor
from gongzhi.files.queries import FileRow
from gongzhi.kernel.numbers import grouped
from gongzhi.matters.queries import CaseView, ClockView, MatterRow, VerbOffer
from gongzhi.portals.centre import choices
from gongzhi.web import forms
from gongzhi.web.chips import Chip, chip
from gongzhi.web.patterns import filled
from gongzhi.web.words import when

KEYS = {"dispatch": "d", "merge": "m"}
PRIMARY_KEY = "a"
# Verbs with photos: whether the reporter sees them unless the sender says otherwise. Not named: they stay inside.
SHARED = {"answer": True, "submit": True, "message": True, "verify": False}


@dataclass(frozen=True, slots=True)
class Row:
    """due_ms, opened_ms: since 1970, what the list is ordered by (due_ms "" without a deadline)."""

    id: str
    number: str
    title: str
    place: str
    lead: str
    state: str
    url: str
    chip: Chip
    due_ms: str
    opened_ms: str


def row_chip(row: MatterRow, at: datetime) -> Chip:
    if row.closed_at is not None:
        return Chip("done", row.state.titles.in_language(choices.language()), when(row.closed_at, now=at))
    return chip(due_at=row.due_at, started_at=row.opened_at, at=at)


def row(matter: MatterRow, *, at: datetime, url: str) -> Row:
    said = choices.language()
    return Row(
        id=str(matter.id),
        number=matter.number,
        title=matter.title,
        place=matter.address or choices.area_title(matter.area_path) or matter.area,
        lead=matter.lead,
        state=matter.state.titles.in_language(said),
        url=url,
        chip=row_chip(matter, at),
        due_ms=_milliseconds(matter.due_at),
        opened_ms=_milliseconds(matter.opened_at),
    )


def _milliseconds(at: datetime | None) -> str:
    return str(int(at.timestamp() * 1000)) if at else ""


def drawn_row(row: Row, *, here: bool) -> SafeString:
    """The line of a list; its template tests nothing but whether there is a value."""
    chip = row.chip
    values = {
        "id": row.id,
        "due_ms": row.due_ms,
        "opened_ms": row.opened_ms,
        "number": row.number,
        "grouped": grouped(row.number),
        "title": row.title,
        "url": row.url,
        "place": row.place,
        "lead": row.lead,
        "state": row.state,
        "left": chip.left,
        "by": chip.by,
        "exact": chip.exact,
    }
    return filled("centre/row.html", values, tone=chip.tone, here=here)


def clock_chip(clock: ClockView, at: datetime) -> Chip:
    said = choices.language()
    return chip(
        due_at=clock.due_at,
        started_at=clock.started_at,
        at=at,
        stopped_at=clock.stopped_at,
        paused=clock.status == "paused",
        title=clock.titles.in_language(said),
        lines=clock.explained,
        basis=clock.basis.in_language(said),
        provisional=clock.provisional,
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Another case like this one. mergeable: this one may be merged into it."""

    number: str
    title: str
    state: str
    url: str
    distance: str
    opened_at: datetime
    mergeable: bool


def alike(matter: MatterRow, metres: int, *, at: datetime, mergeable: bool) -> Alike:
    return Alike(
        number=matter.number,
        title=matter.title,
        state=matter.state.titles.in_language(choices.language()),
        url=reverse("centre:case", args=[matter.number]),
        distance=_("就在这里") if metres < 15 else _("约 %(metres)s 米") % {"metres": round(metres, -1)},
        opened_at=matter.opened_at,
        mergeable=mergeable,
    )


@dataclass(frozen=True, slots=True)
class Pair:
    title: str
    value: str = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownFile:
    """small: what follows the address for a thumbnail. internal: the reporter does not see it."""

    url: str
    small: str
    name: str
    is_image: bool
    internal: bool = False


@dataclass(frozen=True, slots=True)
class ShownVerb:
    form: forms.VerbForm
    action: str


def verbs(case: CaseView, *, actor: Actor) -> list[ShownVerb]:
    """The verbs on offer, primary first, each with its form and key."""
    offers = sorted(case.offers, key=lambda offer: not offer.primary)
    shown: list[ShownVerb] = []
    for offer in offers:
        key = KEYS.get(offer.code) or (PRIMARY_KEY if offer.primary and not shown else "")
        action = reverse("centre:verb", args=[case.header.number, offer.code])
        shown.append(ShownVerb(offer_form(offer, actor=actor, key=key), action))
    return shown


def offer_form(offer: VerbOffer, *, actor: Actor, key: str = "") -> forms.VerbForm:
    said = choices.language()
    drawn = forms.verb_form(
        code=offer.code,
        title=offer.titles.in_language(said),
        fields=offer.form,
        language=said,
        options={
            "organisation": lambda: choices.organisations(actor),
            "organisations": lambda: choices.organisations(actor),
            "account": lambda: choices.colleagues(actor),
            "category": choices.categories,
            "area": lambda: choices.areas(finest="grid"),
        },
        primary=offer.primary,
        key=key,
        defaults=offer.defaults,
    )
    for entry in drawn.fields:
        if entry.kind == "files":
            entry.shared = SHARED.get(offer.code)
    return drawn


def files(case: CaseView) -> list[ShownFile]:
    return [shown_file(file) for file in case.files]


def shown_file(file: FileRow) -> ShownFile:
    return ShownFile(
        reverse("web:file", args=[file.id]),
        "?thumbnail=1" if file.has_thumbnail else "",
        file.name,
        file.type.startswith("image/"),
        file.visibility == "internal",
    )


def facts(case: CaseView) -> list[Pair]:
    """What is known about the matter, as pairs."""
    header, said = case.header, choices.language()
    pairs = [
        Pair(_("类别"), header.category_titles.in_language(said)),
        Pair(
            _("从哪里来"),
            " · ".join(filter(None, [channels().get(header.channel, header.channel), case.external_id])),
        ),
        Pair(_("登记"), at=header.opened_at),
    ]
    if header.urgency != "normal":
        pairs.append(
            Pair(
                _("紧急程度"),
                {"urgent": _("紧急"), "emergency": _("特急")}.get(header.urgency, header.urgency),
            )
        )
    if header.confidential:
        pairs.append(Pair(_("保护"), _("诉求人信息保密")))
    if header.closed_at:
        pairs.append(Pair(_("办结"), at=header.closed_at))
    if case.urged:
        pairs.append(
            Pair(_("已催办"), ngettext("%(n)s 次", "%(n)s 次", len(case.urged)) % {"n": len(case.urged)})
        )
        pairs.append(Pair(_("最近催办"), at=case.urged[-1]))
    if case.route:
        pairs.append(Pair(_("派单建议"), case.route.reason))
    if case.merged_into:
        pairs.append(Pair(_("已并入"), case.merged_into))
    if case.merged:
        pairs.append(Pair(_("并入本件的"), "、".join(case.merged)))
    return pairs + [
        Pair(
            kinship()[kin.relation],
            f"{grouped(kin.number)} {kin.title}（{kin.state.titles.in_language(said)}）",
            url=reverse("centre:case", args=[kin.number]),
        )
        for kin in case.kin
    ]


def kinship() -> dict[str, str]:
    return {
        "piece": _("分出的一件"),
        "whole": _("拆自"),
        "repeat": _("同一诉求人此前反映"),
        "repeated": _("同一诉求人后来反映"),
        "related": _("相关诉求"),
    }


def reporter(case: CaseView) -> list[Pair]:
    if case.as_reporter:
        return []
    if case.anonymous:
        return [Pair(_("称呼"), _("匿名"))]
    pairs = [Pair(_("称呼"), case.reporter_name)] if case.reporter_name else []
    return pairs + [Pair(_("联系方式"), contact) for contact in case.reporter_contacts]


def channels() -> dict[str, str]:
    return {
        "phone": _("电话"),
        "window": _("窗口"),
        "web": _("网上"),
        "worker": _("网格员上报"),
        "council": _("会商决定"),
        "superior": _("上级转办"),
        "police_110": _("110 转来（非警务）"),
        "api": _("接口"),
        "open311": "Open311",
        "lane": _("快速通道"),
        "import": _("导入"),
        "sensor": _("传感器"),
    }
