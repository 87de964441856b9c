"""Every component with every state on one page, for whoever builds pages. Exists in demo mode only."""

from datetime import timedelta
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.catalogue.procedure import Choice, Field, Wording
from gongzhi.kernel.refusals import Invalid, InvalidForm
from gongzhi.web import forms
from gongzhi.web.chips import Chip, chip
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_FIELDS = (
    Field("reply", Wording("答复内容", "Reply"), "long_text", required=True, length_max=500),
    Field(
        "result",
        Wording("结果", "Result"),
        "choice",
        required=True,
        choices=(
            Choice("solved", Wording("已解决", "Solved")),
            Choice("partly", Wording("部分解决", "Partly")),
        ),
    ),
    Field("days", Wording("延长天数", "Days"), "integer", value_min=1, value_max=10),
    Field("photo", Wording("现场照片", "Photo"), "files"),
    Field("told", Wording("已当面告知", "Told in person"), "boolean"),
)


@door(policy="public", demo=True)
@require_safe
def gallery(request: Visit) -> HttpResponse:
    """No data of the town: everything here is made up on the spot."""
    language = translation.get_language() or ""
    plain = forms.verb_form(
        code="answer", title=_("答复"), fields=_FIELDS, language=language, options={}, primary=True, key="a"
    )
    wrong = forms.verb_form(
        code="answer2", title=_("答复"), fields=_FIELDS, language=language, options={}, primary=True
    )
    refusal = InvalidForm(
        {"reply": Invalid("form.too_long", "最多 %(most)s 字，现在 %(now)s 字。", most=500, now=512)}
    )
    forms.refill(wrong, posted={"reply": _("已到现场"), "result": "partly"}, refusal=refusal)
    values = {
        "chips": _chips(request),
        "entries": _entries(request),
        "forms": [plain, wrong],
        "files": [],
        "number": "K7M2X9QP4T",
    }
    return render(request, "web/pages/gallery.html", values)


def _chips(request: Visit) -> list[Chip]:
    at, hour = request.at, timedelta(hours=1)
    lines = (_("周一 15:20 起算"), _("周一 15:20–17:30 计 2 小时 10 分"), _("周二 09:00–12:00 计 3 小时"))
    basis = _("《热线办理规范》第 12 条")
    return [
        chip(
            due_at=at + 26 * hour,
            started_at=at - 4 * hour,
            at=at,
            title=_("联系诉求人"),
            lines=lines,
            basis=basis,
        ),
        chip(due_at=at + hour, started_at=at - 20 * hour, at=at, lines=lines, basis=basis, provisional=True),
        chip(due_at=at - 3 * hour, started_at=at - 40 * hour, at=at, lines=lines, basis=basis),
        chip(due_at=at + 5 * hour, started_at=at, at=at, paused=True, lines=lines),
        chip(due_at=at, started_at=at - 9 * hour, at=at, stopped_at=at - hour, lines=lines),
        chip(due_at=at - 9 * hour, started_at=at - 60 * hour, at=at, stopped_at=at - hour, lines=lines),
        chip(due_at=None, started_at=None, at=at),
    ]


def _entries(request: Visit) -> list[SimpleNamespace]:
    def entry(
        hours: int,
        what: str,
        who: str,
        post: str,
        tone: str = "",
        said: str = "",
        notes: tuple[str, ...] = (),
    ) -> SimpleNamespace:
        return SimpleNamespace(
            id="",
            at=request.at - timedelta(hours=hours),
            recorded_at=request.at,
            what=what,
            who=who,
            post=post,
            unit="",
            tone=tone,
            words=said,
            notes=notes,
            erased=False,
            late_recorded=hours > 50,
            files=[],
        )

    return [
        entry(1, _("办结"), _("周敏"), _("回访质检"), "closing"),
        entry(5, _("退回未准"), _("李强"), _("派单员"), "refused", notes=(_("理由：属于城管所职责。"),)),
        entry(30, _("登记"), _("诉求人"), "", "said", _("小区门口路灯不亮三天了，晚上老人孩子走路很危险。")),
        entry(70, _("走访"), _("王芳"), _("网格员")),
    ]
