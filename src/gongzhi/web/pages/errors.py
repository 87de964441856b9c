"""Django's last-resort handlers, in our shapes. `broken` also meets what fails outside the views: a session that
cannot be read because the database is away is a 503, not a defect."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from gongzhi.web import problems
from gongzhi.web.visits import wants_problem


class Broken(Refusal):
    """A defect of ours (500). Tells the reader a number, never a trace."""

    status = 500


def broken(request: HttpRequest) -> HttpResponse:
    """handler500."""
    error = sys.exc_info()[1]
    refusal = problems.refusal_of(error) if error else None
    if refusal is None:
        refusal = Broken("web.broken", "我们这边出了错，已记下。您刚才的操作没有完成，请稍后再试。")
    if wants_problem(request):
        response: HttpResponse = problems.problem(request, refusal)
    else:
        # Without the request: context processors may need what has just failed.
        values = {**problems.page_context(request, refusal), "heading": _heading(refusal)}
        response = HttpResponse(render_to_string("web/pages/broken.html", values), status=refusal.status)
    if refusal.status == 503:
        response["Retry-After"] = str(getattr(refusal, "retry_after_seconds", 5))
    return response


def _heading(refusal: Refusal) -> str:
    return _("请稍候") if refusal.status == 503 else _("出错了")


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return problems.answer(
        request, _known(exception, NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。"))
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return problems.answer(
        request,
        _known(
            exception,
            NotAllowed("web.not_allowed", "您现在的岗位不能打开这个页面。需要时请联系本单位管理员。"),
        ),
    )


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return problems.answer(
        request, _known(exception, Invalid("web.bad_request", "这个请求我们读不懂。请返回上一页重试。"))
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: usually a page left open over a sign-out, rarely an attack."""
    return problems.answer(
        request,
        NotAllowed("web.stale_form", "这个页面开得太久，安全验证已过期。请刷新后再试；您写的内容还在。"),
    )


def _known(exception: Exception | None, otherwise: Refusal) -> Refusal:
    found: Any = problems.refusal_of(exception) if exception else None
    return found or otherwise
