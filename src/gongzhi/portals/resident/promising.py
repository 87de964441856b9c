"""The sentence above everything else: who, by when; and the clocks that stand behind it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongzhi.matters.queries import CaseView, ClockView, Outlook
from gongzhi.portals.resident.showing import language
from gongzhi.web.chips import Chip, chip
from gongzhi.web.words import when


@dataclass(frozen=True, slots=True)
class Term:
    """A promised step and its deadline."""

    title: str
    chip: Chip


def promise(view: CaseView, outlook: Outlook, at: datetime) -> SafeString:
    """In words one would say at the door. Names are those of units, never of officials."""
    header = view.header
    if header.closed_at is not None:
        return escape(header.state.public.in_language(language()))
    if not outlook.lead:
        return _before_a_lead(outlook, at)
    if header.state.stage == "appraisal":
        return format_html(_("<b>{lead}</b>已答复，请您看看解决了没有。"), lead=outlook.lead)
    if header.state.stage == "review":
        return format_html(_("<b>{lead}</b>说已经办好，正在现场核查。"), lead=outlook.lead)
    return _with_a_lead(outlook, at)


def _before_a_lead(outlook: Outlook, at: datetime) -> SafeString:
    acceptance, handling = _running(outlook, "acceptance"), _running(outlook, "handling")
    if acceptance and acceptance.late:
        return format_html(_("本应在{by}受理，已经晚了，我们在催办。"), by=_by(acceptance, at))
    if acceptance and outlook.probable:
        said = _("<b>{by}</b>受理，多半由<b>{lead}</b>负责。")
        return format_html(said, by=_by(acceptance, at), lead=outlook.probable)
    if acceptance:
        return format_html(_("<b>{by}</b>受理，并告诉您由谁负责。"), by=_by(acceptance, at))
    if handling and outlook.probable:
        said = _("已受理，多半由<b>{lead}</b>负责，<b>{by}</b>办结。")
        return format_html(said, by=_by(handling, at), lead=outlook.probable)
    if handling:
        return format_html(_("已受理，正在确定由谁负责，<b>{by}</b>办结。"), by=_by(handling, at))
    return escape(_("正在确定由谁负责。"))


def _with_a_lead(outlook: Outlook, at: datetime) -> SafeString:
    response = _running(outlook, "response")
    handling = _running(outlook, "rework") or _running(outlook, "handling")
    if response and response.late:
        said = _("<b>{lead}</b>本应在{by}联系您，已经晚了，我们在催办。")
        return format_html(said, lead=outlook.lead, by=_by(response, at))
    if response:
        said = _("由<b>{lead}</b>负责，<b>{by}</b>会联系您。")
        return format_html(said, lead=outlook.lead, by=_by(response, at))
    if handling and handling.late:
        said = _("<b>{lead}</b>本应在{by}办结，已经晚了，我们在催办。")
        return format_html(said, lead=outlook.lead, by=_by(handling, at))
    if handling and handling.due_at:
        said = _("由<b>{lead}</b>负责，<b>{by}</b>办结。")
        return format_html(said, lead=outlook.lead, by=_by(handling, at))
    return format_html(_("由<b>{lead}</b>负责。"), lead=outlook.lead)


def _running(outlook: Outlook, code: str) -> ClockView | None:
    return next((clock for clock in outlook.clocks if clock.code == code and clock.due_at), None)


def _by(clock: ClockView, at: datetime) -> str:
    return _("%(when)s 前") % {"when": when(clock.due_at, now=at, ends=True)} if clock.due_at else ""


def terms(view: CaseView, outlook: Outlook, at: datetime) -> list[Term]:
    """What runs now, the nearest first; after the end, how the promised clocks came out."""
    stopped = [clock for clock in view.clocks if clock.status == "stopped"]
    return [_term(clock, at) for clock in outlook.clocks or stopped]


def _term(clock: ClockView, at: datetime) -> Term:
    said = language()
    title = _titles().get(clock.code) or clock.titles.in_language(said)
    return Term(
        title,
        chip(
            due_at=clock.due_at,
            started_at=clock.started_at,
            at=at,
            stopped_at=clock.stopped_at,
            paused=clock.status == "paused",
            title=_("“%(step)s”的期限怎么算的") % {"step": title},
            lines=clock.explained,
            basis=clock.basis.in_language(said),
            provisional=clock.provisional,
        ),
    )


def _titles() -> dict[str, str]:
    return {"acceptance": _("受理"), "response": _("联系您"), "handling": _("办结"), "rework": _("重新办理")}
