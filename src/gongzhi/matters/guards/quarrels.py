"""Conditions of asking and deciding: one request of a kind is open at a time, and it is asked in time."""

from datetime import date, timedelta

from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("no_open_suspension@1")
def no_open_suspension(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("suspension_request", decision=""):
        return Conflict("matters.suspension_open", "已有一份挂账申请等待审核，审核后才能再申请。")
    return None


@guard("has_open_suspension@1")
def has_open_suspension(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("suspension_request", decision=""):
        return Conflict("matters.no_suspension_open", "没有等待审核的挂账申请，可能已有人审核。")
    return None


@guard("review_in_time@1")
def review_in_time(situation: Situation, form: Form | None) -> Refusal | None:
    """The day of the next look lies ahead, and not further than the procedure allows."""
    if form is None or "review_on" not in form:
        return None
    most = situation.procedure.number("suspension_max")
    end = situation.lookups.deadline(situation.at, most.value, most.unit)  # the last day's midnight
    latest = (in_china(end) - timedelta(days=1)).date()
    chosen = date.fromisoformat(str(form["review_on"]))
    if in_china(situation.at).date() < chosen <= latest:
        return None
    return Invalid(
        "matters.review_out_of_time",
        "复核日期应在明天到 %(latest)s 之间。",
        field="review_on",
        latest=latest.isoformat(),
    )


@guard("review_dated@1")
def review_dated(situation: Situation, form: Form | None) -> Refusal | None:
    """Whoever lets it rest on says until when."""
    if form is None or form.get("decision") != "goes_on" or "review_on" in form:
        return None
    return Invalid("matters.review_not_dated", "继续挂账须写明下次复核日期。", field="review_on")


@guard("no_open_exclusion@1")
def no_open_exclusion(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("exclusion_request", decision=""):
        return Conflict("matters.exclusion_open", "已有一份剔除申请等待审核，审核后才能再申请。")
    return None


@guard("not_excluded@1")
def not_excluded(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("exclusion_request", decision="granted"):
        return Conflict("matters.excluded_already", "本件已经剔除，不再计入考核。")
    return None


@guard("has_open_exclusion@1")
def has_open_exclusion(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("exclusion_request", decision=""):
        return Conflict("matters.no_exclusion_open", "没有等待审核的剔除申请，可能已有人审核。")
    return None


@guard("no_open_appeal@1")
def no_open_appeal(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("appeal_request", decision=""):
        return Conflict("matters.appeal_open", "已有一份考核申诉等待裁定，裁定后才能再申诉。")
    return None


@guard("has_open_appeal@1")
def has_open_appeal(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("appeal_request", decision=""):
        return Conflict("matters.no_appeal_open", "没有等待裁定的考核申诉，可能已有人裁定。")
    return None


@guard("judged_already@1")
def judged_already(situation: Situation, form: Form | None) -> Refusal | None:
    """There is something to contest; with the form: the very thing that is contested."""
    about = ("call_back", "appraisal") if form is None else (str(form.get("about", "")),)
    if "deadline" in about or any(situation.facts.last(kind) for kind in about):
        return None
    if form is None:
        return Conflict("matters.not_judged", "本件还没有回访或评价结果，暂时没有可申诉的内容。")
    return Invalid("matters.not_judged_so", "本件没有这一项结果，请选择其他申诉对象。", field="about")


@guard("within_appeal_period@1")
def within_appeal_period(situation: Situation, form: Form | None) -> Refusal | None:
    closure, period = situation.facts.current("closure"), situation.procedure.number("appeal_period")
    if closure is None:
        return None
    if situation.at <= situation.lookups.deadline(closure.at, period.value, period.unit):
        return None
    return Conflict(
        "matters.appeal_period_over", "考核申诉的期限已过（办结后 %(days)s 个工作日）。", days=period.value
    )
