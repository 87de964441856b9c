"""What a superior platform orders and decides, and what the desk asks of it. Its verbs are done by the system only."""

from datetime import datetime
from typing import Any

from gongzhi.matters.effects.leaving import end_what_waits
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import (
    Appraisal,
    CallBack,
    Closure,
    Diversion,
    Note,
    Rework,
    SuperiorOrder,
    SuperiorRequest,
)


@effect("receive_order", leaves="superior_order")
def receive_order(step: Step) -> None:
    """Its deadline binds from now on."""
    due_at = _instant(step)
    values = {name: step.form[name] for name in ("superior", "title_zh", "title_en")}
    step.add(
        SuperiorOrder,
        number=step.form["order_number"],
        due_at=due_at,
        closes=step.form.get("closes", False),
        **values,
    )
    _bind(step, due_at)


@effect("amend_order")
def amend_order(step: Step) -> None:
    """The superior changed its order: the deadline where it names one, the rest in words."""
    if step.form.get("due_at"):
        _new_deadline(step, _instant(step))
    if step.form.get("note"):
        _note(step, step.form["note"])


@effect("order_urged")
def order_urged(step: Step) -> None:
    _note(step, step.form["note"])


@effect("order_cancelled")
def order_cancelled(step: Step) -> None:
    _leaves(step, "recalled_by_superior", step.form["reason"])


@effect("ask_superior", leaves="superior_request")
def ask_superior(step: Step) -> None:
    """options.about of the verb: return or extension."""
    step.add(
        SuperiorRequest,
        organisation_id=step.organisation_id,
        about=step.verb.options["about"],
        days=step.form.get("days"),
        reason=step.form["reason"],
    )


@effect("superior_decides")
def superior_decides(step: Step) -> None:
    """Granted: taken back, or more time. Refused: nothing moves."""
    about, granted = step.verb.options["about"], step.form["decision"] == "granted"
    SuperiorRequest.objects.filter(
        matter=step.matter, about=about, decided_at__isnull=True, ended_at__isnull=True
    ).update(
        decision=step.form["decision"],
        decided_at=step.at,
        decided_by=step.by.reference,
        ruling=step.form.get("reason", ""),
    )
    if granted and about == "return":
        _leaves(step, "returned_to_superior", step.form.get("reason", ""))
    elif granted and step.form.get("due_at"):
        _new_deadline(step, _instant(step))


@effect("order_closed", leaves="call_back")
def order_closed(step: Step) -> None:
    """What the superior heard when it called back counts as our own call-back."""
    end_what_waits(step, but=("exclusion_request", "appeal_request"))
    heard: dict[str, Any] = {name: step.form.get(name) for name in ("contacted", "solved", "level")}
    if any(value is not None for value in heard.values()):
        level = heard.pop("level")
        step.add(
            CallBack,
            organisation_id=step.matter.lead_id,
            outcome="reached",
            level=int(level) if level else None,
            note=step.form.get("note", ""),
            **heard,
        )


@effect("order_sent_back", leaves="rework")
def order_sent_back(step: Step) -> None:
    """Not accepted: it is done again, until the superior's new deadline."""
    step.end(Closure)
    step.end(Appraisal)
    step.add(Rework, organisation_id=step.matter.lead_id, reason=step.form["reason"])
    _new_deadline(step, _instant(step))


def _instant(step: Step) -> datetime:
    return datetime.fromisoformat(step.form["due_at"])


def _new_deadline(step: Step, due_at: datetime) -> None:
    order = step.situation.facts.current("superior_order")
    if order is None:
        return
    values = {name: order.values[name] for name in ("superior", "title_zh", "title_en", "number", "closes")}
    step.end(SuperiorOrder)
    step.add(SuperiorOrder, due_at=due_at, **values)
    _bind(step, due_at)


def _bind(step: Step, due_at: datetime) -> None:
    step.limits = {**step.limits, "superior": due_at}
    step.clocks.bind(due_at)


def _note(step: Step, text: str) -> None:
    step.add(Note, organisation_id=step.organisation_id, audience="staff", text=text, files=[])


def _leaves(step: Step, reason: str, reply: str) -> None:
    end_what_waits(step)
    step.add(Diversion, reason=reason, reply=reply)
    step.matter.handler = None
