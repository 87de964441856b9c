"""Conditions of complaints about a unit or one of its people."""

from uuid import UUID

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


@guard("names_somebody@1")
def names_somebody(situation: Situation, form: Form | None) -> Refusal | None:
    """A unit, a person, or both."""
    if form is None or form.get("unit") or form.get("account"):
        return None
    return Invalid("matters.accused_missing", "请选择被投诉的单位或人员。", field="unit")


@guard("accused_settled@1")
def accused_settled(situation: Situation, form: Form | None) -> Refusal | None:
    """While nobody knows whom a complaint means, it might be sent to the very unit."""
    complaint = situation.facts.current("complaint")
    if complaint and not (complaint.values["unit_id"] or complaint.values["account_id"]):
        return Conflict(
            "matters.accused_unknown", "诉求投诉单位或工作人员，请先核定被投诉的是谁，再派单或答复。"
        )
    return None


@guard("past_the_accused@1")
def past_the_accused(situation: Situation, form: Form | None) -> Refusal | None:
    """Neither the unit complained of nor those below it, nor the unit of the person complained of, lead, assist, are whistled for or
    given a task."""
    values = form or {}
    field = next((name for name in ("organisations", "organisation", "unit") if values.get(name)), "")
    named = values.get(field)
    given = [id_ for id_ in (named if isinstance(named, list) else [named]) if isinstance(id_, UUID)]
    if not given or not situation.facts.current("complaint"):
        return None
    if not situation.lookups.avoided().isdisjoint(given):
        return Invalid(
            "matters.accused_unit",
            "投诉不得转给被投诉的单位或被投诉人所在的单位（信访工作条例），请派给其上级或其他单位。",
            field=field,
        )
    return None


@guard("no_complaint@1")
def no_complaint(situation: Situation, form: Form | None) -> Refusal | None:
    """A complaint stands by itself: merged, its number would be read where the other matter is."""
    if situation.facts.current("complaint"):
        return Conflict(
            "matters.complaint_alone", "投诉单位或工作人员的诉求单独办理，不与其他诉求合并、拆分或关联。"
        )
    return None
