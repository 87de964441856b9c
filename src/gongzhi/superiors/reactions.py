"""After an act on a superior's matter: what must be told is queued, once for each act."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gongzhi.acts.drafts import Sequenced
from gongzhi.acts.reactions import reaction
from gongzhi.kernel import ids
from gongzhi.matters.events import Performed
from gongzhi.superiors import composing, timing
from gongzhi.superiors.mapping import Send, SuperiorMapping, read_mapping
from gongzhi.superiors.models import Message, Order


@reaction("superiors.outbox", verbs=("matters.",))
def queue_messages(acts: Sequence[Sequenced]) -> None:
    """Idempotent: one row for each superior, act and kind."""
    done = [(act, act.event) for act in acts if isinstance(act.event, Performed)]
    wanted = {UUID(str(act.subject.id)) for act, _ in done if act.subject.kind == "matters.matter"}
    rows = Order.objects.select_related("superior", "matter__lead").filter(matter_id__in=wanted)
    orders = {str(order.matter_id): order for order in rows if order.superior.ended_at is None}
    messages = []
    for act, event in done:
        order = orders.get(str(act.subject.id))
        if order is None or event.imported is not None:
            continue
        mapping = read_mapping(order.superior.mapping)
        for send in composing.wanted(mapping, act.verb.partition(".")[2], event):
            messages.append(_message(act, event, order, mapping, send))
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def _message(act: Sequenced, event: Performed, order: Order, mapping: SuperiorMapping, send: Send) -> Message:
    when: datetime = act.recorded_at
    return Message(
        id=ids.uuid7(when),
        superior=order.superior,
        order=order,
        outgoing=True,
        kind=send.kind,
        key=f"{act.id}:{send.kind}",
        number=order.number,
        state="queued",
        body=composing.columns(send, mapping=mapping, order=order, event=event, at=act.at),
        files=composing.enclosed(send, order=order, event=event),
        act_id=act.id,
        at=when,
        due_at=timing.leaves_at(mapping, when),
    )
