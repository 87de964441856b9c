"""What a superior must be told of an act on its matter, in its own columns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gongzhi.matters.events import Performed
from gongzhi.matters.models import Answer
from gongzhi.superiors.mapping import Send, SuperiorMapping
from gongzhi.superiors.models import Order

_FORM = ("reason", "days", "note", "outcome", "decision", "result", "reply")


def wanted(mapping: SuperiorMapping, verb: str, event: Performed) -> list[Send]:
    """The sends this act calls for. verb: without its room."""
    return [
        send
        for send in mapping.sends.values()
        if verb in send.verbs and (not send.to or event.to_state in send.to)
    ]


def columns(
    send: Send, *, mapping: SuperiorMapping, order: Order, event: Performed, at: datetime
) -> dict[str, str]:
    """Every column, filled."""
    values = _values(mapping, order, event, at)
    return {name: template.filled(values) for name, template in send.columns.items()}


def _values(mapping: SuperiorMapping, order: Order, event: Performed, at: datetime) -> Mapping[str, str]:
    local = at.astimezone(ZoneInfo(mapping.zone))
    form: dict[str, Any] = {name: event.form.get(name, "") for name in _FORM}
    if not form["reply"]:
        form |= _answered(order.matter_id)
    return {
        **{name: str(value) for name, value in form.items()},
        "number": order.number,
        "our_number": event.number,
        "at": f"{local:%Y-%m-%d %H:%M:%S}",
        "day": f"{local:%Y-%m-%d}",
        "unit": event.names.get("lead", "") or _lead(order),
    }


def _answered(matter_id: UUID) -> dict[str, str]:
    last = Answer.objects.filter(matter_id=matter_id).order_by("-at", "-id").first()
    return {"reply": last.reply, "result": last.result} if last else {}


def _lead(order: Order) -> str:
    return order.matter.lead.name if order.matter.lead else ""
