"""Looking whether it is done."""

from uuid import UUID

from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import Appraisal, CallBack, Rework, Verification
from gongzhi.matters.wholes import with_merged


@effect("verify", leaves="verification")
def verify(step: Step) -> None:
    answer = step.situation.facts.last("answer")
    step.add(
        Verification,
        organisation_id=step.organisation_id,
        decision=step.form["decision"],
        note=step.form["note"],
        evidence=step.attach("evidence"),
        handler=answer.by if answer else "",
    )


@effect("call_back", leaves="call_back")
def call_back(step: Step) -> None:
    """organisation: the lead, who is judged by it."""
    level = step.form.get("level")
    step.add(
        CallBack,
        organisation_id=step.matter.lead_id,
        outcome=step.form["outcome"],
        contacted=step.form.get("contacted"),
        solved=step.form.get("solved"),
        level=int(level) if level else None,
        note=step.form.get("note", ""),
        pressed=bool(step.form.get("pressed")),
    )


@effect("appraise", leaves="appraisal")
def appraise(step: Step) -> None:
    """Whose report was merged judges the unit that answered where it goes on."""
    step.add(
        Appraisal,
        organisation_id=_judged(step),
        level=int(step.form["level"]),
        contacted=step.form["contacted"],
        solved=step.form["solved"],
        comment=step.form.get("comment", ""),
        pressed=bool(step.form.get("pressed")),
    )


@effect("rework", leaves="rework")
def rework(step: Step) -> None:
    """What was judged is done again: the appraisal no longer counts."""
    end_appraisals(step)
    step.add(Rework, organisation_id=step.matter.lead_id, reason=step.form["reason"])


def end_appraisals(step: Step) -> None:
    """Also of those whose reports were merged into this one: they judge the next answer."""
    [ids] = with_merged([step.matter.id]).values()
    Appraisal.objects.filter(matter_id__in=ids, ended_at__isnull=True).update(ended_at=step.at)


def _judged(step: Step) -> UUID | None:
    merged = step.matter.state == "merged"
    return step.situation.lookups.answered_by() if merged else step.matter.lead_id
