"""The work of the lead."""

from collections.abc import Sequence

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Answer, Contact, ExtensionRequest, Note, Signature
from gongzhi.parties.models import Account


@effect("sign", leaves="signature")
def sign(step: Step) -> None:
    """Who signs handles it."""
    step.end(Signature)
    step.add(Signature, organisation_id=step.matter.lead_id)
    step.matter.handler = Account.objects.filter(id=step.by.id).first() if step.by.id else None
    if step.matter.handler:
        step.names["handler"] = step.matter.handler.display_name or step.matter.handler.username


@effect("contact", leaves="contact")
def contact(step: Step) -> None:
    step.add(
        Contact,
        organisation_id=step.matter.lead_id,
        outcome=step.form["outcome"],
        note=step.form.get("note", ""),
    )


@effect("answer", leaves="answer")
def answer(step: Step) -> None:
    answered(step, result=step.form["result"], reply=step.form["reply"], evidence=step.attach("evidence"))


def answered(step: Step, *, result: str, reply: str, evidence: Sequence[str]) -> None:
    """The answer leaves the house. A request for more time has become pointless."""
    step.add(Answer, organisation_id=step.matter.lead_id, result=result, reply=reply, evidence=list(evidence))
    step.end(ExtensionRequest, decision="")


@effect("answer_now", leaves="answer")
def answer_now(step: Step) -> None:
    step.add(Answer, result="explained", reply=step.form["reply"], now=True)


@effect("note", leaves="note")
def note(step: Step) -> None:
    """options.audience of the verb says who reads it."""
    step.add(
        Note,
        organisation_id=step.organisation_id,
        audience=step.verb.options.get("audience", "staff"),
        text=step.form["text"],
        files=step.attach("files"),
    )
