"""推演 at the desk: trials of the area, one of them, and the form that makes another."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.indicators import formulas
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.refusals import Invalid, Refusal
from gongzhi.lab import actions, proposals, queries
from gongzhi.lab.models import Trial
from gongzhi.lab.policies import REPLAY
from gongzhi.lab.proposals import Proposal, Rejected
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.incidents import complaints
from gongzhi.web import problems
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_FILE_BYTES_MAX = 2 * 1024 * 1024
_SHOWN_MAX = 50
_FEW = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure on both sides, as people read it. change: signed, "" when nothing changed."""

    before: str
    after: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    name: str
    cases: Pair
    late: Pair
    returns: Pair


@dataclass(frozen=True, slots=True)
class RateLine:
    name: str
    before: str
    after: str
    n: Pair
    rank: Pair


@door(policy="staff", permission=REPLAY)
@require_http_methods(["GET", "HEAD", "POST"])
def lab(request: Visit) -> HttpResponse:
    """All trials, and the form."""
    today = in_china(request.at).date()
    values = {
        "since": (today - timedelta(days=365)).isoformat(),
        "until": (today - timedelta(days=1)).isoformat(),
    }
    if request.method != "POST":
        return _form(request, values, {}, [])
    posted = {name: request.POST.get(name, "") for name in ("since", "until", "add")}
    try:
        trial = actions.replay(
            proposal=_proposal(request),
            since=_day(posted["since"], "since"),
            until=_day(posted["until"], "until") + timedelta(days=1),
            by=request.actor,
            at=request.at,
        )
    except Refusal as refusal:
        rows = refusal.rejects if isinstance(refusal, Rejected) else ()
        said = [(one.row, problems.text(one.problem)) for one in rows[:_SHOWN_MAX]]
        return _form(request, posted, complaints(refusal), said, status=refusal.status)
    messages.success(request, _("推演完成。"))
    return HttpResponseRedirect(reverse("centre:trial", args=[trial.id]))


@door(policy="staff", permission=REPLAY)
@require_safe
def trial(request: Visit, trial_id: UUID) -> HttpResponse:
    found = queries.trial(visible_to=request.actor, trial_id=trial_id)
    result = found.result
    before, after = result["before"], result["after"]
    values: dict[str, object] = {
        "trial": found,
        "last": found.until - timedelta(days=1),
        "kinds": _kinds(found),
        "result": result,
        "sums": [
            (_("超期"), _pair(before["late"], after["late"])),
            (_("无人主办"), _pair(before["gap_cases"], after["gap_cases"])),
            (_("多家主办，须会商"), _pair(before["consultation_cases"], after["consultation_cases"])),
            (_("退过单的，一次派对"), _pair(before["right"], after["right"])),
            (_("退过单的，仍派给退单单位"), _pair(before["again"], after["again"])),
        ],
        "units": [_unit(one) for one in result["units"]],
        "gaps": [
            (choices.category_title(gap["category"]), choices.area_title(gap["area_path"]) or _("全域"), gap["cases"])
            for gap in after["gaps"][:_SHOWN_MAX]
        ],
        "moves": [
            (
                choices.category_title(move["category"]),
                move["from"] or _("无人"),
                move["to"] or _("无人"),
                move["cases"],
            )
            for move in result["moves"][:_SHOWN_MAX]
        ],
        "rates": [(_rate_title(code), [_rated(row) for row in rows]) for code, rows in result["rates"].items()],
    }  # fmt: skip
    return page(request, "centre/trial.html", "lab", values)


def _form(
    request: Visit,
    values: dict[str, str],
    wrong: dict[str, str],
    rejects: list[tuple[int, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    trials = [
        (one, one.until - timedelta(days=1), _kinds(one)) for one in queries.listed(visible_to=request.actor)
    ]
    context: dict[str, object] = {"trials": trials, "values": values, "wrong": wrong, "rejects": rejects}
    return page(request, "centre/lab.html", "lab", context, status=status)


def _proposal(request: Visit) -> Proposal:
    given = {kind: file for kind in proposals.KINDS if (file := request.FILES.get(kind)) is not None}
    files = {kind: (str(file.name or ""), _text(kind, file)) for kind, file in given.items()}
    return proposals.read(files, whole=not request.POST.get("add"))


def _text(kind: str, file: Any) -> str:
    content: bytes = file.read(_FILE_BYTES_MAX + 1)
    if len(content) > _FILE_BYTES_MAX:
        raise Invalid("lab.too_big", "文件超过 2 MB，请用命令 gongzhi replay 推演。", field=kind)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("lab.not_text", "文件不是文本。请另存为 CSV（UTF-8）或 YAML 后再上传。", field=kind)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("lab.no_day", "请填写推演期间的第一天和最后一天。", field=field) from None


def _kinds(trial: Trial) -> str:
    words = {"mandates": _("责任清单"), "holidays": _("节假日"), "formula": _("公式")}
    return "、".join(words.get(kind, kind) for kind in sorted(trial.proposed))


def _pair(before: int, after: int) -> Pair:
    return Pair(str(before), str(after), f"{after - before:+d}" if before != after else "")


def _unit(unit: dict[str, Any]) -> UnitLine:
    was, now = unit["before"], unit["after"]
    return UnitLine(
        name=unit["name"] or _("无人主办"),
        cases=_pair(was["cases"], now["cases"]),
        late=Pair(_late(was), _late(now), _pair(was["late"], now["late"]).change),
        returns=_pair(was["returns"], now["returns"]),
    )


def _late(load: dict[str, Any]) -> str:
    """Late of judged, with the 95 % interval; small numbers have no share."""
    if not load["judged"]:
        return "—"
    words = f"{load['late']} / {load['judged']}"
    if load["judged"] < _FEW:
        return words
    return f"{words}（{load['late_low'] / 10:.1f}–{load['late_high'] / 10:.1f} %）"


def _rated(row: dict[str, Any]) -> RateLine:
    was, now = row["before"], row["after"]
    ranks = Pair(_rank(was), _rank(now))
    return RateLine(
        row["name"] or _("（无）"), _percent(was), _percent(now), _pair(was["n"], now["n"]), ranks
    )


def _percent(standing: dict[str, Any]) -> str:
    if standing["value"] is None:
        return "—"
    return f"{standing['value']} %（{standing['low']}–{standing['high']}）"


def _rank(standing: dict[str, Any]) -> str:
    return str(standing["rank"] or "—")


def _rate_title(code: str) -> str:
    titles = formulas.published()[code][-1].titles
    return titles["en" if choices.wording() == "en" else "zh-hans"]
