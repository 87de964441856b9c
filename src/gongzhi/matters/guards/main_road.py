"""Conditions of the main road: receiving, joining, more time, giving back, answering, judging, opening again."""

from uuid import UUID

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("may_receive@1")
def may_receive(situation: Situation, form: Form | None) -> Refusal | None:
    """The lists of streets and communities allow this lead."""
    organisation = (form or {}).get("organisation")
    return situation.lookups.why_not_receive(organisation) if isinstance(organisation, UUID) else None


@guard("merge_target_open@1")
def merge_target_open(situation: Situation, form: Form | None) -> Refusal | None:
    """The other matter exists, is another one, and is not closed."""
    if form is None:
        return None
    number = str(form.get("into", ""))
    if number == situation.number:
        return Invalid("matters.merge_itself", "不能并入自己，请填另一件诉求的编号。", field="into")
    state = situation.lookups.state_of(number)
    if state is None:
        return Invalid("matters.merge_unknown", "没有找到要并入的诉求，请核对编号。", field="into")
    if state.final:
        return Invalid(
            "matters.merge_closed",
            "要并入的诉求%(state)s，不能再并入，请选正在办理的诉求。",
            field="into",
            state=state.titles,
        )
    return None


@guard("no_open_extension@1")
def no_open_extension(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("extension_request", decision=""):
        return Conflict("matters.extension_open", "已有一份延期申请等待审核，审核后才能再申请。")
    return None


@guard("has_open_extension@1")
def has_open_extension(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("extension_request", decision=""):
        return Conflict("matters.no_extension_open", "没有等待审核的延期申请，可能已有人审核。")
    return None


@guard("not_designated@1")
def not_designated(situation: Situation, form: Form | None) -> Refusal | None:
    """指定后不得退回."""
    assignment = situation.assignment
    if assignment and assignment.values["designated"]:
        return Conflict(
            "matters.designated", "本件已指定由你单位承办，不得退回。如仍有困难，请申请延期或报告上级。"
        )
    return None


@guard("within_return_period@1")
def within_return_period(situation: Situation, form: Form | None) -> Refusal | None:
    assignment, number = situation.assignment, situation.procedure.number("return_period")
    if assignment is None:
        return None
    until = situation.lookups.deadline(assignment.at, number.value, number.unit)
    if situation.at <= until:
        return None
    return Conflict("matters.return_period_over", "申请退回的期限已过，请继续办理；确有困难可申请延期。")


@guard("has_contact@1")
def has_contact(situation: Situation, form: Form | None) -> Refusal | None:
    """The person was reached since this lead has it, or was tried often enough; nobody to reach passes."""
    assignment = situation.assignment
    if situation.reporter_id is None or assignment is None:
        return None
    wanted = situation.procedure.number("contact_attempts").value
    attempts = situation.facts.all("contact", since=assignment.at)
    if any(fact.values["outcome"] == "reached" for fact in attempts) or len(attempts) >= wanted:
        return None
    return Conflict(
        "matters.not_contacted",
        "请先联系诉求人并记录结果；%(attempts)s 次未接通后也可反馈。",
        attempts=wanted,
    )


@guard("has_evidence@1")
def has_evidence(situation: Situation, form: Form | None) -> Refusal | None:
    """Where the category demands evidence, the answer brings some."""
    if not situation.evidence_required or form is None or form.get("evidence"):
        return None
    if situation.lookups.evidence_count():
        return None
    return Invalid("matters.no_evidence", "此类诉求须上传处理凭证（如现场照片）。", field="evidence")


@guard("verification_demanded@1")
def verification_demanded(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.verification_required:
        return None
    return Conflict("matters.no_verification", "此类诉求不需要核查。")


@guard("not_appraised@1")
def not_appraised(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("appraisal"):
        return Conflict("matters.appraised", "您已评价过，谢谢。如问题未解决，可要求继续办理。")
    return None


@guard("appraised_or_unreachable@1")
def appraised_or_unreachable(situation: Situation, form: Form | None) -> Refusal | None:
    """Since the last answer: the reporter appraised, was reached, or was called often enough in vain."""
    answer = situation.facts.last("answer")
    calls = situation.facts.all("call_back", since=answer.at if answer else None)
    wanted = situation.procedure.number("contact_attempts").value
    if situation.facts.current("appraisal") or situation.reporter_id is None:
        return None
    if any(call.values["outcome"] == "reached" for call in calls) or len(calls) >= wanted:
        return None
    return Conflict(
        "matters.not_called_back",
        "诉求人尚未评价，也未回访。请先回访；%(attempts)s 次未接通后可办结。",
        attempts=wanted,
    )


@guard("within_reopen_period@1")
def within_reopen_period(situation: Situation, form: Form | None) -> Refusal | None:
    closure, number = situation.facts.current("closure"), situation.procedure.number("reopen_period")
    if closure is None:
        return None
    if situation.at <= situation.lookups.deadline(closure.at, number.value, number.unit):
        return None
    return Conflict("matters.reopen_period_over", "要求继续办理的期限已过，请重新反映，我们会关联原编号。")


@guard("has_lead@1")
def has_lead(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.lead_id is None:
        return Conflict("matters.no_lead", "还没有承办单位。")
    return None
