"""Acts of every room as lines: what, by whom, when, where it stands in the ledger. Never what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.acts import queries as acts
from gongzhi.acts.queries import TimelineEntry
from gongzhi.catalogue import queries as catalogue
from gongzhi.kernel import numbers
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Named
from gongzhi.parties import queries as parties
from gongzhi.portals.centre import choices


@dataclass(frozen=True, slots=True)
class Line:
    id: UUID
    at: datetime
    what: str
    who: str
    area: str
    position: int | None
    url: str
    case: str = ""
    case_url: str = ""


def recorded(
    actor: Actor, *, before: UUID | None = None, limit: int = 50, system: bool = False
) -> list[Line]:
    """The newest acts in the areas the actor audits. system: also what the platform did by itself."""
    areas = {held.area_path for held in actor.held if held.role in RECORDERS}
    shown: list[Line] = []
    while areas and len(shown) < limit:  # what is kept from the reader leaves no hole
        found = acts.latest(areas=sorted(areas), before=before, limit=limit, system=system)
        shown += lines(actor, found)
        if len(found) < limit:
            break
        before = found[-1].id
    return shown[:limit]


def lines(actor: Actor, found: Sequence[TimelineEntry]) -> list[Line]:
    """With the case each act was about: its number leads there, or to its records, as far as the actor may go."""
    names = parties.account_names({id_ for entry in found if (id_ := _account(entry))})
    about = {
        act_id: UUID(id_)
        for act_id, id_ in acts.subjects(kind=KIND, act_ids=[entry.id for entry in found]).items()
    }
    cases = matters.named(visible_to=actor, ids=set(about.values()))
    return [
        _line(entry, names.get(_account(entry) or UUID(int=0), ""), cases.get(about.get(entry.id, NOBODY)))
        for entry in found
        if entry.id not in about
        or about[entry.id] in cases  # what complains of the reader is no line for them
    ]


KIND = "matters.matter"
NOBODY = UUID(int=0)
RECORDERS = ("auditor", "audit_admin")


def _line(entry: TimelineEntry, name: str, case: Named | None) -> Line:
    return Line(
        id=entry.id,
        at=entry.recorded_at,
        what=what(entry.verb),
        who=name or _by(entry.by),
        area=choices.area_title(entry.area_path, parts=1),
        position=entry.position,
        url="" if entry.position is None else f"{reverse('centre:ledger')}?position={entry.position}",
        case=_case(case),
        case_url=_case_url(case),
    )


def _case(case: Named | None) -> str:
    if case is None:
        return ""
    return numbers.grouped(case.number) if case.sight else case.number


def _case_url(case: Named | None) -> str:
    if case is None or not case.sight:
        return ""
    if case.sight == "view":
        return reverse("centre:case", args=[case.number])
    return f"{reverse('centre:records')}?number={case.number}"


def _account(entry: TimelineEntry) -> UUID | None:
    kind, _colon, id_ = entry.by.partition(":")
    return UUID(id_) if kind == "account" and id_ else None


def _by(reference: str) -> str:
    if reference.startswith("system"):
        return _("系统")
    return (
        _("居民") if reference.startswith(("anonymous", "follow", "party")) else reference.partition(":")[0]
    )


def what(verb: str) -> str:
    """An act's verb in words; the code itself for what nobody named."""
    room, _dot, code = verb.partition(".")
    known = catalogue.procedure("case").verb(code) if room == "matters" else None
    return known.titles.in_language(choices.language()) if known else _elsewhere().get(verb, verb)


def _elsewhere() -> dict[str, str]:
    return {
        "matters.open": _("登记诉求"),
        "matters.escalate": _("时限提醒"),
        "matters.recompute": _("时限重新计算"),
        "matters.hand_over": _("移交同事"),
        "timetable.hand_over": _("移交工作"),
        "timetable.put_on_duty": _("排班"),
        "timetable.take_off_duty": _("取消一班"),
        "timetable.record_leave": _("登记请假"),
        "timetable.end_leave": _("结束请假"),
        "timetable.name_deputy": _("指定代理人"),
        "grants.lend": _("借用授权"),
        "notices.digest": _("发出每日汇总"),
        "notices.set_rule": _("设定通知规则"),
        "notices.send": _("发出通知"),
        "notices.see": _("看过通知"),
        "notices.retry": _("重发通知"),
        "files.keep": _("收存文件"),
        "files.attach": _("附上文件"),
        "files.detach": _("取下文件"),
        "files.show": _("改变文件可见范围"),
        "files.end": _("停用文件"),
        "parties.sign_in": _("登录"),
        "parties.refuse_sign_in": _("登录被拒绝"),
        "parties.unmask": _("查看完整联系方式"),
        "parties.register_person": _("登记人员"),
        "parties.register_organisation": _("登记单位"),
        "parties.create_account": _("建立账号"),
        "parties.take_post": _("任职"),
        "parties.leave_post": _("离任"),
        "parties.rotate_keys": _("更换密钥"),
        "grants.give": _("授权"),
        "grants.end": _("收回授权"),
        "mandates.load": _("载入责任清单"),
        "mandates.give": _("确定责任"),
        "mandates.find_gap": _("发现责任空白"),
        "mandates.settle_gap": _("补上责任空白"),
        "catalogue.load_categories": _("载入类别目录"),
        "catalogue.publish_procedure": _("发布办理程序"),
        "timetable.load_year": _("载入放假安排"),
        "places.register_area": _("登记区域"),
        "places.change_area": _("调整区域"),
        "places.add_name": _("登记地名"),
        "centre.export": _("导出列表"),
        "centre.save_filter": _("保存筛选"),
        "centre.end_filter": _("删除筛选"),
        "api.export": _("接口导出"),
        "exchange.subscribe": _("订阅推送"),
        "exchange.issue_token": _("发放接口令牌"),
        "exchange.end_token": _("收回接口令牌"),
        "acts.erase": _("依法清除内容"),
    }


def last(shown: Sequence[Line], limit: int) -> UUID | None:
    """Where the page after this one begins."""
    return shown[-1].id if len(shown) == limit else None
