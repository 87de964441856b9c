"""An answer waits for the head of the unit before it leaves the house (审核、签发)."""

from uuid import UUID

from gongzhi.files import actions as files
from gongzhi.matters.effects.handling import answered
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Draft, SignOff


@effect("submit", leaves="draft")
def submit(step: Step) -> None:
    """Photos meant for the reporter stay inside until the answer goes out."""
    evidence = step.attach("evidence")
    step.add(
        Draft,
        organisation_id=step.matter.lead_id,
        result=step.form["result"],
        reply=step.form["reply"],
        evidence=evidence,
        held_back=[str(id_) for id_ in files.hold_back(file_ids=evidence, by=step.by, at=step.at)],
    )


@effect("sign_off", leaves="sign_off")
def sign_off(step: Step) -> None:
    """Granted: the draft, or what the head made of it, is the answer; the act says in which words it went out. Refused:
    nothing of it leaves the house."""
    draft = step.situation.facts.current("draft")
    if draft is None:
        return
    granted = step.form["decision"] == "granted"
    step.add(
        SignOff,
        organisation_id=step.matter.lead_id,
        draft_id=draft.id,
        decision=step.form["decision"],
        note=step.form.get("note", ""),
        drafter=draft.by,
    )
    step.end(Draft)
    reply = (step.form.get("reply") or draft.values["reply"]) if granted else ""
    step.form = {**step.form, "reply": reply}
    if not granted:
        return
    answered(step, result=draft.values["result"], reply=reply, evidence=draft.values["evidence"])
    for id_ in draft.values["held_back"]:
        files.show(file_id=UUID(id_), visibility="public", by=step.by, at=step.at)


@effect("take_back_draft")
def take_back_draft(step: Step) -> None:
    step.end(Draft)
