"""The writes: call, put on the agenda, note who came, decide, postpone, end. One transaction, one act each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.councils import events
from gongzhi.councils.models import KINDS, SEATS, Council, Decision, Item, Seat
from gongzhi.intake import actions as intake
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, InvalidForm, NotFound, Refusal
from gongzhi.matters import actions as matters
from gongzhi.matters import queries
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Organisation

TITLE_MAX, WORDS_MAX, ITEMS_MAX, SEATS_MAX = 120, 4_000, 50, 60
_AHEAD_MAX = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """numbers: matters on the agenda · words: further items · organisations: who is asked to come."""

    kind: str
    title: str
    area_path: str
    planned_at: datetime | None
    place: str = ""
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    organisations: tuple[UUID, ...] = ()


@transaction.atomic
def call(*, calling: Calling, by: Actor, at: datetime) -> Council:
    """Raises InvalidForm, NotAllowed, NotFound (a matter the caller may not see)."""
    planned_at = calling.planned_at
    wrong = _wrong(calling, at)
    if wrong or planned_at is None:
        raise InvalidForm(wrong)
    council = Council(
        id=ids.uuid7(at),
        kind=calling.kind,
        title=calling.title.strip(),
        area_path=calling.area_path,
        planned_at=planned_at,
        place=calling.place.strip()[:TITLE_MAX],
        by=by.reference,
        called_at=at,
    )
    require(by, "keep", council)
    council.save(force_insert=True)
    items = [_item(council, number, "", by, at) for number in dict.fromkeys(calling.numbers)]
    items += [_item(council, "", words, by, at) for words in calling.words]
    Item.objects.bulk_create([_at_place(item, place) for place, item in enumerate(items, start=1)])
    units = Organisation.objects.filter(id__in=calling.organisations, ended_at__isnull=True)
    Seat.objects.bulk_create(
        [Seat(id=ids.uuid7(at), council=council, organisation=unit, at=at) for unit in units]
    )
    called = events.Called(
        council.kind,
        council.title,
        planned_at.isoformat(),
        tuple(item.matter.number if item.matter else item.title for item in items),
        tuple(unit.id for unit in units),
    )
    _record(council, "councils.call", called, by, at)
    return council


def _wrong(calling: Calling, at: datetime) -> dict[str, Refusal]:
    wrong: dict[str, Refusal] = {}
    if calling.kind not in KINDS:
        wrong["kind"] = Invalid("councils.no_kind", "请选择会议的种类。", field="kind")
    if not calling.title.strip() or len(calling.title) > TITLE_MAX:
        wrong["title"] = Invalid(
            "councils.title", "请写会议名称，最多 %(most)s 个字。", field="title", most=TITLE_MAX
        )
    if calling.planned_at is None or not at - _AHEAD_MAX < calling.planned_at < at + _AHEAD_MAX:
        wrong["planned_at"] = Invalid("councils.when", "请写开会的日期和时间，一年以内。", field="planned_at")
    if not calling.numbers and not calling.words:
        wrong["items"] = Invalid("councils.no_items", "请至少列一项议题。", field="items")
    if len(calling.numbers) + len(calling.words) > ITEMS_MAX or len(calling.organisations) > SEATS_MAX:
        wrong["items"] = Invalid("councils.too_many", "议题或单位太多，请分两次开。", field="items")
    return wrong


@transaction.atomic
def add_item(*, council_id: UUID, number: str = "", words: str = "", by: Actor, at: datetime) -> Item:
    """Raises NotFound, NotAllowed, Invalid, Conflict."""
    council = _open(council_id, by)
    item = _item(council, number.strip(), words, by, at)
    if item.matter and Item.objects.filter(council=council, matter=item.matter).exists():
        raise Conflict("councils.on_it_already", "这件诉求已经在议程上。")
    place = Item.objects.filter(council=council).count() + 1
    if place > ITEMS_MAX:
        raise Conflict("councils.too_many", "议题或单位太多，请分两次开。")
    _at_place(item, place).save(force_insert=True)
    added = events.ItemAdded(item.title, item.matter.number if item.matter else "")
    _record(council, "councils.add_item", added, by, at)
    return item


@transaction.atomic
def seat(
    *, council_id: UUID, organisation_id: UUID, state: str, who: str = "", by: Actor, at: datetime
) -> Seat:
    """Ask a unit to come, or note whether it did."""
    council = _open(council_id, by)
    if state not in SEATS:
        raise Invalid("councils.no_seat_state", "请选择是否到会。", field="state")
    unit = Organisation.objects.filter(id=organisation_id, ended_at__isnull=True).first()
    if unit is None:
        raise NotFound("councils.no_unit", "没有这个单位，或已撤销。")
    row = Seat.objects.filter(council=council, organisation=unit).first()
    row = row or Seat(id=ids.uuid7(at), council=council, organisation=unit)
    row.state, row.who, row.at = state, who.strip()[:80], at
    row.save()
    _record(council, "councils.seat", events.Seated(unit.id, state), by, at)
    return row


@transaction.atomic
def decide(
    *,
    council_id: UUID,
    item_id: UUID,
    text: str,
    owner_id: UUID,
    due_on: date | None,
    by: Actor,
    at: datetime,
) -> Decision:
    """What was decided becomes a matter with an owner and its clocks: the one it was about where it has no lead yet
    (designated, so it is not returned), else a new one. Raises NotFound, NotAllowed, Invalid, Conflict."""
    council = _open(council_id, by)
    item = _undecided(council, item_id)
    said = text.strip()
    if not said or len(said) > WORDS_MAX:
        raise Invalid(
            "councils.decision", "请写明决定什么，最多 %(most)s 个字。", field="text", most=WORDS_MAX
        )
    if due_on is not None and due_on < in_china(at).date():
        raise Invalid("councils.due_past", "完成日期已经过去，请改正。", field="due_on")
    owner = Organisation.objects.filter(id=owner_id, ended_at__isnull=True).first()
    if owner is None:
        raise Invalid("councils.no_owner", "请选择由哪个单位负责。", field="owner")
    matter = _carried_out(council, item, said, owner, by, at)
    decision = Decision.objects.create(
        id=ids.uuid7(at),
        item=item,
        text=said,
        owner=owner,
        due_on=due_on,
        matter=matter,
        at=at,
        by=by.reference,
    )
    Item.objects.filter(id=item.id).update(outcome="decided")
    decided = events.Decided(said, owner.id, matter.number, due_on.isoformat() if due_on else "")
    _record(council, "councils.decide", decided, by, at)
    return decision


def _carried_out(
    council: Council, item: Item, said: str, owner: Organisation, by: Actor, at: datetime
) -> Matter:
    """Dispatch to the owner: the item's own matter while it waits for a lead, else one opened for this."""
    reason = f"{council.title}：{said}"[:1_000]
    matter = item.matter
    if matter is None or matter.closed_at is not None or matter.lead_id is not None:
        raw = RawReport(
            text=said,
            title=item.title,
            category=matter.category.code if matter else "",
            channel="council",
            area=matter.area.code if matter and matter.area else "",
            lon=matter.lon if matter else None,
            lat=matter.lat if matter else None,
            taken_in=council.area_path,
        )
        number = intake.take_in(raw=raw, by=by, at=at).number
    else:
        number = matter.number
    matter = Matter.objects.get(number=number)
    if matter.state == "reported":
        matters.perform(number=number, verb="accept", form={}, by=by, at=at)
    form = {"organisation": str(owner.id), "reason": reason, "designated": "true"}
    matters.perform(number=number, verb="dispatch", form=form, by=by, at=at)
    return matter


