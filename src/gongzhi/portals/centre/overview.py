"""What somebody who leads, or works on no cases, wants to know first: by role, each figure with what it counts."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.acts import queries as acts
from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue import snapshot as categories
from gongzhi.exchange import queries as exchange
from gongzhi.grants import queries as grants
from gongzhi.grants.roles import ROLES
from gongzhi.indicators import queries as indicators
from gongzhi.kernel.clock import in_china
from gongzhi.mandates import queries as mandates
from gongzhi.notices import queries as notices
from gongzhi.parties import queries as parties
from gongzhi.portals.centre import choices, leading, recording, sealing
from gongzhi.portals.centre.parts import Figure, Maker, Part, Table
from gongzhi.portals.centre.shares import share
from gongzhi.sampling import queries as sampling
from gongzhi.timetable import queries as timetable

_ROWS = 40
_WEEKS = 13


def parts(actor: Actor, at: datetime) -> list[Part]:
    """The blocks of all roles held, each once."""
    wanted = dict.fromkeys(make for held in actor.held for make in _BY_ROLE.get(held.role, ()))
    return [make(actor, at) for make in wanted]


def _rates(actor: Actor, at: datetime) -> Part:
    until = in_china(at).date() + timedelta(days=1)
    since = until - timedelta(weeks=_WEEKS)
    table = indicators.rates(visible_to=actor, since=since, until=until, by="all")
    curve = indicators.weekly(visible_to=actor, since=since, until=until, by="all", limit=1)
    rates = table.rows[0].rates if table.rows else {}
    titles = {"response": _("响应率"), "solved": _("解决率"), "satisfied": _("满意率")}
    now = curve[0].weeks[-1] if curve and curve[0].weeks else None
    return Part(
        _("近 13 周办得怎么样"),
        figures=[
            Figure(str(now.still_open), _("件未办结"), reverse("centre:statistics")),
            Figure(str(now.overdue), _("件超期"), reverse("centre:statistics"), bool(now.overdue)),
        ]
        if now
        else [],
        rates=[(titles[code], share(rates[code])) for code in indicators.CODES if code in rates],
        links=[(_("看统计"), reverse("centre:statistics"))],
    )


def _records(actor: Actor, at: datetime) -> Part:
    return Part(
        _("最近的行为"),
        words=_("谁在什么时候做了什么，只记行为，不显示诉求内容。"),
        lines=recording.recorded(actor, limit=8),
        links=[(_("看全部记录"), reverse("centre:records"))],
    )


def _ledger(actor: Actor, at: datetime) -> Part:
    head, sealed = acts.head() + 1, sealing.sealed()
    return Part(
        _("账本"),
        words=_("封存以后，任何改动都会被拿着旧签名的人发现。"),
        figures=[
            Figure(str(sealed), _("个行为已签名封存"), reverse("centre:ledger")),
            Figure(str(max(0, head - sealed)), _("个正在等封存"), reverse("centre:ledger")),
        ],
        links=[(_("怎样自己核对"), reverse("centre:ledger"))],
    )


def _mandates(actor: Actor, at: datetime) -> Part:
    found, page = mandates.findings(at=at), reverse("centre:mandates")
    met = len(mandates.open_gaps())
    return Part(
        _("责任清单"),
        figures=[
            Figure(str(len(found.gaps)), _("处没有人负责"), f"{page}#gaps", bool(found.gaps)),
            Figure(str(len(found.overlaps)), _("处有两个以上主办"), f"{page}#overlaps", bool(found.overlaps)),
            Figure(str(len(found.expired)), _("条依据或期限已过"), f"{page}#expired", bool(found.expired)),
            Figure(str(met), _("处空白已被真实工单碰到"), page, bool(met)),
        ],
    )


def _catalogue(actor: Actor, at: datetime) -> Part:
    published = catalogue.versions()
    rows = [
        [
            catalogue.procedure(one.code, one.version).titles.in_language(choices.language()),
            _("第 %(version)s 版") % {"version": one.version},
            one.digest[:16],
            f"{in_china(one.published_at):%Y-%m-%d}",
        ]
        for one in published
    ]
    return Part(
        _("目录与程序"),
        words=_("现有 %(count)s 个类别。") % {"count": len(categories.current().nodes)},
        table=Table([_("程序"), _("版本"), _("指纹"), _("发布")], rows),
        links=[(_("看程序"), reverse("centre:procedures"))],
    )


def _platform(actor: Actor, at: datetime) -> Part:
    health, failed = acts.health(), len(notices.failed(visible_to=actor))
    missing = timetable.missing_next_year(at)
    return Part(
        _("平台"),
        words=_("%(year)s 年的放假安排还没有载入，跨年的时限暂定。用 gongzhi import holidays 载入。")
        % {"year": missing}
        if missing
        else "",
        figures=[
            Figure(str(failed), _("条通知没有送到"), bad=bool(failed)),
            Figure(str(health.dead_letters), _("个后续步骤停在出错处"), bad=bool(health.dead_letters)),
            Figure(str(health.pending), _("个行为正在排序")),
        ],
    )


def _people(actor: Actor, at: datetime) -> Part:
    accounts = parties.accounts(visible_to=actor)
    return Part(
        _("单位与账号"),
        figures=[
            Figure(str(parties.organisations(visible_to=actor).count()), _("个单位")),
            Figure(str(accounts.filter(disabled_at=None).count()), _("个在用账号")),
            Figure(str(accounts.exclude(disabled_at=None).count()), _("个停用账号")),
        ],
    )


def _grants(actor: Actor, at: datetime) -> Part:
    found = list(grants.grants(visible_to=actor)[:_ROWS])
    english = choices.language().startswith("en")

    def role(code: str) -> str:
        return ROLES[code].en if english else ROLES[code].zh

    rows = [
        [
            grant.account.display_name,
            role(grant.role),
            grant.organisation.name
            if grant.organisation
            else choices.area_title(grant.area_path) or _("全域"),
            f"{in_china(grant.valid_from):%Y-%m-%d}",
            f"{in_china(grant.valid_until):%Y-%m-%d}" if grant.valid_until else _("长期"),
        ]
        for grant in found
    ]
    return Part(
        _("最近的授权"),
        words=_("三员分立：系统管理员不能授权，安全管理员不能办件，审计管理员只读。"),
        table=Table([_("谁"), _("角色"), _("范围"), _("从"), _("到")], rows),
    )


def _programs(actor: Actor, at: datetime) -> Part:
    rows = [
        [
            one.url,
            "、".join(one.verbs) or _("全部"),
            choices.area_title(one.area_path) or _("全域"),
            _("已停用") if one.disabled_at else _("运行中"),
            str(one.queued),
            str(one.failed),
        ]
        for one in exchange.subscriptions(visible_to=actor)
    ]
    head = [_("推送到"), _("行为"), _("范围"), _("状态"), _("排队"), _("失败")]
    return Part(
        _("接口与推送"),
        words=_("还没有订阅。用 POST /api/v1/exchange/subscriptions 建立。") if not rows else "",
        table=Table(head, rows) if rows else None,
        links=[
            ("OpenAPI", "/api/v1/openapi.json"),
            (_("Open311 入口"), "/open311/v2/discovery.json"),
            (_("Open311 服务"), "/open311/v2/services.json"),
        ],
    )


def _tasks(actor: Actor, at: datetime) -> Part:
    waiting = sum(not one.done for one in sampling.my_tasks(visible_to=actor))
    return Part(
        _("质检抽样"),
        figures=[Figure(str(waiting), _("件等您评估"), reverse("centre:quality"), bool(waiting))],
        links=[(_("去评估"), reverse("centre:quality"))],
    )


_BY_ROLE: dict[str, tuple[Maker, ...]] = {
    **dict.fromkeys(leading.FIGURES, (leading.figures,)),
    "auditor": (_rates, _records, _ledger, _mandates),
    "evaluator": (_tasks,),
    "system_admin": (_mandates, _catalogue, _platform, _people, _programs),
    "security_admin": (_grants, _people),
    "audit_admin": (_records, _ledger, _grants),
    "integrator": (_programs,),
}
