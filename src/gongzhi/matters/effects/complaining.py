"""Who is complained of: named by the desk, and kept out from that moment on."""

from gongzhi.matters import accused
from gongzhi.matters.clocks import Concern
from gongzhi.matters.effects.inside import end_wishes_of_the_lead
from gongzhi.matters.effects.intake import route_anew
from gongzhi.matters.effects.registry import effect
from gongzhi.matters.effects.step import Step
from gongzhi.matters.models import (
    Assignment,
    Complaint,
    Draft,
    ReturnRequest,
    Signature,
)
from gongzhi.matters.reports import Accused
from gongzhi.notices import actions as notices


@effect("name_accused", leaves="complaint")
def name_accused(step: Step) -> None:
    """They neither lead nor assist from now on, and read nothing of it, notices of before included. Naming others later
    corrects it: then it is kept from those. A matter that goes back to the desk has no lead."""
    before = step.situation.facts.current("complaint")
    unit, account = step.form.get("unit"), step.form.get("account")
    about = accused.accused(unit_id=unit, account_id=account, at=step.at)
    step.end(Complaint)
    step.add(
        Complaint,
        organisation_id=step.organisation_id,
        unit_id=unit,
        account_id=account,
        text=before.values["text"] if before else "",
    )
    step.matter.accused_unit_id, step.matter.accused_account_id = unit, account
    _dismiss(step, about)
    route_anew(step, about=about)
    notices.withhold(
        subject_kind="matters.matter", subject_id=step.matter.id, unit_id=unit, account_id=account
    )


def _dismiss(step: Step, about: Accused) -> None:
    parts = step.situation.facts.currents("assignment", role="assist")
    step.concerns += [
        Concern("assistance", part.id) for part in parts if part.organisation_id in about.avoided
    ]
    step.end(Assignment, role="assist", organisation_id__in=list(about.avoided))
    if step.to_state == step.matter.state:
        return
    step.end(Assignment, role="lead")
    step.end(Signature)
    step.end(ReturnRequest, decision="")
    end_wishes_of_the_lead(step)
    step.end(Draft)
    step.matter.lead, step.matter.handler = None, None
