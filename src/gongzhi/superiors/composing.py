"""What a superior must be told of an act on its matter, in its own columns."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gongzhi.catalogue import queries as catalogue
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
        if (verb in send.verbs or ("*" in send.verbs and _stands_elsewhere(verb, event)))
        and (not send.to or event.to_state in send.to)
    ]


def enclosed(send: Send, *, order: Order, event: Performed) -> list[str]:
    """Ids of the files that go with it: the evidence of the answer, also where somebody verified it first."""
    if send.kind != "answered":
        return []
    last = Answer.objects.filter(matter_id=order.matter_id).order_by("-at", "-id").first()
    return list(last.evidence) if last else []


def _stands_elsewhere(verb: str, event: Performed) -> bool:
    return event.from_state != event.to_state or verb == "receive_order"


def columns(
    send: Send, *, mapping: SuperiorMapping, order: Order, event: Performed, at: datetime
) -> dict[str, str]:
    """Every column, filled."""
    values = _values(mapping, order, event, at)
    return {name: template.filled(values) for name, template in send.columns.items()}


def _values(mapping: SuperiorMapping, order: Order, event: Performed, at: datetime) -> Mapping[str, str]:
    local = at.astimezone(ZoneInfo(mapping.zone))
    code, version = event.procedure.split("@")
    state = catalogue.procedure(code, int(version)).state(event.to_state).titles
    form: dict[str, Any] = {name: event.form.get(name, "") for name in _FORM}
    if not form["reply"]:
        form |= _answered(order.matter_id)
    return {
        **{name: str(value) for name, value in form.items()},
        "number": order.number,
        "our_number": event.number,
        "at": f"{local:%Y-%m-%d %H:%M:%S}",
        "day": f"{local:%Y-%m-%d}",
        "version": str(event.version),
        "instant": at.astimezone(UTC).isoformat(),
        "state_zh": state.zh,
        "state_en": state.en,
        "unit": event.names.get("lead", "") or _lead(order),
    }


def _answered(matter_id: UUID) -> dict[str, str]:
    last = Answer.objects.filter(matter_id=matter_id).order_by("-at", "-id").first()
    return {"reply": last.reply, "result": last.result} if last else {}


def _lead(order: Order) -> str:
    return order.matter.lead.name if order.matter.lead else ""
