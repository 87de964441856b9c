"""What goes to platforms above and comes from installations below, in the words of the desk."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.portals.centre import choices
from gongzhi.superiors import queries
from gongzhi.superiors.queries import MessageRow, SuperiorRow

SKEW_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Said:
    """One message. tone: "" · late (must be looked at) · quiet · detail: its receipt, or why not · again: where it is
    sent again, "" = it is not the reader's to send, or it did not fail."""

    superior: str
    title: str
    outgoing: bool
    state: str
    tone: str
    at: datetime
    detail: str
    number: str
    our_number: str
    url: str
    again: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A superior as the list shows it. warning: why it must be looked at, "" = nothing."""

    row: SuperiorRow
    title: str
    transport: str
    warning: str


def kinds() -> dict[str, str]:
    return {
        "order": _("派单"),
        "urged": _("上级催办"),
        "cancelled": _("撤销"),
        "closed": _("上级结案"),
        "sent_back": _("退回重办"),
        "return_granted": _("同意退单"),
        "return_refused": _("不同意退单"),
        "extension_granted": _("同意延期"),
        "extension_refused": _("不同意延期"),
        "unread": _("无法识别"),
        "signed": _("签收"),
        "contacted": _("联系诉求人"),
        "return_asked": _("申请退单"),
        "extension_asked": _("申请延期"),
        "answered": _("办理反馈"),
        "standing": _("本级状态"),
        "other": _("其他"),
    }


def states() -> dict[str, str]:
    return {
        "queued": _("待发送"),
        "sent": _("已送达"),
        "failed": _("发送失败"),
        "taken": _("已采纳"),
        "waiting": _("等待来单"),
        "stale": _("已过时"),
        "refused": _("未采纳"),
    }


def transports() -> dict[str, str]:
    return {"folder": _("文件"), "http": _("签名接口"), "sister": _("另一套共治")}


def said(rows: list[MessageRow], *, sends_again: bool) -> list[Said]:
    names, standings, language = kinds(), states(), choices.language()
    return [
        Said(
            superior=row.superior.in_language(language),
            title=names.get(row.kind, row.kind),
            outgoing=row.outgoing,
            state=standings[row.state],
            tone={"failed": "late", "refused": "late", "sent": "", "taken": ""}.get(row.state, "quiet"),
            at=row.done_at or row.at,
            detail=row.error or row.receipt or row.file,
            number=row.number,
            our_number=row.our_number,
            url=reverse("centre:case", args=[row.our_number]) if row.our_number else "",
            again=reverse("centre:send_again", args=[row.id])
            if sends_again and row.state == "failed"
            else "",
        )
        for row in rows
    ]


def connections(rows: list[SuperiorRow]) -> list[Connection]:
    ways, language = transports(), choices.language()
    return [
        Connection(row, row.titles.in_language(language), ways[row.transport], _warning(row)) for row in rows
    ]


def of_case(actor: Actor, number: str) -> dict[str, object]:
    """Both other sides of one case, for whoever works on it; nothing for its reporter."""
    language = choices.language()
    above, below = queries.other_sides(visible_to=actor, number=number)
    found: dict[str, object] = {}
    if above:
        found["above"] = {
            "title": above.superior.in_language(language),
            "number": above.number,
            "state": above.state,
            "due_at": above.due_at,
            "said": said(list(above.messages), sends_again=False),
        }
    if below:
        found["below"] = {
            "unit": below.unit,
            "number": below.number,
            "state": below.state.in_language(language),
            "at": below.heard_at,
        }
    return found


def _warning(row: SuperiorRow) -> str:
    words = []
    if row.trouble:
        words.append(_("读取失败：%(why)s") % {"why": row.trouble})
    if row.skew_seconds is not None and abs(row.skew_seconds) >= SKEW_SECONDS_MAX:
        words.append(_("两边时钟相差 %(seconds)s 秒，请校准") % {"seconds": row.skew_seconds})
    return "；".join(words)
