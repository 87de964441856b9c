"""One message of a superior, taken in: an order becomes a matter, everything else moves the matter it is about.

Idempotent by the superior's number and message id. Whatever a row says, the procedure is the judge: the verbs are done
by the system, because the superior decides and nobody here may.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.intake.actions import take_in
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import canonical, ids
from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters import actions as matters
from gongzhi.superiors import wording
from gongzhi.superiors.mapping import SuperiorMapping
from gongzhi.superiors.models import Message, Order, Superior
from gongzhi.superiors.reading import Heard, heard

WATCHED = ("due_at", "title", "text", "address", "urgency")


@dataclass(frozen=True, slots=True)
class Taken:
    """outcome: opened · moved · present (known already, nothing done) · waiting (its order is not here yet) · stale
    (newer words were here) · refused (not possible now, `reason` says why)."""

    outcome: str
    number: str
    reason: str = ""


def receive(
    *, superior: Superior, mapping: SuperiorMapping, row: Mapping[str, str], at: datetime, file: str = ""
) -> Taken:
    """Take one row in. Raises InvalidForm or Invalid with words for a row that cannot be read; nothing is kept of it."""
    said = heard(mapping, row)
    with transaction.atomic():
        # One message of a superior at a time: a repetition that comes meanwhile finds the first one here.
        Superior.objects.select_for_update(no_key=True).get(id=superior.id)
        words = said.message or _key(mapping, row)
        key = words
        if said.kind == "order" and not said.message:
            key += f":{ids.uuid7(at)}"  # without an id the order's own words tell what is new (marks)
        elif Message.objects.filter(superior=superior, outgoing=False, key=key).exists():
            return Taken("present", said.number)
        order = Order.objects.select_related("matter").filter(superior=superior, number=said.number).first()
        taken, order = _take(superior, mapping, said, order, at)
        if taken.outcome == "stale" and not said.message:
            key = f"{words}:stale"[:120]  # old words laid down again are told once
            if Message.objects.filter(superior=superior, outgoing=False, key=key).exists():
                return Taken("present", said.number)
        _keep(superior, order, said, taken, key, row, file, at)
        if taken.outcome == "opened" and order is not None:
            _after(superior, mapping, order, at)
    return taken


def _take(
    superior: Superior, mapping: SuperiorMapping, said: Heard, order: Order | None, at: datetime
) -> tuple[Taken, Order | None]:
    if said.kind == "order" and order is None:
        return Taken("opened", said.number), _open(superior, mapping, said, at)
    if order is None:
        return Taken("waiting", said.number), None
    if said.kind == "order" and _marks(said) == order.marks and said.state in ("", order.state):
        return Taken("present", said.number), order
    if said.sent_at and order.heard_at and said.sent_at < order.heard_at:
        return Taken("stale", said.number), order
    try:
        with transaction.atomic():
            moved = _amend(order, said, at) if said.kind == "order" else _move(order, said, at)
    except Conflict as refusal:
        return Taken("refused", said.number, refusal.code), order
    order.heard_at, order.state = said.sent_at or order.heard_at, said.state or order.state
    order.save(update_fields=["heard_at", "state", "due_at", "marks"])
    return Taken("moved" if moved else "present", said.number), order


def _open(superior: Superior, mapping: SuperiorMapping, said: Heard, at: datetime) -> Order:
    if said.due_at is None:
        raise Invalid("superiors.no_deadline", "上级工单没有写明时限。", field="due_at")
    raw = RawReport(
        channel="superior",
        origin=superior.code,
        external_id=said.number,
        taken_in=superior.area_path,
        system=mapping.coordinates,
        **said.report,
    )
    opened = take_in(raw=raw, by=SYSTEM, at=at)
    order = Order.objects.create(
        id=ids.uuid7(at),
        superior=superior,
        number=said.number,
        matter_id=opened.id,
        state=said.state,
        due_at=said.due_at,
        marks=_marks(said),
        heard_at=said.sent_at,
        received_at=at,
    )
    form = {
        "superior": superior.code,
        "title_zh": mapping.titles.zh,
        "title_en": mapping.titles.en,
        "order_number": said.number,
        "due_at": said.due_at.isoformat(),
        "closes": mapping.closes,
    }
    matters.perform(number=opened.number, verb="receive_order", form=form, by=SYSTEM, at=at)
    return order


def _amend(order: Order, said: Heard, at: datetime) -> bool:
    """An order sent again: only what differs from what it said last."""
    marks = _marks(said)
    changed = [name for name in WATCHED if marks[name] != order.marks.get(name)]
    if not changed:
        return False
    form: dict[str, object] = {}
    if "due_at" in changed and said.due_at is not None:
        form["due_at"], order.due_at = said.due_at.isoformat(), said.due_at
    note = wording.changes({name: str(said.report[name]) for name in changed if name != "due_at"})
    form |= {"note": note} if note else {}
    order.marks = marks
    matters.perform(number=order.matter.number, verb="amend_order", form=form, by=SYSTEM, at=at)
    return True


def _move(order: Order, said: Heard, at: datetime) -> bool:
    verb, form = wording.verb_of(said)
    if "due_at" in form and said.due_at is not None:
        order.due_at = said.due_at
        order.marks = {**order.marks, "due_at": _marks(said)["due_at"]}
    matters.perform(number=order.matter.number, verb=verb, form=form, by=SYSTEM, at=at)
    return True


def _keep(
    superior: Superior,
    order: Order | None,
    said: Heard,
    taken: Taken,
    key: str,
    row: Mapping[str, str],
    file: str,
    at: datetime,
) -> None:
    """What it said is in the matter; only what waits for its order is kept here, until that comes."""
    if taken.outcome == "present":
        return  # the same words in another envelope
    states = {"opened": "taken", "moved": "taken"}
    Message.objects.create(
        id=ids.uuid7(at),
        superior=superior,
        order=order,
        outgoing=False,
        kind=said.kind,
        key=key,
        number=said.number,
        state=states.get(taken.outcome, taken.outcome),
        body=dict(row) if taken.outcome == "waiting" else {},
        at=at,
        done_at=at,
        file=file[:200],
        error=taken.reason,
    )


def _after(superior: Superior, mapping: SuperiorMapping, order: Order, at: datetime) -> None:
    """What had come before its order, in the superior's own order of time."""
    rows = Message.objects.filter(superior=superior, number=order.number, state="waiting")
    waiting = [(message, heard(mapping, message.body)) for message in rows.select_for_update().order_by("id")]
    for message, said in sorted(waiting, key=lambda pair: (pair[1].sent_at or pair[0].at, pair[0].id)):
        # The order may carry the later time: what waited for it is no staler for that.
        taken, _ = _take(superior, mapping, replace(said, sent_at=None), order, at)
        message.state = "taken" if taken.outcome == "moved" else "refused"
        message.order, message.body, message.done_at, message.error = order, {}, at, taken.reason
        message.save(update_fields=["state", "order", "body", "done_at", "error"])


def _marks(said: Heard) -> dict[str, str]:
    values = {**said.report, "due_at": said.due_at.isoformat() if said.due_at else ""}
    return {name: hashlib.sha256(str(values.get(name, "")).encode()).hexdigest()[:16] for name in WATCHED}


def _key(mapping: SuperiorMapping, row: Mapping[str, str]) -> str:
    """Of what the mapping reads: a column it does not know makes no new message."""
    read = {column: row.get(column, "") for pick in mapping.fields.values() for column in pick.columns}
    return "sha256:" + hashlib.sha256(canonical.dumps(read).encode()).hexdigest()


def is_row_fault(error: Refusal) -> bool:
    """Whether the row is wrong (and goes to the reject file), not the moment."""
    return isinstance(error, Invalid)