@transaction.atomic
def postpone(*, council_id: UUID, item_id: UUID, note: str, by: Actor, at: datetime) -> None:
    """Talked about and not decided: why, and what is missing."""
    council = _open(council_id, by)
    item = _undecided(council, item_id)
    said = note.strip()[:WORDS_MAX]
    if not said:
        raise Invalid("councils.why_postponed", "请写明为什么没有议定。", field="note")
    Item.objects.filter(id=item.id).update(outcome="postponed", note=said)
    _record(council, "councils.postpone", events.Postponed(item.title, said), by, at)


@transaction.atomic
def end(*, council_id: UUID, minutes: str, by: Actor, at: datetime) -> None:
    """Over, with minutes. Refused while an item has no outcome or nobody came."""
    council = _open(council_id, by)
    open_items = Item.objects.filter(council=council, outcome="").count()
    if open_items:
        raise Conflict(
            "councils.items_open",
            "还有 %(count)s 项议题没有结果，请写明决定或未议定的原因。",
            count=open_items,
        )
    if not Seat.objects.filter(council=council, state="came").exists():
        raise Conflict("councils.nobody_came", "还没有记下谁到会，请先记到会情况。")
    said = minutes.strip()[:WORDS_MAX]
    if not said:
        raise Invalid("councils.no_minutes", "请写会议纪要。", field="minutes")
    Council.objects.filter(id=council.id).update(ended_at=at, minutes=said)
    _record(council, "councils.end", events.Ended(said), by, at)


def _open(council_id: UUID, by: Actor) -> Council:
    council = Council.objects.select_for_update().filter(id=council_id).first()
    if council is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    require(by, "view", council)
    require(by, "keep", council)
    if council.ended_at is not None:
        raise Conflict("councils.over", "会议已经结束，不能再改。")
    return council


def _item(council: Council, number: str, words: str, by: Actor, at: datetime) -> Item:
    if number:
        header = queries.case(visible_to=by, number=number, at=at, timeline_limit=1).header
        matter = Matter.objects.select_related("category", "area").get(id=header.id)
        return Item(id=ids.uuid7(at), council=council, title=header.title[:200], matter=matter)
    said = words.strip()[:200]
    if not said:
        raise Invalid("councils.no_items", "请至少列一项议题。", field="items")
    return Item(id=ids.uuid7(at), council=council, title=said)


def _at_place(item: Item, place: int) -> Item:
    item.position = place
    return item


def _undecided(council: Council, item_id: UUID) -> Item:
    rows = Item.objects.select_related("matter__category", "matter__area")
    item = rows.filter(id=item_id, council=council).first()
    if item is None:
        raise NotFound("councils.no_item", "没有这项议题。")
    if item.outcome == "postponed":
        raise Conflict("councils.item_settled", "这项议题已记为未议定。")
    return item


def _record(council: Council, verb: str, event: object, by: Actor, at: datetime) -> None:
    acts.record(
        verb=verb,
        subject=Subject("councils.council", council.id),
        by=by,
        at=at,
        event=event,
        area_path=council.area_path,
    )
