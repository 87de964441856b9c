"""Whistles and supervision on the case page, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gongzhi.matters.queries import CaseView
from gongzhi.matters.queries.rows import CallStep, CallView, ClockView, SupervisionView, WhistleView
from gongzhi.portals.centre import choices, showing
from gongzhi.web.chips import Chip


@dataclass(frozen=True, slots=True)
class ShownStep:
    """tone: how it is drawn ("done", "warning", "late")."""

    title: str
    at: datetime
    who: str
    text: str
    tone: str
    away: str


@dataclass(frozen=True, slots=True)
class ShownCall:
    unit: str
    state: str
    tone: str
    steps: list[ShownStep]
    chips: list[Chip]
    scores: list[str]


@dataclass(frozen=True, slots=True)
class ShownWhistle:
    title: str
    state: str
    by: str
    at: datetime
    text: str
    note: str
    calls: list[ShownCall]


@dataclass(frozen=True, slots=True)
class ShownSupervision:
    title: str
    state: str
    tone: str
    unit: str
    ground: str
    by: str
    at: datetime
    demand: str
    reply: str
    lifted: str
    chips: list[Chip]


def clocked(view: CaseView) -> set[UUID]:
    """Facts whose clocks are drawn beside them."""
    own = [*(call.clocks for whistle in view.whistles for call in whistle.calls)]
    own += [order.clocks for order in view.supervisions]
    return {clock.of for clocks in own for clock in clocks if clock.of}


def whistles(view: CaseView, at: datetime) -> list[ShownWhistle]:
    return [_whistle(one, at) for one in view.whistles]


def supervisions(view: CaseView, at: datetime) -> list[ShownSupervision]:
    return [_supervision(one, at) for one in view.supervisions]


def _whistle(whistle: WhistleView, at: datetime) -> ShownWhistle:
    said = choices.language()
    ended = {"done": _("已收哨"), "called_off": _("已撤哨")}
    state = ended.get(whistle.outcome) or (_("已随诉求结束") if whistle.ended_at else _("进行中"))
    return ShownWhistle(
        title=whistle.titles.in_language(said),
        state=state,
        by=_by(whistle.organisation, whistle.rank.in_language(said), whistle.by_name),
        at=whistle.at,
        text=whistle.text,
        note=whistle.note,
        calls=[_call(call, at) for call in whistle.calls],
    )


def _call(call: CallView, at: datetime) -> ShownCall:
    titles = _steps()
    last = call.steps[-1].code if call.steps else ""
    return ShownCall(
        unit=call.organisation,
        state=titles.get(last, _("待签收")),
        tone={"finished": "done", "refused": "late"}.get(last, "none"),
        steps=[_step(step, titles) for step in call.steps],
        chips=_chips(call.clocks, at),
        scores=[
            _("%(whose)s 给 %(about)s：%(level)s 分，%(comment)s")
            % {"whose": s.whose, "about": s.about, "level": s.level, "comment": s.comment}
            for s in call.scores
        ],
    )


def _step(step: CallStep, titles: dict[str, str]) -> ShownStep:
    away = ""
    if step.metres_away is not None:
        away = _("距问题地点 %(metres)s 米") % {"metres": step.metres_away}
    return ShownStep(
        title=titles.get(step.code, step.code),
        at=step.at,
        who=step.by_name,
        text=step.text,
        tone="warning" if step.far else "",
        away=away,
    )


def _supervision(one: SupervisionView, at: datetime) -> ShownSupervision:
    said = choices.language()
    if one.asked_by:
        state, tone = _("等待区级决定"), "warning"
    elif one.ended_at:
        state, tone = _("已解除") if one.lifted else _("已结束"), "done"
    else:
        state, tone = (_("已反馈") if one.reply else _("待反馈")), "warning"
    return ShownSupervision(
        title=one.titles.in_language(said) or _("请求督办"),
        state=state,
        tone=tone,
        unit=one.unit,
        ground=one.ground.in_language(said),
        by=_by(one.asked_by, one.rank.in_language(said), one.by_name),
        at=one.at,
        demand=one.demand,
        reply=one.reply,
        lifted=one.lifted,
        chips=_chips(one.clocks, at),
    )


def _chips(clocks: tuple[ClockView, ...], at: datetime) -> list[Chip]:
    """What runs, and what stopped too late."""
    shown = [clock for clock in clocks if clock.due_at and (clock.status != "stopped" or clock.late)]
    return [showing.clock_chip(clock, at) for clock in shown]


def _steps() -> dict[str, str]:
    return {
        "signed": _("已签收"),
        "contacted": _("已联系街道"),
        "arrived": _("已到场"),
        "finished": _("已反馈结果"),
        "refused": _("不能到场"),
    }


def _by(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
