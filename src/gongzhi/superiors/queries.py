"""The reads: superiors, what went and came, and both sides of one matter. Secrets and addresses are never read here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may, visible
from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters.models import Matter
from gongzhi.matters.sight import works_on
from gongzhi.superiors.models import Message, Order, Standing, Subordinate, Superior

_SILENT = timedelta(hours=1)
_COUNTED = ("orders", "queued", "failed", "refused")
_COLUMNS = (
    *("id", "superior__titles", "number", "outgoing", "kind", "state", "at", "due_at", "done_at"),
    *("attempts", "file", "receipt", "error", "order__matter__number"),
)


@dataclass(frozen=True, slots=True)
class SuperiorRow:
    """queued, failed: messages to it · refused: of its own, not possible here · trouble: why it could not be read."""

    id: UUID
    code: str
    titles: Wording
    transport: str
    heard_at: datetime | None
    trouble: str
    skew_seconds: int | None
    orders: int
    queued: int
    failed: int
    refused: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """number: the superior's · our_number: "" until its order is here."""

    id: UUID
    superior: Wording
    number: str
    outgoing: bool
    kind: str
    state: str
    at: datetime
    due_at: datetime | None
    done_at: datetime | None
    attempts: int
    file: str
    receipt: str
    error: str
    our_number: str


@dataclass(frozen=True, slots=True)
class SubordinateRow:
    """An organisation with an installation of its own. heard_at: when it last said something · expires_at: of its
    key."""

    id: UUID
    organisation: str
    name: str
    heard_at: datetime | None
    expires_at: datetime
    matters: int


@dataclass(frozen=True, slots=True)
class Below:
    """Where a matter stands with the unit's own installation: its number and state there. said_at: by its clock."""

    unit: str
    number: str
    state: Wording
    said_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class OtherSide:
    """A matter as its superior sees it. state: its own word, "" = it never said · messages: newest first."""

    superior: Wording
    number: str
    state: str
    due_at: datetime
    received_at: datetime
    messages: tuple[MessageRow, ...]


def superiors(*, visible_to: Actor) -> list[SuperiorRow]:
    """Connected ones, by code; two queries however many."""
    rows = list(_visible(visible_to).order_by("code"))
    said = Message.objects.filter(superior__in=rows).values("superior_id")
    counted: dict[UUID, dict[str, int]] = {
        row["superior_id"]: {name: int(row[name]) for name in _COUNTED}  # type: ignore[literal-required]
        for row in said.annotate(
            queued=Count("id", filter=Q(state="queued")),
            failed=Count("id", filter=Q(state="failed")),
            refused=Count("id", filter=Q(state__in=("refused", "waiting"))),
            orders=Count("order_id", distinct=True),
        ).order_by()
    }
    nothing = dict.fromkeys(_COUNTED, 0)
    return [
        SuperiorRow(
            row.id,
            row.code,
            _titles(row.titles),
            row.transport,
            row.heard_at,
            row.trouble,
            row.skew_seconds,
            **counted.get(row.id, nothing),
        )
        for row in rows
    ]


def messages(
    *, visible_to: Actor, code: str = "", state: str = "", before: UUID | None = None, limit: int = 50
) -> list[MessageRow]:
    """Newest first, of the superiors the reader may see; one query. before: id of the last row of the page before."""
    rows = Message.objects.filter(superior__in=_visible(visible_to))
    rows = rows.filter(superior__code=code[:40]) if code else rows
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(id__lt=before) if before else rows
    return _rows(rows.order_by("-id"), limit)


def other_sides(*, visible_to: Actor, number: str, limit: int = 20) -> tuple[OtherSide | None, Below | None]:
    """What the superior of this matter knows and was told, and what the leading unit's own installation said last; None
    where there is no such side, or the reader only reported it.

    Raises NotFound for a matter the reader may not see.
    """
    matter = Matter.objects.filter(number=number).first()
    if matter is None or not may(visible_to, "view", matter):
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    return (_above(matter, limit), _below(matter)) if works_on(visible_to, matter) else (None, None)


def _above(matter: Matter, limit: int) -> OtherSide | None:
    order = Order.objects.select_related("superior").filter(matter=matter).first()
    if order is None:
        return None
    return OtherSide(
        superior=_titles(order.superior.titles),
        number=order.number,
        state=order.state,
        due_at=order.due_at,
        received_at=order.received_at,
        messages=tuple(_rows(Message.objects.filter(order=order).order_by("-id"), limit)),
    )


def _below(matter: Matter) -> Below | None:
    rows = Standing.objects.select_related("subordinate__organisation").filter(matter=matter)
    row = rows.filter(subordinate__organisation=matter.lead).order_by("-heard_at").first()
    if row is None:
        return None
    state = Wording(row.state_zh, row.state_en)
    return Below(row.subordinate.organisation.name, row.number, state, row.said_at, row.heard_at)


def subordinates(*, visible_to: Actor) -> list[SubordinateRow]:
    """Connected ones, by code of the organisation; one query."""
    rows = visible(Subordinate.objects.filter(ended_at=None), visible_to)
    counted = rows.annotate(matters=Count("standings"), heard_at=Max("standings__heard_at")).order_by(
        "organisation__code"
    )
    fields = ("organisation__code", "organisation__name", "heard_at", "token__expires_at", "matters")
    return [SubordinateRow(*row) for row in counted.values_list("id", *fields)]


def health(at: datetime) -> tuple[int, int, list[tuple[str, str]]]:
    """For the doctor: failed messages, refused ones, and superiors that have not answered for an hour: (code, why)."""
    live = Message.objects.filter(superior__ended_at=None)
    silent = Superior.objects.filter(ended_at=None).exclude(trouble="")
    silent = silent.filter(Q(heard_at=None) | Q(heard_at__lt=at - _SILENT)).order_by("code")
    return (
        live.filter(state="failed").count(),
        live.filter(state__in=("refused", "waiting")).count(),
        list(silent.values_list("code", "trouble")),
    )


def _visible(actor: Actor) -> QuerySet[Superior]:
    return visible(Superior.objects.filter(ended_at=None), actor)


def _rows(rows: QuerySet[Message], limit: int) -> list[MessageRow]:
    found: list[MessageRow] = []
    for id_, titles, *rest, ours in rows.values_list(*_COLUMNS)[: max(1, min(limit, 200))]:
        values: Any = [id_, _titles(titles), *rest, ours or ""]
        found.append(MessageRow(*values))
    return found


def _titles(titles: Any) -> Wording:
    return Wording(titles["zh"], titles["en"])
